// SPDX-License-Identifier: Apache-2.0
// What the gate says: one finding per rule, one verdict per candidate.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/unit.hpp"
#include "scorecard.hpp"

namespace tinyhil {

enum class Outcome { pass, fail, inconclusive, error, waived };
enum class Allowed { at_most, at_least };
enum class Severity { critical, major, minor };  // minor findings warn only

const char* to_string(Outcome outcome);
const char* to_string(Severity severity);

// One measured quantity held against its limit; a rule over slices has one per slice value.
struct Check {
  std::string subject;  // "all vectors", "accent = scottish", "p99"
  Outcome outcome = Outcome::error;
  std::uint64_t n = 0;
  Unit unit = Unit::none;
  std::optional<double> estimate;
  std::optional<Interval> interval;
  double confidence = 0;                      // of the interval, one- or two-sided as `method` says
  std::optional<double> limit;                // the bound the interval is held against
  std::optional<std::uint64_t> more_vectors;  // inconclusive: vectors that would be expected to decide
  std::optional<double> more_seconds;         // board time of those vectors, where it is known
  std::optional<std::uint64_t> more_groups;   // instead of more_vectors, where vectors come in groups
  std::string group_unit;                     // what such a group is: "voice"
  std::optional<Allowed> allowed;             // values, seen from the limit; absent: reading.hpp tells
  std::string reason;                         // "4.1 points worse, at least 2.3 (95 %); allowed 2"
  std::string would_change;                   // what would change the outcome; empty when nothing is known
  std::string quantity;  // whose own value the limit is for: "arena_used"; empty: of a change, a count
  std::string counted;   // what is counted, in the plural, where the unit does not say: "failed inferences"
  std::vector<std::string> slices;  // of the vectors that it looks at, by name
  bool is_of_one_value = false;     // of a slice: only of the vectors that `subject` names
};

// What one waiver of the policy did with a rule that failed.
struct WaiverUse {
  bool applied = false;
  std::string reason;
  std::string owner;
  std::string approved_by;
  std::string expires;        // the last day on which it is valid, "2027-03-31" UTC
  bool expires_soon = false;  // applied, and for two weeks more at most
  std::string refusal;        // why it did not apply; empty when it did
};

// What a rule's numbers are, whatever the rule is called.
struct FindingTraits {
  bool ratios_are_differences = false;  // of two shares: points, not percent
  bool is_paired_accuracy = false;      // each check holds one paired difference against a margin
};

struct Finding {
  std::string rule;    // id in the policy
  std::string kind;    // the policy's word: "noninferiority", "worst_slice", ...
  std::string method;  // "Gaffke's bounds of the mean difference, one-sided at 95 %"
  Severity severity = Severity::critical;
  Outcome outcome = Outcome::error;
  std::string reason;  // of the deciding check, self-contained
  std::vector<Check> checks;
  std::vector<WaiverUse> waivers{};  // those of a failed rule, up to the one that applied
  FindingTraits traits{};
};

bool has_waiver(const Finding& finding);  // one that applied, whatever else the finding says

struct Verdict {
  std::string candidate;
  std::string baseline;
  std::string policy;
  Outcome outcome = Outcome::error;
  std::string reason;  // one line: why
  std::vector<Finding> findings;
  std::string judged_at{};  // UTC, "2026-11-23T14:05:09Z": waivers are held against it
  std::string control{};    // "A/A control: 64 vectors run twice by the baseline, outputs equal, ..."
  double alpha = 0;         // the chance, at most, to pass a candidate that breaks a rule
};

// error > fail > inconclusive > waived > pass: the higher, the more urgent.
int urgency(Outcome outcome);

// The most urgent outcome over findings of at least major severity.
Outcome worst(const std::vector<Finding>& findings);

// Of a finding that no rule made: a check of the policy saw signs of senseless data, models or settings.
inline constexpr const char* kSenseKind = "checks";

}  // namespace tinyhil
