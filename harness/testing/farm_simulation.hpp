// SPDX-License-Identifier: Apache-2.0
// A farm in virtual time, run by schedule(): leases end when their time is over, boards are cleaned for as
// long as the policy says, and there is a pass after each event. Example:
//
//   FarmSimulation farm({daemon::board_entry("a")}, policy, start);
//   farm.ask({.id = {1}, .owner = "ann"}, 10min);
//   farm.run_until(start + 1h);
//   farm.started({1});  // start
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/schedule.hpp"

namespace tinyhil::test {

class FarmSimulation {
 public:
  FarmSimulation(std::vector<daemon::BoardEntry> boards, const daemon::SchedulePolicy& policy,
                 daemon::Moment start);

  // Asked now; it will hold its board for `takes`, whatever it says that it expects.
  void ask(daemon::LeaseRequest request, daemon::Span takes);
  void run_until(daemon::Moment end);

  const daemon::Farm& farm() const { return farm_; }
  daemon::Moment now() const { return now_; }
  std::size_t waiting(const std::string& owner) const;
  std::optional<daemon::Moment> started(daemon::RequestId request) const;
  daemon::Span held(const std::string& owner) const;  // board time so far, of leases that ended

 private:
  void pass();
  void grant(const daemon::Grant& grant);
  void end_leases();
  void end_cleaning();
  std::optional<daemon::Moment> next_event() const;
  daemon::BoardEntry& board(const std::string& name);
  void add_use(const daemon::Lease& lease);

  daemon::Farm farm_;
  const daemon::SchedulePolicy policy_;
  daemon::Moment now_;
  std::map<daemon::RequestId, daemon::Span> takes_;
  std::map<daemon::RequestId, daemon::Moment> started_;
  std::map<std::string, daemon::Moment> clean_at_;  // boards that are being cleaned
  std::map<std::string, daemon::Span> held_;
};

}  // namespace tinyhil::test
