// SPDX-License-Identifier: Apache-2.0
// The deadline of every wait.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

#include "model/fault.hpp"

namespace tinyhil {

// The task's result, or a timeout fault that says `what` did not happen in time; the task is then cancelled.
template <class T>
boost::asio::awaitable<Result<T>> within(std::chrono::steady_clock::time_point deadline,
                                         boost::asio::awaitable<Result<T>> task, std::string what) {
  using namespace boost::asio::experimental::awaitable_operators;
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, deadline);
  auto raced = co_await (std::move(task) || timer.async_wait(boost::asio::use_awaitable));
  if (raced.index() == 0) co_return std::get<0>(std::move(raced));
  co_return Fault{FaultKind::timeout, std::move(what), {}};
}

}  // namespace tinyhil
