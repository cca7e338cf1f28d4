// SPDX-License-Identifier: Apache-2.0
// The exit codes of the program, an API for CI jobs; also published in report.json and in Python.
#pragma once

#include <span>

#include "base/error.hpp"
#include "verdict.hpp"

namespace tinyhil {

enum class ExitCode {
  pass = 0,
  fail = 1,   // the product: accuracy, latency, a crash of the device
  usage = 2,  // command line, campaign, bench, policy or vector file
  inconclusive = 3,
  bench_fault = 4,  // safe to retry
  waived = 5,
  wrong_image = 6,
  no_lease = 7,
  lease_lost = 8,
  output = 74,
  queue_full = 75,
  time_limit = 124,
  hung_up = 129,
  interrupted = 130,
};

ExitCode exit_code(ErrorKind kind);
ExitCode exit_code(Outcome outcome);         // error is a bench fault
ExitCode exit_code(const Verdict& verdict);  // ... unless a check of the policy found it: then usage
ExitCode exit_code(std::span<const Verdict> verdicts);  // of the worst

}  // namespace tinyhil
