// SPDX-License-Identifier: Apache-2.0
// Where coroutines of one thread wait until another one has changed something, and then look for themselves.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tinyhil::campaign {

namespace asio = boost::asio;

class ChangeSignal {
 public:
  explicit ChangeSignal(const asio::any_io_executor& executor)
      : changed_(executor, asio::steady_timer::time_point::max()) {}

  // Wakes all that wait.
  void tell() { changed_.cancel(); }

  // Throws boost::system::system_error when the coroutine is cancelled.
  asio::awaitable<void> wait() {
    boost::system::error_code woken;
    co_await changed_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) throw boost::system::system_error(woken);
  }

 private:
  asio::steady_timer changed_;
};

}  // namespace tinyhil::campaign
