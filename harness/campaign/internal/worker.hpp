// SPDX-License-Identifier: Apache-2.0
// A thread for what blocks, so that the loop that serves the boards does not: opening a line, writing to the
// disk, judging. What is handed over runs in that order, one after the other. Example:
//
//   Worker worker;
//   const Outcome outcome = co_await worker.run([&] { return judge_all(trials); });
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace tinyhil::campaign {

namespace asio = boost::asio;

class Worker {
 public:
  Worker() = default;
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() { thread_.join(); }  // what was handed over is done first

  // Throws nothing of what the work throws: it must not.
  template <class Work>
  void post(Work work) {
    asio::post(thread_, std::move(work));
  }

  // Gives what the work returns, which must have a default, or throws what it throws. The coroutine goes on
  // in its own executor. It cannot be cancelled meanwhile: work that may take long has a deadline of its own.
  template <class Work>
  asio::awaitable<std::invoke_result_t<Work&>> run(Work work) {
    using Value = std::invoke_result_t<Work&>;
    return asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr, Value)>(
        [this](auto handler, Work given) {
          auto home =
              asio::prefer(asio::get_associated_executor(handler), asio::execution::outstanding_work.tracked);
          asio::post(thread_, [home, handler = std::move(handler), given = std::move(given)]() mutable {
            std::exception_ptr failure;
            std::optional<Value> value;
            try {
              value.emplace(given());
            } catch (...) {
              failure = std::current_exception();
            }
            asio::post(home, [handler = std::move(handler), failure, value = std::move(value)]() mutable {
              std::move(handler)(failure, value ? std::move(*value) : Value());
            });
          });
        },
        asio::use_awaitable, std::move(work));
  }

 private:
  asio::thread_pool thread_{1};
};

}  // namespace tinyhil::campaign
