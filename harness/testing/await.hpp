// SPDX-License-Identifier: Apache-2.0
// Runs one coroutine to its end in a test.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <functional>
#include <optional>
#include <utility>

namespace tinyhil::test {

template <class T>
T await(
    boost::asio::io_context& io, boost::asio::awaitable<T> task,
    const std::function<void()>& when_done = [] {}) {
  std::optional<T> result;
  std::exception_ptr failure;
  boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr thrown, T value) {
    failure = thrown;
    if (!thrown) result.emplace(std::move(value));
    when_done();
  });
  io.restart();
  io.run();
  if (failure) std::rethrow_exception(failure);
  return std::move(*result);
}

// Others, such as simulators, go on in the same loop, so it is left when the task is done.
template <class T>
T await_beside(boost::asio::io_context& io, boost::asio::awaitable<T> task) {
  return await(io, std::move(task), [&io] { io.stop(); });
}

}  // namespace tinyhil::test
