// SPDX-License-Identifier: Apache-2.0
// Which vectors of a stored run its candidates do not answer right, with what was expected and what was said.
// Example:
//
//   store.require_intact(run.id);
//   for (const CandidateFailures& each : find_failures(run, store.trials(run.id), inputs, 20)) show(each);
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "inputs.hpp"
#include "model/run_record.hpp"
#include "model/scorecard.hpp"

namespace tinyhil::campaign {

struct ModelAnswer {
  Answer answer = Answer::not_run;
  float score = 0;
  std::string predicted;          // its class; empty without an answer, or where the task has no classes
  std::vector<double> output;     // in real units; empty without an answer, and with `results: top-k`
  std::optional<bool> is_golden;  // nothing: no golden output is named, or nothing was compared with it
};

struct Failure {
  std::uint32_t vector = 0;
  bool is_lost = false;                                     // the baseline does better
  std::string expected;                                     // the class; empty where the task has none
  std::vector<double> target;                               // the numbers; empty where the task has none
  std::vector<std::pair<std::string, std::string>> slices;  // name and value: "accent", "scottish"
  ModelAnswer baseline;
  ModelAnswer candidate;
};

struct CandidateFailures {
  std::string candidate;
  std::uint64_t run = 0;       // vectors that it was given
  std::uint64_t failed = 0;    // of them
  std::uint64_t lost = 0;      // of these
  std::vector<Failure> first;  // at most the limit, in the order of failed_vectors()
};

// One for each candidate of the inputs, in their order. `trials`: all of the run, whose chain was checked.
// Throws as judge_run().
std::vector<CandidateFailures> find_failures(const RunRecord& run, std::vector<Trial> trials,
                                             const Inputs& inputs, std::size_t limit);

}  // namespace tinyhil::campaign
