// SPDX-License-Identifier: Apache-2.0
// What the gate says: one finding a rule, one verdict a candidate.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "error.hpp"
#include "scorecard.hpp"

namespace tinyhil {

enum class Outcome { pass, fail, inconclusive, error, waived };
enum class Allowed { at_most, at_least };
enum class Severity { critical, major, minor };  // minor findings warn only

const char* to_string(Outcome outcome);
const char* to_string(Severity severity);

// One measured quantity held against its limit; a rule over slices has one a slice value.
struct Check {
  std::string subject;  // "all vectors", "accent = scottish", "p99"
  Outcome outcome = Outcome::error;
  std::uint64_t n = 0;
  std::string unit;  // "ratio", "ms", "B", "LSB"
  std::optional<double> estimate;
  std::optional<Interval> interval;
  double confidence = 0;                      // of the interval, one- or two-sided as `method` says
  std::optional<double> limit;                // the bound the interval is held against
  std::optional<std::uint64_t> more_vectors;  // inconclusive: vectors that would be expected to decide
  std::optional<double> more_seconds;         // board time of those vectors, where it is known
  std::optional<Allowed> allowed;             // values, seen from the limit; absent: reading.hpp tells
  std::string reason;                         // "4.1 points worse, at least 2.3 (95 %); allowed 2"
  std::string would_change;                   // what would change the outcome; empty when nothing is known
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

struct Finding {
  std::string rule;    // id in the policy
  std::string kind;    // the policy's word: "noninferiority", "worst_slice", ...
  std::string method;  // "Tango score interval, one-sided 95 %"
  Severity severity = Severity::critical;
  Outcome outcome = Outcome::error;
  std::string reason;  // of the deciding check, self-contained
  std::vector<Check> checks;
  std::vector<WaiverUse> waivers{};  // those of a failed rule, up to the one that applied
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
};

// error > fail > inconclusive > waived > pass: the higher, the sooner somebody must look.
int urgency(Outcome outcome);

// The most urgent outcome over findings of at least major severity.
Outcome worst(const std::vector<Finding>& findings);

ExitCode exit_code(Outcome outcome);  // error is a bench fault

}  // namespace tinyhil
