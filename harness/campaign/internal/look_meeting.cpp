// SPDX-License-Identifier: Apache-2.0
#include "look_meeting.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace tinyhil::campaign {

LookMeeting::LookMeeting(const asio::any_io_executor& executor, std::size_t boards, Decide decide)
    : boards_(boards), decide_(std::move(decide)), all_have_come_(executor) {
  all_have_come_.expires_at(asio::steady_timer::time_point::max());
}

asio::awaitable<void> LookMeeting::gather() {
  ++arrived_;
  co_await wait();
}

asio::awaitable<Settled> LookMeeting::arrive(std::uint64_t look) {
  if (++arrived_ == boards_) settled_ = co_await decide_(look);
  co_await wait();
  co_return settled_;
}

// The last one wakes the others.
asio::awaitable<void> LookMeeting::wait() {
  if (arrived_ == boards_) {
    arrived_ = 0;
    all_have_come_.cancel();
    co_return;
  }
  boost::system::error_code woken;
  co_await all_have_come_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  if ((co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none)
    throw boost::system::system_error(woken);
}

}  // namespace tinyhil::campaign
