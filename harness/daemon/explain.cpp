// SPDX-License-Identifier: Apache-2.0
#include "explain.hpp"

#include <algorithm>
#include <map>

#include "internal/board_index.hpp"
#include "internal/forecast.hpp"
#include "internal/request_groups.hpp"
#include "internal/service_order.hpp"
#include "internal/unmatched.hpp"

namespace tinyhil::daemon {
namespace {

// The farm as one waiting request sees it.
class RequestView {
 public:
  RequestView(const Farm& farm, const SchedulePolicy& policy, const LeaseRequest& request, Moment now)
      : farm_(farm),
        policy_(policy),
        request_(request),
        now_(now),
        boards_(farm.boards),
        groups_(farm.waiting, boards_),
        mine_(groups_.of(request).boards),
        forecast_(farm, boards_, policy, now) {
    for (const Grant& grant : schedule(farm, policy, now)) grants_.emplace(grant.request, grant.board);
  }

  Explanation explanation() {
    Explanation why{.blocker = blocker()};
    if (why.blocker == Blocker::no_board_matches) why.unmatched = unmatched_term(request_.selector, boards_);
    why.matching = matching();
    serve_in_order(why);
    return why;
  }

 private:
  Blocker blocker() const {
    if (grants_.contains(request_.id)) return Blocker::nothing;
    if (mine_.empty()) return Blocker::no_board_matches;
    if (!mine_.meets(in_service())) return Blocker::out_of_service;
    const ServiceOrder owners(farm_, policy_, now_);
    const bool somebody_else = std::ranges::any_of(farm_.waiting, [&](const LeaseRequest& other) {
      return other.owner != request_.owner && shares_a_board(other);
    });
    return somebody_else && owners.at_maximum(request_.owner) ? Blocker::owner_at_maximum
                                                              : Blocker::boards_taken;
  }

  BoardSet in_service() const {
    BoardSet boards = boards_.matching(Selector());
    boards -= boards_.in(Condition::quarantined);
    boards -= boards_.in(Condition::offline);
    boards -= boards_.in(Condition::absent);
    return boards;
  }

  bool shares_a_board(const LeaseRequest& other) const { return groups_.of(other).boards.meets(mine_); }

  std::vector<MatchingBoard> matching() const {
    std::vector<MatchingBoard> matching;
    mine_.for_each_common(mine_, [&](std::size_t board) {
      MatchingBoard entry{.board = boards_[board].name, .condition = boards_[board].condition};
      if (const Lease* const lease = forecast_.lease(board)) {
        entry.owner = lease->owner;
        entry.leased_until = lease->expires_at;
      }
      entry.expected_free = forecast_.free_at(board);
      matching.push_back(std::move(entry));
    });
    return matching;
  }

  // Position, length and expected start: every request is looked at in turn, and gets what comes free first.
  void serve_in_order(Explanation& why) {
    const BoardSet serving = in_service();
    take_granted();
    ServiceOrder order(farm_, policy_, now_);
    why.owner_holds = order.held(request_.owner);
    while (const LeaseRequest* const each = order.next([](const LeaseRequest&) { return true; })) {
      const BoardSet& boards = groups_.of(*each).boards;
      const bool is_this = each == &request_;
      if (is_this || shares_a_board(*each)) ++why.queue;
      if (is_this) why.position = why.queue;
      if (boards.meets(serving)) order.charge();
      if (grants_.contains(each->id)) {
        if (is_this) why.expected_start = now_;
        continue;
      }
      const std::optional<Moment> start = forecast_.take_first(boards, *each);
      if (is_this) why.expected_start = start;
    }
  }

  // What the next pass grants is no matter of estimates.
  void take_granted() {
    std::map<std::string_view, std::size_t> by_name;
    for (std::size_t i = 0; i < boards_.size(); ++i) by_name.emplace(boards_[i].name, i);
    for (const LeaseRequest& request : farm_.waiting) {
      const auto grant = grants_.find(request.id);
      if (grant != grants_.end()) forecast_.take(by_name.at(grant->second), request);
    }
  }

  const Farm& farm_;
  const SchedulePolicy& policy_;
  const LeaseRequest& request_;
  const Moment now_;
  const BoardIndex boards_;
  RequestGroups groups_;
  const BoardSet mine_;  // that it matches
  Forecast forecast_;
  std::map<RequestId, std::string> grants_;  // of the next pass
};

}  // namespace

std::optional<Explanation> explain(const Farm& farm, const SchedulePolicy& policy, RequestId id, Moment now) {
  const auto request = std::ranges::find(farm.waiting, id, &LeaseRequest::id);
  if (request == farm.waiting.end()) return {};
  return RequestView(farm, policy, *request, now).explanation();
}

}  // namespace tinyhil::daemon
