// SPDX-License-Identifier: Apache-2.0
#include "schedule_reference.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <tuple>

#include "daemon/internal/fair_share.hpp"

namespace tinyhil::test {
namespace {

using daemon::BoardEntry;
using daemon::LeaseRequest;
using daemon::Span;

class SlowSchedule {
 public:
  SlowSchedule(const daemon::Farm& farm, const daemon::SchedulePolicy& policy, daemon::Moment now)
      : policy_(policy), now_(now), waiting_(farm.waiting) {
    for (const BoardEntry& board : farm.boards) {
      const bool leased = std::ranges::count(farm.leases, board.name, &daemon::Lease::board) > 0;
      if (board.condition == daemon::Condition::free && !leased) free_.push_back(board);
    }
    for (const daemon::OwnerUse& use : farm.used) used_[use.owner] += decayed(use, now, policy.half_life);
    for (const daemon::Lease& lease : farm.leases)
      add(lease.owner, charge(now - lease.granted_at, lease.expects, policy));
  }

  std::vector<daemon::Grant> grants() {
    std::vector<daemon::Grant> grants;
    while (true) {
      const auto request = first_request();
      if (request == waiting_.end()) return grants;
      const auto board = best_board(*request);
      grants.push_back({request->id, board->name});
      add(request->owner, charge(Span(0), request->expects, policy_));
      waiting_.erase(request);
      free_.erase(board);
    }
  }

 private:
  void add(const std::string& owner, Span time) {
    used_[owner] += time;
    ++held_[owner];
  }

  int priority(const LeaseRequest& request) const {
    int priority = static_cast<int>(request.priority);
    for (auto since = request.asked_at + policy_.ageing; since <= now_; since += policy_.ageing) ++priority;
    return std::min(priority, static_cast<int>(daemon::Priority::high));
  }

  bool is_servable(const LeaseRequest& request) const {
    return std::ranges::any_of(free_,
                               [&](const BoardEntry& b) { return request.selector.matches(b.labels); });
  }

  using Request = std::vector<LeaseRequest>::iterator;

  Request first_request() {
    const Request none = waiting_.end();
    Request first = first_that([](const LeaseRequest&) { return true; });
    while (first != none) {
      const Request before = first_that([&](const LeaseRequest& other) {
        return at_maximum(other) == at_maximum(*first) && other.priority >= first->priority &&
               used_[other.owner] < used_[first->owner];
      });
      if (before == none) break;
      first = before;
    }
    return first;
  }

  Request first_that(const std::function<bool(const LeaseRequest&)>& may) {
    Request first = waiting_.end();
    for (Request each = waiting_.begin(); each != waiting_.end(); ++each) {
      if (!is_servable(*each) || !may(*each)) continue;
      if (first == waiting_.end() || request_key(*each) < request_key(*first)) first = each;
    }
    return first;
  }

  bool at_maximum(const LeaseRequest& request) {
    return policy_.boards_per_owner && held_[request.owner] >= *policy_.boards_per_owner;
  }

  std::tuple<bool, int, Span, daemon::Moment, daemon::RequestId> request_key(const LeaseRequest& request) {
    return {at_maximum(request), -priority(request), used_[request.owner], request.asked_at, request.id};
  }

  std::vector<BoardEntry>::iterator best_board(const LeaseRequest& request) {
    auto best = free_.end();
    for (auto each = free_.begin(); each != free_.end(); ++each) {
      if (!request.selector.matches(each->labels)) continue;
      if (best == free_.end() || board_key(*each, request) < board_key(*best, request)) best = each;
    }
    return best;
  }

  std::tuple<bool, std::ptrdiff_t, Span, std::string> board_key(const BoardEntry& board,
                                                                const LeaseRequest& request) const {
    const auto wanted = std::ranges::count_if(
        waiting_, [&](const LeaseRequest& other) { return other.selector.matches(board.labels); });
    return {request.firmware && board.firmware != request.firmware, wanted, board.busy, board.name};
  }

  const daemon::SchedulePolicy policy_;
  const daemon::Moment now_;
  std::vector<LeaseRequest> waiting_;
  std::vector<BoardEntry> free_;
  std::map<std::string, Span> used_;
  std::map<std::string, std::size_t> held_;
};

}  // namespace

std::vector<daemon::Grant> schedule_reference(const daemon::Farm& farm, const daemon::SchedulePolicy& policy,
                                              daemon::Moment now) {
  return SlowSchedule(farm, policy, now).grants();
}

}  // namespace tinyhil::test
