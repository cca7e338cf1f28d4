// SPDX-License-Identifier: Apache-2.0
#include "deadlines.hpp"

#include <utility>

namespace tinyhil::daemon {

Deadlines::Deadlines(const boost::asio::any_io_executor& executor) : timer_(executor) {}

Deadlines::Entry::Entry(Deadlines& all, std::function<void()> ring)
    : all_(all), ring_(std::move(ring)), place_(all.entries_.end()) {}

Deadlines::Entry::~Entry() { clear(); }

void Deadlines::Entry::set(Clock::duration limit) {
  const auto place = all_.entries_.emplace(Clock::now() + limit, this);
  clear();
  place_ = place;
  all_.start_timer();
}

void Deadlines::Entry::clear() {
  if (place_ != all_.entries_.end()) all_.entries_.erase(place_);
  place_ = all_.entries_.end();
  passed_ = false;
  if (all_.entries_.empty()) all_.stop_timer();
}

// The timer stays where it is when the first deadline moves away; it then looks again.
void Deadlines::start_timer() {
  if (entries_.empty()) return;
  const Clock::time_point first = entries_.begin()->first;
  if (is_running_ && timer_.expiry() <= first) return;
  is_running_ = true;
  timer_.expires_at(first);
  timer_.async_wait([this, alive = std::weak_ptr(alive_)](const boost::system::error_code& cancelled) {
    if (!cancelled && !alive.expired()) ring_those_due();
  });
}

// A loop with nothing else to wait for ends.
void Deadlines::stop_timer() {
  is_running_ = false;
  timer_.cancel();
}

void Deadlines::ring_those_due() {
  is_running_ = false;
  const Clock::time_point now = Clock::now();
  while (!entries_.empty() && entries_.begin()->first <= now) {
    Entry& entry = *entries_.begin()->second;
    entry.clear();
    entry.passed_ = true;
    entry.ring_();
  }
  start_timer();
}

}  // namespace tinyhil::daemon
