// SPDX-License-Identifier: Apache-2.0
#include "forecast.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "fair_share.hpp"

namespace tinyhil::daemon {
namespace {

constexpr Span kForeseeable = std::chrono::days(365);  // an end that is further away says nothing

}  // namespace

Forecast::Forecast(const Farm& farm, const BoardIndex& boards, const SchedulePolicy& policy, Moment now)
    : policy_(policy), now_(now), free_at_(boards.size()), leases_(boards.size()) {
  std::unordered_map<std::string_view, const Lease*> by_board;
  for (const Lease& lease : farm.leases) by_board.emplace(lease.board, &lease);
  for (std::size_t i = 0; i < boards.size(); ++i) {
    const auto lease = by_board.find(boards[i].name);
    const Condition condition = boards[i].condition;
    if (lease != by_board.end()) leases_[i] = lease->second;
    if (!is_in_service(condition)) continue;
    if (leases_[i] != nullptr)
      free_at_[i] = end_of(*leases_[i]);
    else if (condition == Condition::free)
      free_at_[i] = now;
    else if (condition == Condition::cleaning)
      free_at_[i] = now + policy.cleaning;
  }
}

std::optional<Moment> Forecast::end_of(const Lease& lease) const {
  if (lease.expects) {
    const Moment expected = lease.granted_at + bounded(*lease.expects);
    if (expected > now_) return std::min(expected, lease.expires_at) + policy_.cleaning;
  }
  if (lease.expires_at > now_ + kForeseeable) return {};
  return std::max(lease.expires_at, now_) + policy_.cleaning;
}

std::optional<Moment> Forecast::take_first(const BoardSet& boards, const LeaseRequest& request) {
  std::optional<std::size_t> first;
  boards.for_each_common(boards, [&](std::size_t board) {
    if (free_at_[board] && (!first || *free_at_[board] < *free_at_[*first])) first = board;
  });
  if (!first) return {};
  const std::optional<Moment> start = free_at_[*first];
  take(*first, request);
  return start;
}

void Forecast::take(std::size_t board, const LeaseRequest& request) {
  if (!free_at_[board]) return;
  if (request.expects)
    *free_at_[board] += bounded(*request.expects) + policy_.cleaning;
  else
    free_at_[board].reset();
}

}  // namespace tinyhil::daemon
