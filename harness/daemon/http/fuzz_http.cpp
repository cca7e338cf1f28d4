// SPDX-License-Identifier: Apache-2.0
// Any bytes of a connection, into the readers, the judgement of requests, the frames of WebSockets and the
// texts of replies. The first byte chooses how the others come in pieces, and who sends them.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "internal/admission.hpp"
#include "internal/event_parser.hpp"
#include "internal/json_text.hpp"
#include "internal/reply_text.hpp"
#include "internal/request_reader.hpp"
#include "internal/response_reader.hpp"
#include "internal/websocket_frames.hpp"
#include "problem.hpp"

namespace {

using namespace tinyhil::daemon;

constexpr std::size_t kHeaderMost = 1024;
constexpr std::size_t kBodyMostHere = 64;

void expect(bool holds) {
  if (!holds) std::abort();
}

// Handlers are coroutines; here a request goes only as far as to them.
boost::asio::awaitable<Reply> never_called(const Request&) { std::abort(); }

Route route(Verb verb, const char* path, Role role, const char* schema) {
  Route made;
  made.verb = verb;
  made.path = path;
  made.least_role = role;
  made.handler = never_called;
  made.documentation.request_schema = schema;
  made.documentation.query = {{"state", ""}};
  made.body_most = kBodyMostHere;
  return made;
}

Route websocket() {
  Route made = route(Verb::get, "/leases/{id}/line", Role::viewer, "");
  made.is_websocket = true;
  return made;
}

const Router& router() {
  static const Router table({websocket(), route(Verb::get, "/healthz", Role::nobody, ""),
                             route(Verb::get, "/boards/{id}", Role::viewer, ""),
                             route(Verb::post, "/leases", Role::user, "{}"),
                             route(Verb::remove, "/leases/{id}", Role::user, ""),
                             route(Verb::put, "/boards/{id}", Role::admin, "{}")});
  return table;
}

bool is_one_header(const std::string& text) {
  return text.starts_with("HTTP/1.1 ") && text.find("\r\n\r\n") == text.size() - 4 &&
         text.find("\n\n") == std::string::npos;
}

void check_refusal(const Reply& refusal, Role role) {
  expect(refusal.status >= 400 && refusal.status < 500);
  expect(refusal.status != 401 || role < Role::admin);
  expect(is_one_header(header_text(refusal, Afterwards::close, std::chrono::system_clock::time_point())));
  expect(!json_mistake(refusal.body));
  refused(refusal, "fuzz");
}

void check_admitted(const Admitted& admitted) {
  const Request& request = admitted.request;
  expect(admitted.route && request.caller.role >= admitted.route->least_role);
  expect(request.idempotency_key.size() <= 255 && request.last_event_id.size() <= 255);
  for (const auto& [name, value] : request.query) expect(name == "state");
  for (const auto& [name, value] : request.path_parameters) {
    expect(name == "id" && !value.empty() && value.find('\0') == std::string::npos);
  }
}

// As a connection does it, to the end of the first request that it cannot use; how many there were.
int read_requests(std::string_view bytes, std::size_t step, const Peer& peer) {
  std::string buffer;
  int count = 0;
  for (;; ++count) {
    RequestReader reader(kHeaderMost);
    std::optional<Admitted> admitted;
    const auto read_to = [&](ReadStage wanted) {
      for (;;) {
        buffer.erase(0, reader.put(buffer));
        if (reader.stage() >= wanted) return reader.stage() != ReadStage::failed;
        if (bytes.empty()) return false;
        buffer += bytes.substr(0, step);
        bytes.remove_prefix(std::min(step, bytes.size()));
      }
    };
    if (!read_to(ReadStage::body)) return count;
    std::variant<NotAdmitted, Admitted> judged = admit(router(), reader, peer);
    if (const NotAdmitted* refused = std::get_if<NotAdmitted>(&judged)) {
      check_refusal(refused->reply, peer.caller.role);
      if (reader.stage() != ReadStage::whole) return count;
      continue;
    }
    check_admitted(std::get<Admitted>(judged));
    if (reader.stage() == ReadStage::body) reader.allow_body(kBodyMostHere);
    if (!read_to(ReadStage::whole)) return count;
    const std::string body = reader.take_body();
    expect(body.size() <= kBodyMostHere);
    json_mistake(body);
  }
}

void read_response(std::string_view bytes, std::size_t step) {
  ResponseReader reader(0);
  EventParser events;
  std::string buffer;
  bool good = true;
  while (!bytes.empty() && good && reader.stage() < ReadStage::whole) {
    buffer += bytes.substr(0, step);
    bytes.remove_prefix(std::min(step, bytes.size()));
    buffer.erase(0, reader.put(buffer));
    good = events.put(reader.take_body());
    while (events.next()) {
    }
  }
  reader.end();
  expect(reader.stage() >= ReadStage::whole);
  if (reader.stage() == ReadStage::whole) refused(reader.header(), "fuzz");
}

// What the frames came to, in the order in which they came.
std::string read_frames(std::string_view bytes, std::size_t step, Masks sender) {
  FrameReader reader(sender, kBodyMostHere);
  std::string seen;
  for (bool good = true; good && !bytes.empty(); bytes.remove_prefix(std::min(step, bytes.size()))) {
    good = reader.put(bytes.substr(0, step));
    for (std::optional<Frame> frame = reader.next(); frame; frame = reader.next()) {
      expect(frame->content.size() <= std::max<std::size_t>(kBodyMostHere, 125));
      seen += std::to_string(static_cast<int>(frame->kind)) + ":" + frame->content + ";";
      FrameReader again(Masks::no, kBodyMostHere);
      expect(again.put(frame_bytes(*frame, std::nullopt)));
      expect(again.next()->content == frame->content);
    }
  }
  return seen + std::to_string(reader.failure());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const std::size_t step = (bytes[0] & 0x0fU) + 1;
  const bool over_tcp = (bytes[0] & 0x10U) != 0;
  const bool is_tls = over_tcp && (bytes[0] & 0x20U) != 0;
  const Peer peer{{over_tcp ? "" : "ada", static_cast<Role>(bytes[0] >> 6U)}, over_tcp, is_tls};
  const int count = read_requests(text, step, peer);
  expect(read_requests(text, text.size() + 1, peer) == count);  // however it comes in pieces
  read_response(text, step);
  for (const Masks sender : {Masks::no, Masks::yes})
    expect(read_frames(text, step, sender) == read_frames(text, text.size() + 1, sender));
  return 0;
}
