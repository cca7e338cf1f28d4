// SPDX-License-Identifier: Apache-2.0
#include "schedule.hpp"

#include <tuple>

#include "internal/board_index.hpp"
#include "internal/request_groups.hpp"
#include "internal/service_order.hpp"

namespace tinyhil::daemon {
namespace {

// The free boards, and how many requests want each.
class FreeBoards {
 public:
  FreeBoards(const BoardIndex& boards, RequestGroups& groups, const std::vector<Lease>& leases)
      : boards_(boards), free_(boards.free(leases)), wanted_(boards.size()) {
    for (const RequestGroup& group : groups.all())
      group.boards.for_each_common(free_, [&](std::size_t board) { wanted_[board] += group.waiting; });
  }

  bool empty() const { return free_.empty(); }
  bool have_one_of(const RequestGroup& group) const { return free_.meets(group.boards); }

  // The best for the request, of which there must be one, and removes both from what is free and wanted.
  const BoardEntry& take(const LeaseRequest& request, RequestGroup& group) {
    const std::size_t board = best(request, group);
    group.boards.for_each_common(free_, [&](std::size_t each) { --wanted_[each]; });
    --group.waiting;
    free_.remove(board);
    return boards_[board];
  }

 private:
  std::size_t best(const LeaseRequest& request, const RequestGroup& group) const {
    using Key = std::tuple<bool, std::size_t, Span>;  // and the lower number, which is the earlier name
    std::size_t best = boards_.size();
    Key best_key;
    group.boards.for_each_common(free_, [&](std::size_t board) {
      const BoardEntry& entry = boards_[board];
      const bool other_firmware = request.firmware && entry.firmware != request.firmware;
      const Key key{other_firmware, wanted_[board], entry.busy};
      if (best != boards_.size() && key >= best_key) return;
      best = board;
      best_key = key;
    });
    return best;
  }

  const BoardIndex& boards_;
  BoardSet free_;
  std::vector<std::size_t> wanted_;  // by how many waiting requests, where it is free
};

}  // namespace

std::vector<Grant> schedule(const Farm& farm, const SchedulePolicy& policy, Moment now) {
  const BoardIndex boards(farm.boards);
  RequestGroups groups(farm.waiting, boards);
  FreeBoards free(boards, groups, farm.leases);
  ServiceOrder order(farm, policy, now);
  const auto can_be_served = [&](const LeaseRequest& request) {
    return free.have_one_of(groups.of(request));
  };
  std::vector<Grant> grants;
  while (!free.empty()) {
    const LeaseRequest* const request = order.next(can_be_served);
    if (request == nullptr) break;
    grants.push_back({request->id, free.take(*request, groups.of(*request)).name});
    order.grant();
  }
  return grants;
}

}  // namespace tinyhil::daemon
