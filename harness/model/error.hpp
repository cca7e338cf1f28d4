// SPDX-License-Identifier: Apache-2.0
// What went wrong outside the product: a file, a port, a program, a database. Thrown; the CLI turns it into
// an exit code. A failing device is not an Error but a Fault (fault.hpp).
#pragma once

#include <stdexcept>
#include <string>

namespace tinyhil {

// The process exit codes of the CLI; an API for CI jobs.
enum class ExitCode {
  pass = 0,
  fail = 1,   // the product: accuracy, latency, a crash of the device
  usage = 2,  // command line, campaign, bench, policy or vector file
  inconclusive = 3,
  bench_fault = 4,  // port, probe, host, database: safe to retry
  waived = 5,
  wrong_image = 6,  // the firmware does not identify as the one asked for
  no_lease = 7,     // a board that somebody else holds did not come free in time
  time_limit = 124,
  interrupted = 130,
};

class Error : public std::runtime_error {
 public:
  // what: one sentence; where: file:line, port or path; remedy: what the user can do, in the imperative.
  Error(ExitCode code, std::string what, std::string where, std::string remedy);

  ExitCode code() const { return code_; }
  const std::string& where() const { return where_; }
  const std::string& remedy() const { return remedy_; }

 private:
  ExitCode code_;
  std::string where_;
  std::string remedy_;
};

}  // namespace tinyhil
