// SPDX-License-Identifier: Apache-2.0
// A deadline that is moved with every answer. Its timer stays where it is while the deadline moves away, and
// looks again when it expires: setting a timer costs more than the answer.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>

#include "device/agent/session.hpp"

namespace tinyhil::device {

class Alarm {
 public:
  // `ring` is called in the executor's thread once a deadline has passed, again for each that is set then.
  Alarm(const boost::asio::any_io_executor& executor, std::function<void()> ring)
      : timer_(executor), ring_(std::move(ring)) {}

  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  void set(Time deadline) {
    deadline_ = deadline;
    if (!is_running_ || timer_.expiry() > deadline) start();
  }

 private:
  void start() {
    is_running_ = true;
    timer_.expires_at(deadline_);
    // Cancelled: set anew. A handler that waits for its turn already is not cancelled when the alarm is
    // destroyed.
    timer_.async_wait([this, alive = std::weak_ptr(alive_)](const boost::system::error_code& cancelled) {
      if (!cancelled && !alive.expired()) expired();
    });
  }

  void expired() {
    is_running_ = false;
    if (std::chrono::steady_clock::now() < deadline_) {
      start();
    } else {
      ring_();
    }
  }

  boost::asio::steady_timer timer_;
  std::function<void()> ring_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  Time deadline_ = Time::max();
  bool is_running_ = false;
};

}  // namespace tinyhil::device
