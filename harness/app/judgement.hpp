// SPDX-License-Identifier: Apache-2.0
// Facts of the store -> scorecards -> verdicts; the same for a run that has just ended and one of last year.
#pragma once

#include "inputs.hpp"
#include "report/report.hpp"
#include "store/store.hpp"

namespace tinyhil {

struct Judgement {
  RunRecord run;
  std::vector<Scorecard> scorecards;  // baseline first
  std::vector<Verdict> verdicts;      // one a candidate, in the campaign's order

  Report report(const VectorSet& vectors) const { return {run, vectors, scorecards, verdicts}; }
  ExitCode exit_code() const;  // of the worst verdict
};

// run: nothing means the campaign's latest. Throws Error(usage) when there is none, when it was of other
// vectors or models. `now`: the date of judgement, which the verdicts state.
Judgement judge_run(const Store& store, std::optional<std::int64_t> run, const Inputs& inputs, Moment now);

// What would be said of a candidate if the run, which goes on, ended with the first `drawn` vectors.
Outcome judge_so_far(const Store& store, const RunRecord& run, const Inputs& inputs,
                     const std::string& candidate, std::uint64_t drawn, Moment now);

}  // namespace tinyhil
