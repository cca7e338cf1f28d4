// SPDX-License-Identifier: Apache-2.0
// The deadlines of all connections of a server, on one timer: an idle connection costs an entry in a map, and
// nothing wakes while none is due. One thread. Example:
//
//   Deadlines::Entry deadline(deadlines, [this] { socket_.cancel(); });
//   deadline.set(std::chrono::seconds(10));
//   ... wait ...
//   if (deadline.has_passed()) ...
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>

namespace tinyhil::daemon {

class Deadlines {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Deadlines(const boost::asio::any_io_executor& executor);
  Deadlines(const Deadlines&) = delete;
  Deadlines& operator=(const Deadlines&) = delete;

  class Entry {
   public:
    // `ring` is called in the executor's thread once a deadline has passed. The entry ends before `all` does.
    Entry(Deadlines& all, std::function<void()> ring);
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    ~Entry();

    void set(Clock::duration limit);  // from now; in place of the one before
    void clear();
    bool has_passed() const { return passed_; }  // since it was set

   private:
    friend Deadlines;
    Deadlines& all_;
    std::function<void()> ring_;
    std::multimap<Clock::time_point, Entry*>::iterator place_;
    bool passed_ = false;
  };

 private:
  void start_timer();
  void stop_timer();
  void ring_those_due();

  boost::asio::steady_timer timer_;
  std::multimap<Clock::time_point, Entry*> entries_;
  bool is_running_ = false;
  // The timer's handler may wait for its turn while this object ends, and has to see that.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace tinyhil::daemon
