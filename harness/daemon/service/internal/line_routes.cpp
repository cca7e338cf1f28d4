// SPDX-License-Identifier: Apache-2.0
// A leased board, for a holder on another machine: its description, its image, its line.
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file_content.hpp"
#include "daemon/line/image_limit.hpp"
#include "daemon/service/internal/leased_lines.hpp"
#include "daemon/service/internal/routes.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::size_t kLineNameMost = 64;
constexpr std::int64_t kNumberMost = std::numeric_limits<std::int64_t>::max();

InventoryBoard board_of(const DaemonParts& parts, const LeaseRecord& lease) {
  if (const InventoryBoard* entry = parts.keeper.board(lease.board)) return *entry;
  throw Error(ErrorKind::lease_lost, "board " + lease.board + " is gone", "the daemon's bench files",
              "lease another one");
}

std::string text_of(std::chrono::milliseconds duration) { return std::to_string(duration.count()) + " ms"; }

// As a bench file has it. The holder adds where the daemon is, and where it put the image.
nlohmann::ordered_json bench_document(const LeaseRecord& lease, const InventoryBoard& entry) {
  const Board& board = entry.board;
  nlohmann::ordered_json document{{"name", board.name}, {"provenance", to_string(board.provenance)}};
  if (!board.serial.empty()) document["serial"] = board.serial;
  if (!board.labels.empty()) document["labels"] = board.labels;
  document["boot"] = text_of(board.boot);
  if (board.quiet_boot.count() > 0) document["quiet_boot"] = text_of(board.quiet_boot);
  document["longest_inference"] = text_of(board.longest_inference);
  document["link"] = {{"driver", "daemon"}, {"lease", lease.id.value}, {"epoch", lease.epoch}};
  return {{"bench", entry.labels.at("bench")},
          {"boards", nlohmann::ordered_json::array({std::move(document)})},
          {"has_image", board.image.has_value()}};
}

asio::awaitable<Reply> show_leased_board(DaemonParts parts, const Request& request) {
  const LeaseRecord lease = held_lease(parts, request);
  co_return reply_with(200, bench_document(lease, board_of(parts, lease)));
}

asio::awaitable<Reply> send_image(DaemonParts parts, const Request& request) {
  const InventoryBoard entry = board_of(parts, held_lease(parts, request));
  if (!entry.board.image)
    throw Error(ErrorKind::not_found, "the bench names no image of board " + entry.board.name, request.path,
                "name one as the board's `image` where the daemon runs");
  const std::vector<std::uint8_t> content = read_file(*entry.board.image, kImageMost, "firmware image");
  Reply reply;
  reply.content_type = "application/octet-stream";
  reply.body.assign(content.begin(), content.end());
  co_return reply;
}

asio::awaitable<Reply> open_line(DaemonParts parts, const Request& request) {
  LeaseRecord lease = held_lease(parts, request);
  LinePlace place;
  if (const auto name = request.query.find("line"); name != request.query.end())
    place.name = name->second.substr(0, kLineNameMost);
  place.received = static_cast<std::uint64_t>(query_number(request, "received", 0, kNumberMost));
  Reply reply;
  reply.conversation = co_await parts.lines.come(std::move(lease), std::move(place));
  co_return reply;
}

}  // namespace

void add_line_routes(std::vector<Route>& routes, DaemonParts parts) {
  routes.push_back({Verb::get,
                    "/api/v1/leases/{id}/board",
                    Role::runner,
                    [parts](const Request& request) { return show_leased_board(parts, request); },
                    {"The leased board as a bench file has it, for a holder on another machine",
                     "",
                     {epoch_parameter()},
                     {{200, "the bench", R"({"type": "object"})"}},
                     kNumberSchema}});
  routes.push_back({Verb::get,
                    "/api/v1/leases/{id}/image",
                    Role::runner,
                    [parts](const Request& request) { return send_image(parts, request); },
                    {"The firmware image that the leased board has to run",
                     "",
                     {epoch_parameter()},
                     {{200, "the file", R"({"type": "string"})", "application/octet-stream"}},
                     kNumberSchema}});
  Route line{
      Verb::get,
      "/api/v1/leases/{id}/line",
      Role::runner,
      [parts](const Request& request) { return open_line(parts, request); },
      {"The leased board's line, as a WebSocket of binary messages: docs/daemon.md. A browser, which can "
       "send no Authorization, offers the subprotocols `tinyhil.line.v1` and `bearer.` with its token in "
       "base64url",
       "",
       {epoch_parameter(),
        {"line", "the opening that a client comes back to"},
        {"received", "so many bytes of it the client has", R"({"type": "integer", "minimum": 0})"}},
       {{101, "the line follows", ""}},
       kNumberSchema}};
  line.is_websocket = true;
  line.websocket_protocol = "tinyhil.line.v1";
  line.when_caller_leaves = WhenCallerLeaves::cancel;
  routes.push_back(std::move(line));
}

}  // namespace tinyhil::daemon
