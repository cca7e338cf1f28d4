// SPDX-License-Identifier: Apache-2.0
#include "leased_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>
#include <random>
#include <utility>

#include "base/error.hpp"
#include "daemon/http/problem.hpp"
#include "transport/process.hpp"

namespace tinyhil::daemon {

namespace {

using std::chrono::steady_clock;
using namespace asio::experimental::awaitable_operators;

constexpr std::chrono::seconds kAwayLongest{30};
constexpr std::size_t kHeaderLineMost = 16UL * 1024;
constexpr std::uint64_t kConfirmEach = 32UL * 1024;  // bytes

std::string random_name() {
  std::random_device source;
  std::string name;
  for (int i = 0; i < 4; ++i) name += fmt::format("{:08x}", source());
  return name;
}

}  // namespace

LeasedLine::LeasedLine(asio::any_io_executor executor, std::vector<std::string> command)
    : executor_(std::move(executor)),
      command_(std::move(command)),
      child_(transport::open_process(executor_, command_)),
      name_(random_name()),
      news_(executor_, steady_clock::time_point::max()),
      away_(executor_) {}

std::shared_ptr<LeasedLine> LeasedLine::start(asio::any_io_executor executor,
                                              std::vector<std::string> command) {
  const std::shared_ptr<LeasedLine> line(new LeasedLine(executor, std::move(command)));
  asio::co_spawn(executor, line->run(line), asio::detached);
  return line;
}

// The child is ended once nobody uses it.
asio::awaitable<void> LeasedLine::run(std::shared_ptr<LeasedLine> self) {
  bool goes_on = true;
  while (goes_on) {
    co_await (self->read_child() && self->write_child());
    child_.reset();
    news_.cancel();
    goes_on = co_await start_again();
  }
}

asio::awaitable<void> LeasedLine::news() {
  boost::system::error_code woken;
  co_await news_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
}

asio::awaitable<void> LeasedLine::begun(steady_clock::time_point until) {
  asio::steady_timer limit(executor_, until);
  const std::weak_ptr<LeasedLine> line = weak_from_this();
  limit.async_wait([line](const boost::system::error_code& cancelled) {
    const std::shared_ptr<LeasedLine> self = line.lock();
    if (!cancelled && self) self->news_.cancel();
  });
  while (!has_begun_ && !failure_ && !is_over_ && steady_clock::now() < until) co_await news();
  if (failure_) std::rethrow_exception(failure_);
  if (has_begun_ && !is_over_) co_return;
  throw Error(is_over_ ? ErrorKind::lease_lost : ErrorKind::time_limit, "the board's line did not open",
              "line", "see the daemon's log, and whether the board answers there: tinyhil boards");
}

void LeasedLine::read_header() {
  const std::size_t end = header_.find('\n');
  if (end == std::string::npos && header_.size() <= kHeaderLineMost) return;
  const nlohmann::json fields = nlohmann::json::parse(header_.substr(0, end), nullptr, false);
  if (fields.is_object() && fields.contains("problem")) {
    Reply reply;
    reply.status = fields["problem"].value("status", 503);
    reply.body = fields["problem"].dump();
    did_not_open(refused(reply, "line"));
  } else if (end == std::string::npos || !fields.is_object()) {
    did_not_open(
        Error(ErrorKind::bench_fault, "what opens the line says nonsense", "line", "see the daemon's log"));
  } else {
    has_begun_ = true;
    description_ = fields.value("line", "");
    board_.append(std::string_view(header_).substr(end + 1));
  }
  header_.clear();
}

void LeasedLine::hear(std::string_view bytes) {
  if (has_begun_) {
    board_.append(bytes);
  } else {
    header_ += bytes;
    read_header();
  }
  news_.cancel();
}

void LeasedLine::child_ended(const Fault& fault) {
  if (has_begun_) {
    ended_ = LineEnded{"the board's line ended", fault.evidence};
  } else {
    did_not_open(Error(ErrorKind::bench_fault, "the line did not open: " + fault.evidence, "line",
                       "see the daemon's log"));
  }
  news_.cancel();
}

// A client that reads slowly is waited for. For one that is away the line is read on, for so long as it fits:
// what a board says to nobody would be lost without a word.
asio::awaitable<void> LeasedLine::read_child() {
  std::array<std::uint8_t, 16384> chunk{};
  while (is_open()) {
    const std::size_t room = std::min(board_.room(), chunk.size());
    if (room == 0 && !is_attached_) end("the board said more than is kept for a client that is away");
    if (room == 0) {
      co_await news();
      continue;
    }
    const Result<std::size_t> size = child_->read_some(std::span(chunk).first(room));
    if (!size) {
      child_ended(size.error());
    } else if (*size == 0) {
      co_await child_->wait(transport::Transport::Until::readable);
    } else {
      hear({reinterpret_cast<const char*>(chunk.data()), *size});
    }
  }
}

asio::awaitable<void> LeasedLine::write_child() {
  while (is_open()) {
    if (incoming_.empty()) {
      co_await news();
      continue;
    }
    const std::span<const std::uint8_t> bytes(reinterpret_cast<const std::uint8_t*>(incoming_.data()),
                                              incoming_.size());
    const Result<std::size_t> size = child_->write_some(bytes);
    if (!size) co_return;  // reading tells why
    incoming_.erase(0, *size);
    news_.cancel();
    if (*size == 0) co_await child_->wait(transport::Transport::Until::writable);
  }
}

std::optional<Visit> LeasedLine::attach(std::uint64_t received) {
  if (is_over_ || !board_.drop_to(received)) return std::nullopt;
  away_.cancel();
  visit_ = Visit{static_cast<std::uint64_t>(visit_) + 1};
  is_attached_ = true;
  sent_ = received;
  confirmed_ = taken_ - incoming_.size();
  news_.cancel();
  return visit_;
}

void LeasedLine::detach(Visit visit, bool comes_back) {
  if (visit != visit_ || !is_attached_) return;
  is_attached_ = false;
  if (!comes_back) return end("its client does not need it any more");
  away_.expires_after(kAwayLongest);
  away_.async_wait([self = shared_from_this()](const boost::system::error_code& cancelled) {
    if (!cancelled) self->end("its client did not come back");
  });
  news_.cancel();
}

void LeasedLine::end(std::string why) {
  if (is_over_) return;
  is_over_ = true;
  if (!ended_) ended_ = LineEnded{std::move(why), ""};
  away_.cancel();
  news_.cancel();
  if (child_) child_->stop_waiting();
}

asio::awaitable<void> LeasedLine::serve(WebSocket& socket, Visit visit) {
  const LineBegun begin{name_, description_, sent_, confirmed_};
  const bool written = co_await socket.write(to_message(begin));
  if (!written) co_return;
  co_await (receive(socket, visit) || send(socket, visit));
}

// What the client did wrong; empty: nothing. A client that came back says again what was not confirmed.
std::string LeasedLine::take(const LineMessage& message) {
  if (const auto* taken = std::get_if<LineTaken>(&message))
    return board_.drop_to(taken->offset) ? "" : "confirmed what was not sent";
  const auto* bytes = std::get_if<LineBytes>(&message);
  if (bytes == nullptr || bytes->offset > taken_)
    return "sent bytes that do not go on where the last ones ended";
  const std::uint64_t known = std::min<std::uint64_t>(taken_ - bytes->offset, bytes->bytes.size());
  const std::string_view fresh = std::string_view(bytes->bytes).substr(static_cast<std::size_t>(known));
  if (fresh.size() > kLineWindowMost - incoming_.size())
    return "sent more than it may without a confirmation";
  incoming_ += fresh;
  taken_ += fresh.size();
  return "";
}

asio::awaitable<void> LeasedLine::receive(WebSocket& socket, Visit visit) {
  std::string mistake;
  while (has(visit) && mistake.empty()) {
    const std::optional<std::string> text = co_await socket.read();
    if (!text) co_return;
    const std::optional<LineMessage> message = line_message(*text);
    mistake = message ? take(*message) : "sent what is no message of a line";
    news_.cancel();
  }
  if (!mistake.empty()) co_await socket.close(1002, "the client " + mistake);
}

// Empty: there is none now.
std::string LeasedLine::next_message() {
  const std::uint64_t written = taken_ - incoming_.size();
  if (board_.end() > sent_) {
    const LineBytes piece{sent_, std::string(board_.from(sent_, kLinePieceMost))};
    sent_ += piece.bytes.size();
    return to_message(piece);
  }
  if (written < confirmed_ + kConfirmEach) return "";
  confirmed_ = written;
  return to_message(LineTaken{confirmed_});
}

asio::awaitable<void> LeasedLine::send(WebSocket& socket, Visit visit) {
  bool goes_on = true;
  while (goes_on && visit == visit_) {
    std::string message = is_over_ ? "" : next_message();
    if (message.empty() && ended_) {
      const LineEnded last = *ended_;
      co_await socket.write(to_message(last));
      end(last.what);
      co_return;
    }
    if (message.empty()) {
      co_await news();
    } else {
      goes_on = co_await socket.write(std::move(message));
    }
  }
}

}  // namespace tinyhil::daemon
