// SPDX-License-Identifier: Apache-2.0
#include "timed_line.hpp"

namespace tinyhil::meter {

namespace {

using Until = transport::Transport::Until;

constexpr std::size_t kTimedChunk = 65'536;
constexpr std::chrono::seconds kWriteLimit{2};

}  // namespace

TimedLine::TimedLine(const asio::any_io_executor& executor, std::unique_ptr<transport::Transport> line)
    : timer_(executor), line_(std::move(line)), chunk_(kTimedChunk) {}

asio::awaitable<void> TimedLine::wait_until(Clock::time_point deadline, Until until) {
  timer_.expires_at(deadline);
  timer_.async_wait([this, alive = std::weak_ptr(alive_)](const boost::system::error_code& cancelled) {
    if (!cancelled && !alive.expired() && timer_.expiry() <= Clock::now()) line_->stop_waiting();
  });
  co_await line_->wait(until);
  timer_.cancel();
}

asio::awaitable<Result<std::span<const std::uint8_t>>> TimedLine::read_within(Clock::duration limit) {
  co_await wait_until(Clock::now() + limit,
                      Until::readable);  // also where bytes are there: others have a turn
  const Result<std::size_t> size = line_->read_some(chunk_);
  if (!size) co_return size.error();
  co_return std::span<const std::uint8_t>(chunk_).first(*size);
}

asio::awaitable<Result<void>> TimedLine::write(std::string text) {
  std::span<const std::uint8_t> rest(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  const Clock::time_point deadline = Clock::now() + kWriteLimit;
  for (;;) {
    const Result<std::size_t> size = line_->write_some(rest);
    if (!size) co_return size.error();
    rest = rest.subspan(*size);
    if (rest.empty()) co_return Result<void>();
    if (Clock::now() >= deadline) {
      co_return Fault{FaultKind::timeout, "the meter takes no commands", line_->describe(), ""};
    }
    co_await wait_until(deadline, Until::writable);
  }
}

}  // namespace tinyhil::meter
