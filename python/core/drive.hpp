// SPDX-License-Identifier: Apache-2.0
// Runs a coroutine to its end for a Python caller: other Python threads go on meanwhile, and Ctrl-C cancels
// it.
#pragma once

#include <pybind11/pybind11.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <exception>
#include <functional>
#include <optional>

namespace tinyhil::python {

namespace py = pybind11;

// How long Ctrl-C and progress may have to wait.
inline constexpr std::chrono::milliseconds kLookAround{50};

// Throws what the coroutine threw; after a Python signal handler raised, or `look` did, that, once the
// coroutine has been cancelled and has ended. `look` is called with the GIL, now and then. The caller holds
// the GIL.
template <class T>
T drive(asio::io_context& io, asio::awaitable<T> task, const std::function<void()>& look = {}) {
  std::optional<T> value;
  std::exception_ptr failure;
  bool is_running = true;
  asio::cancellation_signal cancel;
  asio::co_spawn(io, std::move(task),
                 asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr thrown, T result) {
                   is_running = false;
                   failure = thrown;
                   if (!thrown) value = std::move(result);
                 }));
  const auto run_while = [&](std::chrono::steady_clock::time_point until) {
    py::gil_scoped_release others_may_run;
    io.restart();
    while (is_running && io.run_one_until(until) > 0) {
    }
  };
  while (is_running) {
    run_while(std::chrono::steady_clock::now() + kLookAround);
    try {
      if (PyErr_CheckSignals() != 0) throw py::error_already_set();
      if (look) look();
    } catch (...) {  // whatever it is, nothing of the task may outlive this call
      const std::exception_ptr raised = std::current_exception();
      cancel.emit(asio::cancellation_type::terminal);
      while (is_running) run_while(std::chrono::steady_clock::time_point::max());
      std::rethrow_exception(raised);
    }
  }
  if (failure) std::rethrow_exception(failure);
  return std::move(*value);
}

}  // namespace tinyhil::python
