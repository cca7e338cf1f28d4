// SPDX-License-Identifier: Apache-2.0
// Numbers + baseline + policy -> verdict. Pure statistics: no file but the policy, no device, no database, no
// state, so that threads may judge side by side. Ratios, margins and alpha are fractions of one. Example:
//
//   const Policy policy = load_policy("gate.yaml");
//   const Comparison comparison = compare(candidate_trial, baseline_trial, vectors);
//   const Sample sample = whole_set(vectors);
//   const Verdict verdict = judge(policy, {candidate, baseline, vectors, comparison, sample}, system_now());
//
// A rule is one file in rules/ and one word in tinyhil_drivers(gate ...) of CMakeLists.txt.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/calendar.hpp"
#include "checks.hpp"
#include "demand.hpp"
#include "formats/section.hpp"
#include "known.hpp"
#include "model/comparison.hpp"
#include "model/control_score.hpp"
#include "model/recording.hpp"
#include "model/scorecard.hpp"
#include "model/vector_set.hpp"
#include "model/verdict.hpp"
#include "sampling/sampling.hpp"
#include "term.hpp"
#include "waiver.hpp"

namespace tinyhil::gate {

// How the vectors that were run were drawn from the set.
struct Sample {
  sampling::Sampling sampling;
  std::vector<std::uint32_t> order;  // vector numbers, as they were to be run
  std::uint64_t drawn = 0;           // so many of them were run by both sides
  // So many at the beginning of the order are there for what they are, not by chance.
  std::uint64_t chosen = 0;
};

// The whole set, looked at once.
Sample whole_set(const VectorSet& vectors);

// One of several boards that divided the vectors of a run: its share, and by how much both models' outputs
// differ from another board's on the vectors that both ran.
struct BoardFacts {
  Scorecard candidate;
  Scorecard baseline;
  Comparison comparison;
  Sample sample;
  std::optional<ControlScore> control;
  ControlScore candidate_again{}, baseline_again{};
  std::string unlike_board{};  // whose output differs on the first of those vectors
  bool has_left = false;       // it failed, and the others took over: its latency is not the boards'
};

// What was measured. Both scorecards are of the same vectors on boards of the same kind.
struct Facts {
  const Scorecard& candidate;
  const Scorecard& baseline;
  const VectorSet& vectors;
  const Comparison& comparison;
  const Sample& sample;
  std::optional<ControlScore> control{};  // of the baseline; nothing when there was none
  std::span<const BoardFacts> boards{};   // of several; none: one board ran all, with that control
  std::span<const Mistake> warnings{};  // found before the run, of which the policy says that they only warn
  // What current meters recorded of the run. Nothing yet: they record when the inferences are done, and rules
  // that need them are not asked before.
  std::optional<std::span<const Recording>> recordings{};
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

  virtual FindingTraits traits() const { return {}; }

  // May a policy waive it without saying `waivable: true`?
  virtual bool waivable() const { return true; }

  // Does it take the vectors that were run for a random sample of the set? Where the first ones were chosen,
  // such a rule waits for the whole set. One that says no reads counts of these vectors alone, or tells the
  // chosen ones from the others.
  virtual bool needs_random_sample() const { return true; }

  // Its own keys, defaults included, each with the direction in which it lets more through. A key that is
  // not among them counts as loosened by any change (policy_diff.hpp).
  virtual std::vector<Term> terms() const { return {}; }

  // What it misses in a campaign, and a limit of its own that nothing could break: found before any board is
  // touched (known.hpp).
  virtual std::vector<Mistake> mistakes(const Known&) const { return {}; }

  // Does it go by what current meters recorded?
  virtual bool needs_recordings() const { return false; }

  // Does it go by the labels? Then they have to make sense (sense.hpp).
  virtual bool needs_labels() const { return false; }

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
  bool shared_alpha = false;  // `candidates: together`: it is for all candidates of a campaign
  sampling::Sampling sampling = sampling::Sampling::all_at_once();
  std::vector<PolicyRule> rules;
  std::vector<Waiver> waivers;
  SenseLevels checks{};
  KeyTexts keys{};  // of the file's top level
};

// Throws Error(usage) with file and line: unknown test, missing margin, unit, duplicate id.
Policy load_policy(const std::filesystem::path& file);

// Where the policy's alpha is for all candidates together, each of them is judged at its share (Bonferroni).
void share_alpha(Policy& policy, std::size_t candidates);

// Never passes on missing data: an incomplete trial, unlike vector sets, boards or clocks give Outcome::error
// or inconclusive with the reason. An A/A control that finds a difference is Outcome::error. A fault of the
// device that ended the candidate's trial is a fail; one that the trial outlived is for the rule no_faults.
// `now` is what waivers are held against; the verdict states it.
Verdict judge(const Policy& policy, const Facts& facts, Moment now);

}  // namespace tinyhil::gate
