// SPDX-License-Identifier: Apache-2.0
// When boards come free, as far as anybody knows.
#pragma once

#include <optional>
#include <vector>

#include "board_index.hpp"
#include "daemon/farm.hpp"
#include "daemon/schedule.hpp"

namespace tinyhil::daemon {

class Forecast {
 public:
  Forecast(const Farm& farm, const BoardIndex& boards, const SchedulePolicy& policy, Moment now);

  // Nothing: it cannot be known.
  std::optional<Moment> free_at(std::size_t board) const { return free_at_[board]; }
  // The lease of a board; null: it has none.
  const Lease* lease(std::size_t board) const { return leases_[board]; }
  // The request takes the board of these that comes free first. Returns when that is, or nothing when none is
  // known to.
  std::optional<Moment> take_first(const BoardSet& boards, const LeaseRequest& request);
  // The request takes this board when it comes free.
  void take(std::size_t board, const LeaseRequest& request);

 private:
  std::optional<Moment> end_of(const Lease& lease) const;

  const SchedulePolicy& policy_;
  Moment now_;
  std::vector<std::optional<Moment>> free_at_;
  std::vector<const Lease*> leases_;
};

}  // namespace tinyhil::daemon
