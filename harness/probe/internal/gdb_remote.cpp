// SPDX-License-Identifier: Apache-2.0
#include "gdb_remote.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>

#include "base/hex.hpp"
#include "base/visible.hpp"

namespace tinyhil::probe {

namespace {

using std::chrono::milliseconds;
using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kPacketUsual = 400;  // bytes, of a server that does not say
constexpr std::size_t kPacketMost = 16384;
constexpr std::size_t kOverhead = 32;  // of a packet, around its bytes
constexpr std::size_t kDocumentMost = 1 << 20;
constexpr int kPartsMost = 1000;  // packets of a document
constexpr milliseconds kMonitorLimit{15'000};
constexpr int kTalkMost = 10'000;  // lines that one command prints

Fault refused(const std::string& asked, const std::string& answer) {
  const std::string what =
      answer.empty() ? "does not know it" : "says " + visible_line(answer.substr(0, 200));
  return {FaultKind::refused,
          "the GDB server refused `" + visible_line(asked.substr(0, 60)) + "`: it " + what,
          {}};
}

Fault nonsense(const std::string& asked, const std::string& answer) {
  return {FaultKind::corrupt,
          "the GDB server answered what is no answer to " + visible_line(asked.substr(0, 60)),
          visible_line(answer.substr(0, 200))};
}

std::string address_and_size(std::uint32_t address, std::size_t size) {
  return rsp_number(address) + "," + rsp_number(size);
}

std::string as_text(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

GdbRemote::GdbRemote(const asio::any_io_executor& executor, GdbSettings settings)
    : settings_(std::move(settings)), server_(find_gdb_server(settings_.server)), connection_(executor) {}

bool GdbRemote::offers(const std::string& feature) const {
  const auto found = features_.find(feature);
  return found != features_.end() && found->second == "+";
}

// Bytes that a packet may hold.
std::size_t GdbRemote::packet_room() const {
  std::size_t size = kPacketUsual;
  const auto stated = features_.find("PacketSize");
  if (stated != features_.end()) {
    const std::string& text = stated->second;
    std::from_chars(text.data(), text.data() + text.size(), size, 16);
  }
  return std::clamp<std::size_t>(size, 2 * kOverhead, kPacketMost) - kOverhead;
}

asio::awaitable<Result<void>> GdbRemote::connect() {
  if (server_ == nullptr)
    co_return Fault{FaultKind::refused, "there is no GDB server `" + settings_.server + "` in the table", {}};
  boost::system::error_code error;
  const std::string host = settings_.host == "localhost" ? "127.0.0.1" : settings_.host;
  const auto address = asio::ip::make_address(host, error);
  if (error) co_return Fault{FaultKind::refused, "`" + host + "` is no address", {}};
  const asio::ip::tcp::endpoint endpoint(address, settings_.port);
  Result<void> done = co_await connection_.connect(endpoint, settings_.limit);
  if (!done) co_return done;
  std::string offer = "qSupported:swbreak+;hwbreak+;xmlRegisters=arm";
  const Result<std::string> features = co_await ask(std::move(offer));
  if (!features) co_return features.error();
  features_ = rsp_features(*features);
  if (offers("QStartNoAckMode")) {
    std::string ask_for = "QStartNoAckMode";
    done = co_await tell(std::move(ask_for));
    if (!done) co_return done;
    connection_.stop_acknowledging();
  }
  done = co_await take(server_->attach);
  if (!done) co_return done;
  std::string why = "?";
  const Result<void> sent = co_await connection_.send(std::move(why));
  if (!sent) co_return sent;
  const Result<std::string> state = co_await connection_.receive(settings_.limit);
  if (!state) co_return state.error();
  is_running_ = !rsp_stop_signal(*state);
  co_return Result<void>();
}

asio::awaitable<Result<void>> GdbRemote::detach() {
  Result<void> running = co_await halt();  // a server that is waiting for a stop may hear nothing else
  if (running) running = co_await take(server_->go_on);
  std::string goodbye = "D";
  const Result<void> left = co_await tell(std::move(goodbye));
  connection_.close();
  co_return running ? left : running;
}

asio::awaitable<Result<std::string>> GdbRemote::ask(std::string content) {
  return ask(std::move(content), settings_.limit);
}

// A stop that comes meanwhile is noted: it is no answer.
asio::awaitable<Result<std::string>> GdbRemote::ask(std::string content, milliseconds limit) {
  const Result<void> sent = co_await connection_.send(std::move(content));
  if (!sent) co_return sent.error();
  while (true) {
    Result<std::string> answer = co_await connection_.receive(limit);
    if (!answer || !rsp_stop_signal(*answer)) co_return answer;
    is_running_ = false;
  }
}

asio::awaitable<Result<void>> GdbRemote::tell(std::string content) {
  return tell(std::move(content), settings_.limit);
}

asio::awaitable<Result<void>> GdbRemote::tell(std::string content, milliseconds limit) {
  std::string asked = content.substr(0, 60);
  const Result<std::string> answer = co_await ask(std::move(content), limit);
  if (!answer) co_return answer.error();
  if (*answer != "OK") co_return refused(asked, *answer);
  co_return Result<void>();
}

asio::awaitable<Result<std::string>> GdbRemote::monitor(std::string words) {
  std::string content = "qRcmd," + rsp_hex(words);
  Result<std::string> answer = co_await ask(std::move(content), kMonitorLimit);
  std::string said;
  for (int lines = 0; answer; ++lines) {
    const std::string& text = *answer;
    if (text == "OK") co_return said;
    if (text.empty() || rsp_is_error(text)) {
      const std::string why = said + text;
      co_return refused("monitor " + words, why);
    }
    const bool is_last = text[0] != 'O';
    const auto part = from_hex(is_last ? text : text.substr(1));
    if (!part || lines == kTalkMost) co_return nonsense("monitor " + words, text);
    if (said.size() < kDocumentMost) said += as_text(*part);
    if (is_last) co_return said;
    answer = co_await connection_.receive(kMonitorLimit);
  }
  co_return answer.error();
}

asio::awaitable<Result<void>> GdbRemote::take(std::vector<GdbStep> steps) {
  for (const GdbStep& step : steps) {
    if (step.kind == GdbStep::Kind::monitor) {
      const Result<std::string> said = co_await monitor(step.text);
      if (!said) co_return said.error();
      continue;
    }
    const Result<void> sent = co_await connection_.send(step.text);
    if (!sent) co_return sent;
    const Result<std::string> answer = co_await connection_.receive(kMonitorLimit);
    if (!answer) co_return answer.error();
    if (*answer != "OK" && !rsp_stop_signal(*answer)) co_return refused(step.text, *answer);
  }
  co_return Result<void>();
}

asio::awaitable<Result<Bytes>> GdbRemote::read(std::uint32_t address, std::uint32_t size) {
  if (is_running_ && !server_->reads_while_running)
    co_return Fault{FaultKind::refused, "this GDB server reads memory of a halted core only", {}};
  Bytes bytes;
  while (bytes.size() < size) {
    const std::size_t part = std::min<std::size_t>(size - bytes.size(), packet_room() / 2);
    std::string asked = "m" + address_and_size(address + static_cast<std::uint32_t>(bytes.size()), part);
    const std::string shown = asked;
    const Result<std::string> answer = co_await ask(std::move(asked));
    if (!answer) co_return answer.error();
    if (answer->empty() || rsp_is_error(*answer)) co_return refused(shown, *answer);
    const auto come = from_hex(*answer);
    if (!come || come->empty() || come->size() > part) co_return nonsense(shown, *answer);
    bytes.insert(bytes.end(), come->begin(), come->end());
  }
  co_return bytes;
}

asio::awaitable<Result<void>> GdbRemote::write(std::uint32_t address, Bytes bytes) {
  if (is_running_ && !server_->reads_while_running)
    co_return Fault{FaultKind::refused, "this GDB server writes memory of a halted core only", {}};
  for (std::size_t done = 0; done < bytes.size();) {
    const std::size_t part =
        std::min(bytes.size() - done, packet_room() / 2);  // each byte may need an escape
    const std::span<const std::uint8_t> piece(bytes.data() + done, part);
    const std::string place = address_and_size(address + static_cast<std::uint32_t>(done), part) + ":";
    std::string asked =
        writes_binary_ ? "X" + place + std::string(piece.begin(), piece.end()) : "M" + place + to_hex(piece);
    const Result<std::string> answer = co_await ask(std::move(asked));
    if (!answer) co_return answer.error();
    if (answer->empty() && writes_binary_) {
      writes_binary_ = false;
      continue;
    }
    if (*answer != "OK") co_return refused("write to " + place, *answer);
    done += part;
  }
  co_return Result<void>();
}

asio::awaitable<Result<void>> GdbRemote::set_breakpoint(std::uint32_t address, Break kind) {
  std::string asked = (kind == Break::hardware ? "Z1," : "Z0,") + address_and_size(address, 2);
  return tell(std::move(asked));
}

asio::awaitable<Result<void>> GdbRemote::clear_breakpoint(std::uint32_t address, Break kind) {
  std::string asked = (kind == Break::hardware ? "z1," : "z0,") + address_and_size(address, 2);
  return tell(std::move(asked));
}

// A document of several packets: "m..." and, the last, "l...".
asio::awaitable<Result<std::string>> GdbRemote::document(std::string kind, std::string name) {
  std::string text;
  const std::string asked = "qXfer:" + kind + ":read:" + name + ":";
  for (int parts = 0; parts < kPartsMost && text.size() < kDocumentMost; ++parts) {
    std::string ask_for = asked + rsp_number(text.size()) + "," + rsp_number(packet_room());
    const Result<std::string> answer = co_await ask(std::move(ask_for));
    if (!answer) co_return answer.error();
    if (answer->empty() || rsp_is_error(*answer)) co_return refused(asked, *answer);
    text += answer->substr(1);
    if (answer->front() == 'l') co_return text;
    if (answer->front() != 'm' || answer->size() == 1) co_return nonsense(asked, *answer);
  }
  co_return nonsense(asked, "a document without an end");
}

}  // namespace tinyhil::probe
