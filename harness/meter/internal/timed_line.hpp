// SPDX-License-Identifier: Apache-2.0
// A byte stream whose reads have a deadline. Everything in the thread of its executor.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "transport/transport.hpp"

namespace tinyhil::meter {

class TimedLine {
 public:
  using Clock = std::chrono::steady_clock;

  TimedLine(const asio::any_io_executor& executor, std::unique_ptr<transport::Transport> line);
  TimedLine(const TimedLine&) = delete;
  TimedLine& operator=(const TimedLine&) = delete;

  // What has come, good until the next call; empty when the time is over, and after interrupt().
  asio::awaitable<Result<std::span<const std::uint8_t>>> read_within(Clock::duration limit);
  // All of it. Fault timeout when the line does not take it within two seconds.
  asio::awaitable<Result<void>> write(std::string text);
  void interrupt() { line_->stop_waiting(); }

  std::string describe() const { return line_->describe(); }

 private:
  asio::awaitable<void> wait_until(Clock::time_point deadline, transport::Transport::Until until);

  asio::steady_timer timer_;
  std::unique_ptr<transport::Transport> line_;
  std::vector<std::uint8_t> chunk_;
  // shared: a timer's handler that waits for its turn already outlives this.
  std::shared_ptr<char> alive_ = std::make_shared<char>();
};

}  // namespace tinyhil::meter
