// SPDX-License-Identifier: Apache-2.0
#include "farm_news.hpp"

#include <utility>

namespace tinyhil::daemon {

namespace {

constexpr std::size_t kEventsKept = 1'000;

}  // namespace

FarmNews::FarmNews(asio::any_io_executor executor, Moment started)
    : last_(static_cast<std::uint64_t>(
          std::chrono::floor<std::chrono::milliseconds>(started).time_since_epoch().count())),
      news_(std::move(executor)) {}

void FarmNews::add(Moment at, FarmChange change) {
  events_.push_back({++last_, at, std::move(change)});
  if (events_.size() > kEventsKept) events_.pop_front();
}

void FarmNews::wake() { news_.tell({}); }

std::vector<FarmEvent> FarmNews::after(std::uint64_t number) const {
  std::vector<FarmEvent> events;
  for (const FarmEvent& event : events_)
    if (event.number > number) events.push_back(event);
  return events;
}

asio::awaitable<void> FarmNews::wait(std::chrono::steady_clock::time_point end) {
  return news_.wait({}, end);
}

}  // namespace tinyhil::daemon
