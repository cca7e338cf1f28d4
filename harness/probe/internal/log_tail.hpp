// SPDX-License-Identifier: Apache-2.0
// The end of OpenOCD's log, kept for evidence. All of it is read, so that OpenOCD never waits for its reader.
// It logs the answer to each Tcl command too: these lines are left out.
#pragma once

#include <string>
#include <string_view>

namespace tinyhil::probe {

class LogTail {
 public:
  // Of a pipe that is lent, non-blocking. Makes it hold a megabyte.
  explicit LogTail(int pipe);

  // What there is now; false when the program has closed its end.
  bool drain();
  const std::string& text() const { return text_; }  // whole lines

 private:
  void take_lines();

  int pipe_;
  std::string begun_;  // a line without its end
  std::string text_;
};

// Of OpenOCD's log: the number in "Listening on port 36433 for tcl connections"; 0 when it is not there.
int tcl_port_in(std::string_view log);

// What a person wants to know of a log: its last lines that tell of an error, or else its last lines. A few
// hundred bytes, on one line, safe to print.
std::string complaint_in(std::string_view log);

// The line in which a target file of OpenOCD says that the chip denies access until it is erased; empty
// without one. Its own locks are a chip's own business, so this knows the words of a few.
std::string lock_in(std::string_view log);

}  // namespace tinyhil::probe
