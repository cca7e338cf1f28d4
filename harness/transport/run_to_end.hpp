// SPDX-License-Identifier: Apache-2.0
// Runs one coroutine to its end in the calling thread, with whatever else has work in its loop. Throws what
// the coroutine throws. Example:
//
//   asio::io_context io(1);
//   const Result<std::string> answer = run_to_end(io, connection.call("version", limit));
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <utility>

namespace tinyhil::transport {

template <class T>
T run_to_end(boost::asio::io_context& io, boost::asio::awaitable<T> task) {
  std::optional<T> value;
  std::exception_ptr failure;
  boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr thrown, T given) {
    failure = thrown;
    value = std::move(given);
  });
  io.restart();
  io.run();
  if (failure) std::rethrow_exception(failure);
  return std::move(*value);
}

inline void run_to_end(boost::asio::io_context& io, boost::asio::awaitable<void> task) {
  std::exception_ptr failure;
  boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr thrown) { failure = thrown; });
  io.restart();
  io.run();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace tinyhil::transport
