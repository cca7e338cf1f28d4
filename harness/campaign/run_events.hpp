// SPDX-License-Identifier: Apache-2.0
// What a campaign's run tells while it goes on, to whoever watches: a progress line, a notebook, a page.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <variant>

#include "model/inference_rows.hpp"
#include "model/trial.hpp"
#include "model/verdict.hpp"

namespace tinyhil::campaign {

namespace event {

struct Greeted {  // the board has said who it is: at the beginning, and after each restart
  BoardIdentity board;
};
struct Preparing {  // the model is pushed, where the device lacks it, and loaded
  std::string board;
  std::string model;
};
struct Prepared {
  std::string board;
  std::string model;
  std::uint32_t arena_used = 0;  // bytes
};
struct Progressed {  // results have arrived
  std::string board;
  std::string model;
  std::uint64_t done = 0;   // vectors of this model on this board
  std::uint64_t total = 0;  // at most so many: where boards share them, those of the whole run
  // Vectors with a scored answer, which may lack repeats; the sum of their scores; and what their mean is
  // called (TaskTraits::measure). None where the task cannot score the model.
  std::uint64_t scored = 0;
  double score_sum = 0;
  std::string measure{};
};
struct RowsStored {  // they are durable
  TrialInfo trial;
  InferenceRows rows;
};
struct FaultSurvived {  // stored; the trial goes on
  std::string board;
  std::string model;
  SurvivedFault fault;
};
struct Quarantined {  // the vector brought the device down twice, and is not run again by this model
  std::string board;
  std::string model;
  VectorNumber vector;
};
struct TrialEnded {
  std::string board;
  std::string model;
  TrialRole role = TrialRole::subject;
  TrialEnd end;
};
struct Metering {  // the board's inferences are done; now its current is measured
  std::string board;
};
struct BoardLeft {  // it failed; the others take over what it has not run
  std::string board;
  std::string what;
  std::string where;
  std::string remedy;
};
struct Looked {  // an interim look, after so many vectors of the whole run
  std::uint64_t drawn = 0;
};
struct Decided {  // at the look before: the candidate needs no more vectors
  std::string candidate;
  Outcome outcome = Outcome::inconclusive;
};
struct RunEnded {        // the last event of a run that came to its end, or stopped to be resumed
  std::int64_t run = 0;  // its number in the store; 0: nothing was measured
};

}  // namespace event

using RunEvent =
    std::variant<event::Greeted, event::Preparing, event::Prepared, event::Progressed, event::RowsStored,
                 event::FaultSurvived, event::Quarantined, event::TrialEnded, event::Metering,
                 event::BoardLeft, event::Looked, event::Decided, event::RunEnded>;

// Called in the thread of the run's executor, one event after the other, and quickly: the boards wait. What
// it throws ends the run.
using Watch = std::function<void(const RunEvent&)>;

}  // namespace tinyhil::campaign
