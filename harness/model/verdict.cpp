// SPDX-License-Identifier: Apache-2.0
#include "verdict.hpp"

#include <algorithm>

namespace tinyhil {

int urgency(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
      return 0;
    case Outcome::waived:
      return 1;
    case Outcome::inconclusive:
      return 2;
    case Outcome::fail:
      return 3;
    case Outcome::error:
      return 4;
  }
  return 4;
}

const char* to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
      return "pass";
    case Outcome::fail:
      return "fail";
    case Outcome::inconclusive:
      return "inconclusive";
    case Outcome::error:
      return "error";
    case Outcome::waived:
      return "waived";
  }
  return "unknown";
}

const char* to_string(Severity severity) {
  switch (severity) {
    case Severity::critical:
      return "critical";
    case Severity::major:
      return "major";
    case Severity::minor:
      return "minor";
  }
  return "unknown";
}

bool has_waiver(const Finding& finding) { return !finding.waivers.empty() && finding.waivers.back().applied; }

Outcome worst(const std::vector<Finding>& findings) {
  if (findings.empty()) return Outcome::error;  // nothing was judged, so nothing passed
  Outcome outcome = Outcome::pass;
  for (const Finding& finding : findings) {
    const bool decides = finding.severity != Severity::minor;
    if (decides && urgency(finding.outcome) > urgency(outcome)) outcome = finding.outcome;
  }
  return outcome;
}

}  // namespace tinyhil
