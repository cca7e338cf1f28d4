// SPDX-License-Identifier: Apache-2.0
// Facts of the store -> scorecards -> verdicts; the same for a run that has just ended and one of last year.
// Reads the whole run and computes in the calling thread: seconds for millions of rows. Example:
//
//   const Judgement judged = judge_run(store, std::nullopt, inputs, system_now());
//   return exit_code(judged.verdicts);
#pragma once

#include "campaign/internal/run_trials.hpp"
#include "inputs.hpp"
#include "report/report.hpp"
#include "store/run_store.hpp"

namespace tinyhil::campaign {

struct Judgement {
  RunRecord run;
  std::vector<Scorecard> scorecards;  // baseline first
  std::vector<Verdict> verdicts;      // one per candidate, in the campaign's order
  Digest policy;                      // of the file that they follow from
  std::vector<BoardIdentity> boards;  // all that ran a part of it
  std::vector<Recording> recordings;  // what current meters measured meanwhile
  std::vector<BoardEnergyFigures> energies;
  std::vector<BoardComparison> comparisons;  // of several boards: baseline first

  report::Report report(const VectorSet& vectors) const {
    report::Report report{run, vectors, scorecards, verdicts, {}, policy, energies};
    report.boards = comparisons;
    return report;
  }
  std::string policy_words() const;  // its digest, and the run's own when that is another one
};

// run: nothing means the campaign's latest. Throws Error(usage) when there is none, or when it was of other
// vectors or models; Error(bench_fault) when it is not what was stored. `now`: the time of judgement, which
// the verdicts state.
Judgement judge_run(const store::RunStore& store, std::optional<std::int64_t> run, const Inputs& inputs,
                    Moment now);
// The same for a run whose chain was just checked.
Judgement judge_intact_run(const store::RunStore& store, const RunRecord& run, const Inputs& inputs,
                           Moment now);

// What a store has of a run.
struct RunFacts {
  std::vector<Trial> trials;
  std::vector<Recording> recordings;
};
RunFacts load_facts(const store::RunStore& store, std::int64_t run);

// The same for facts in memory, as they were stored or with changes.
Judgement judge_facts(const RunRecord& run, RunFacts facts, const Inputs& inputs, Moment now);

// The campaign's latest, or the one of this number. Throws Error(usage) when there is none.
RunRecord find_run(const store::RunStore& store, std::optional<std::int64_t> run, const Campaign& campaign);

// So that later runs of the same candidates can say how this one ended.
void record_verdicts(const Judgement& judgement, const Inputs& inputs, store::RunStore& store);

// What would be said if the run, which goes on, ended with the first `drawn` vectors.
class InterimLook {
 public:
  // trials: all that the run has stored. The inputs are lent.
  InterimLook(std::vector<Trial> trials, const RunRecord& run, const Inputs& inputs, std::uint64_t drawn);

  Outcome outcome_of(const std::string& candidate, Moment now) const;

 private:
  const Inputs& inputs_;
  RunTrials trials_;
  gate::Sample sample_;
};

}  // namespace tinyhil::campaign
