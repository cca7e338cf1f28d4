// SPDX-License-Identifier: Apache-2.0
#include "exit_code.hpp"

#include <algorithm>

namespace tinyhil {

ExitCode exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
      return ExitCode::usage;
    case ErrorKind::bench_fault:
      return ExitCode::bench_fault;
    case ErrorKind::wrong_image:
      return ExitCode::wrong_image;
    case ErrorKind::no_lease:
      return ExitCode::no_lease;
    case ErrorKind::lease_lost:
      return ExitCode::lease_lost;
    case ErrorKind::queue_full:
      return ExitCode::queue_full;
    case ErrorKind::not_found:
    case ErrorKind::not_allowed:
      return ExitCode::usage;
    case ErrorKind::output:
      return ExitCode::output;
    case ErrorKind::broken_evidence:
      return ExitCode::fail;
    case ErrorKind::not_run_yet:
      return ExitCode::inconclusive;
    case ErrorKind::time_limit:
      return ExitCode::time_limit;
    case ErrorKind::hung_up:
      return ExitCode::hung_up;
    case ErrorKind::interrupted:
      return ExitCode::interrupted;
  }
  return ExitCode::bench_fault;
}

ExitCode exit_code(const Verdict& verdict) {
  const bool is_senseless =
      std::any_of(verdict.findings.begin(), verdict.findings.end(), [](const Finding& each) {
        return each.kind == kSenseKind && each.outcome == Outcome::error && each.severity != Severity::minor;
      });
  return verdict.outcome == Outcome::error && is_senseless ? ExitCode::usage : exit_code(verdict.outcome);
}

ExitCode exit_code(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
      return ExitCode::pass;
    case Outcome::fail:
      return ExitCode::fail;
    case Outcome::inconclusive:
      return ExitCode::inconclusive;
    case Outcome::waived:
      return ExitCode::waived;
    case Outcome::error:
      return ExitCode::bench_fault;
  }
  return ExitCode::bench_fault;
}

ExitCode exit_code(std::span<const Verdict> verdicts) {
  std::vector<Finding> as_findings;
  for (const Verdict& verdict : verdicts) as_findings.emplace_back().outcome = verdict.outcome;
  const Outcome outcome = worst(as_findings);
  const bool is_for_the_user = std::ranges::all_of(verdicts, [](const Verdict& verdict) {
    return verdict.outcome != Outcome::error || exit_code(verdict) == ExitCode::usage;
  });
  return outcome == Outcome::error && is_for_the_user && !verdicts.empty() ? ExitCode::usage
                                                                           : exit_code(outcome);
}

}  // namespace tinyhil
