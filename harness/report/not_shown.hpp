// SPDX-License-Identifier: Apache-2.0
// What a verdict does not show, so that it is not taken for more than it is. Pure: from what the report says.
#pragma once

#include <string>
#include <vector>

#include "report.hpp"

namespace tinyhil::report {

struct NotShown {
  std::string topic;  // "silicon", "energy"
  std::string why;    // "board m4 is emulated"
};

// Where it ran, on how many boards, which vectors and slices were left out, which quantities no rule looks
// at. Empty when no candidate was judged.
std::vector<NotShown> not_shown(const Report& report);

// How often each candidate had run before, and how that ended; empty for a run of an older version.
//
//   "slim: run 3 of it on these vectors; the earlier ones ended: fail, not finished"
std::vector<std::string> earlier_runs_of(const Report& report);

// One line of each attempt that failed for the bench's or a board's sake, before the run was made again.
//
//   "tried again: an attempt on m4 failed, of the bench: the port is gone"
std::vector<std::string> retries_of(const Report& report);

// "seed 7, drawn after the models were stored"; empty where vectors were run in their own order.
std::string order_of(const RunRecord& run);

}  // namespace tinyhil::report
