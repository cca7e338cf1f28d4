// SPDX-License-Identifier: Apache-2.0
// What went wrong outside the product: a file, a port, a program, a database. Thrown; a program turns its
// kind into an exit code (model/exit_code.hpp). A failing device is not an Error but a Fault (fault.hpp).
// Example:
//
//   throw Error(ErrorKind::usage, "there is no model `slm`", "campaign.yaml:9", "did you mean `slim`?");
#pragma once

#include <stdexcept>
#include <string>

namespace tinyhil {

enum class ErrorKind {
  usage,        // command line, campaign, bench, policy or vector file
  bench_fault,  // port, probe, host, database: safe to retry
  wrong_image,  // the firmware does not identify as the one asked for
  no_lease,     // a board that somebody else has did not come free in time
  lease_lost,   // the board was taken back before it was returned
  queue_full,   // too many wait already
  not_found,    // what a request to the daemon names is not there
  not_allowed,  // the caller may not do that
  output,       // what was to be written, to a file or to standard output, could not be
  broken_evidence,
  not_run_yet,
  time_limit,
  hung_up,  // SIGHUP: the terminal or the connection is gone
  interrupted,
};

class Error : public std::runtime_error {
 public:
  // what: one sentence, lower case, without a full stop. where: file:line, port or path. remedy: what the
  // user can do, in the imperative. what() returns only the first; error_report prints all three.
  Error(ErrorKind kind, std::string what, std::string where, std::string remedy);

  ErrorKind kind() const { return kind_; }
  const std::string& where() const { return where_; }
  const std::string& remedy() const { return remedy_; }

 private:
  ErrorKind kind_;
  std::string where_;
  std::string remedy_;
};

}  // namespace tinyhil
