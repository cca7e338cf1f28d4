// SPDX-License-Identifier: Apache-2.0
// The events of a run, appended to a file as lines of JSON, for whoever started this process.
#pragma once

#include <filesystem>
#include <string>

#include "campaign/event_thinning.hpp"

namespace tinyhil::app {

class EventLog {
 public:
  // Makes the file if it is not there. Throws Error(output).
  explicit EventLog(std::filesystem::path file);
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;
  ~EventLog();

  // Progress is written ten times a second at most, as EventThinning does it. Throws Error(output).
  void write(const campaign::RunEvent& event);
  void write_out_of_time();  // the run ended undecided, for the time on the device is over

 private:
  void append(std::string line) const;

  std::filesystem::path file_;
  int descriptor_;
  campaign::EventThinning thinning_;
};

}  // namespace tinyhil::app
