// SPDX-License-Identifier: Apache-2.0
// A leased line whose board is taken from it for a while, and opened again.
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "base/error.hpp"
#include "leased_line.hpp"
#include "transport/process.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::chrono::milliseconds kOpenAgainAfter{500};

}  // namespace

// False: it has ended.
asio::awaitable<bool> LeasedLine::start_again() {
  if (std::exchange(was_refused_, false)) {
    asio::steady_timer pause(executor_, kOpenAgainAfter);
    co_await pause.async_wait(asio::use_awaitable);
  }
  while (is_letting_go_ && !has_ended()) co_await news();
  if (has_ended()) co_return false;
  has_begun_ = false;
  header_.clear();
  try {
    child_ = transport::open_process(executor_, command_);
  } catch (const Error& error) {
    ended_ = LineEnded{"the board's line did not open again", error.what()};
    news_.cancel();
  }
  co_return child_ != nullptr;
}

asio::awaitable<void> LeasedLine::let_go() {
  is_letting_go_ = true;
  if (child_) child_->stop_waiting();
  news_.cancel();
  while (child_) co_await news();
}

void LeasedLine::open_again(std::chrono::steady_clock::time_point until) {
  is_letting_go_ = false;
  again_until_ = until;
  news_.cancel();
}

// One that was open may need a while: a port on USB is gone until its board has power again.
void LeasedLine::did_not_open(const Error& error) {
  if (!again_until_) {
    failure_ = std::make_exception_ptr(error);
  } else if (error.kind() == ErrorKind::bench_fault && std::chrono::steady_clock::now() < *again_until_) {
    was_refused_ = true;
  } else {
    ended_ = LineEnded{"the board's line did not open again", error.what()};
  }
}

}  // namespace tinyhil::daemon
