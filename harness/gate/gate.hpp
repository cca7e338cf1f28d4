// SPDX-License-Identifier: Apache-2.0
// Numbers + baseline + policy -> verdict. Pure statistics: no file but the policy, no device, no database.
//
// A rule is one file in rules/ and one word in tinyhil_drivers(gate ...) of CMakeLists.txt.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "demand.hpp"
#include "model/calendar.hpp"
#include "model/comparison.hpp"
#include "model/control_score.hpp"
#include "model/sampling.hpp"
#include "model/scorecard.hpp"
#include "model/section.hpp"
#include "model/vector_set.hpp"
#include "model/verdict.hpp"
#include "term.hpp"
#include "waiver.hpp"

namespace tinyhil {

// How the vectors that were run were drawn from the set.
struct Sample {
  Sampling sampling;
  std::vector<std::uint32_t> order;  // ordinals, as they were to be run
  std::uint64_t drawn = 0;           // so many of them were run by both sides
  std::uint64_t chosen =
      0;  // so many at the beginning of the order are there for what they are, not by chance
};

// The whole set, looked at once.
Sample whole_set(const VectorSet& vectors);

// One of several boards that divided the vectors of a run: its share, and by how much both models' outputs
// differ from the first board's on the vectors that all boards ran.
struct BoardFacts {
  Scorecard candidate;
  Scorecard baseline;
  Comparison comparison;
  Sample sample;
  std::optional<ControlScore> control;
  ControlScore candidate_again{}, baseline_again{};
};

// What was measured. Both scorecards are of the same vectors on boards of the same kind.
struct Facts {
  const Scorecard& candidate;
  const Scorecard& baseline;
  const VectorSet& vectors;
  const Comparison& comparison;
  const Sample& sample;
  std::optional<ControlScore> control{};  // of the baseline; nothing: none was run
  std::span<const BoardFacts> boards{};   // at least two, or none: then one board ran all, with that control
};

// What a rule may look at.
struct Evidence : Facts {
  double alpha;        // one-sided error level of a method of fixed sample size, at this look
  double total_alpha;  // of the whole campaign: for evidence that may be looked at at any time
};

class Rule {
 public:
  virtual ~Rule() = default;
  // rule, kind and severity are filled in by judge() below
  virtual Finding judge(const Evidence& evidence) const = 0;

  // May a policy waive it without saying `waivable: true`?
  virtual bool waivable() const { return true; }

  // Does it take the vectors that were run for a random sample of the set? Where the first ones were chosen,
  // such a rule waits for the whole set. One that says no reads counts of these vectors alone, or tells the
  // chosen ones from the others.
  virtual bool needs_random_sample() const { return true; }

  // Its own keys, defaults included, each with the direction in which it lets more through. A key that is
  // not among them counts as loosened by any change (policy_diff.hpp).
  virtual std::vector<Term> terms() const { return {}; }

  // What a decision will take, for planning ahead.
  virtual Demand demand() const { return {}; }
};

struct PolicyRule {
  std::string id;
  std::string test;  // "worst_slice": which rule it is
  Severity severity = Severity::critical;
  std::unique_ptr<const Rule> rule;
  bool waivable = true;
  KeyTexts keys{};  // as the file has them
};

struct Policy {
  std::filesystem::path file;
  Digest digest;  // of the file's text
  std::string name;
  double alpha = 0.05;
  Sampling sampling = Sampling::all_at_once();
  std::vector<PolicyRule> rules;
  std::vector<Waiver> waivers;
  KeyTexts keys{};  // of the file's top level
};

// Throws Error(usage) with file and line: unknown test, missing margin, unit, duplicate id.
Policy load_policy(const std::filesystem::path& file);

// Never passes on missing data: an incomplete trial, unlike vector sets, boards or clocks give Outcome::error
// or inconclusive with the reason. An A/A control that finds a difference is Outcome::error. A fault of the
// device that ended the candidate's trial is a fail; one that the trial outlived is for the rule no_faults.
// `now` is what waivers are held against; the verdict states it.
Verdict judge(const Policy& policy, const Facts& facts, Moment now);

}  // namespace tinyhil
