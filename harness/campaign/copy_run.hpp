// SPDX-License-Identifier: Apache-2.0
// A run whose results are in another store, taken over into this one, as if it had been stored here. Example:
//
//   RunCopy copy{*fetched, run.id, run, "campaign-7-"};
//   const std::int64_t id = copy_run(copy, *store);
#pragma once

#include <cstdint>
#include <string>

#include "store/run_store.hpp"

namespace tinyhil::campaign {

struct RunCopy {
  const store::RunStore& from;
  std::int64_t run = 0;           // there
  RunRecord record;               // as the other store is to have it; its id does not count
  std::string trace_prefix = {};  // before the file names of its traces, which are the caller's to bring
};

// Returns its number there. One that was copied before, whole or in part, gets what it lacks, so that a run
// that goes on elsewhere is copied as often as one likes; each row is there once. Throws Error as the stores
// do.
std::int64_t copy_run(const RunCopy& copy, store::RunStore& to);

// Where the copy has the file of a trace.
std::string copied_trace(const RunCopy& copy, const std::string& trace);

}  // namespace tinyhil::campaign
