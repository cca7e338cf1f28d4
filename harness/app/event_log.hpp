// SPDX-License-Identifier: Apache-2.0
// The events of a run, appended to a file as lines of JSON, for whoever started this process.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <utility>

#include "campaign/run_events.hpp"

namespace tinyhil::app {

class EventLog {
 public:
  // Makes the file if it is not there. Throws Error(output).
  explicit EventLog(std::filesystem::path file);
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;
  ~EventLog();

  // Progress is written ten times a second at most, but always when a board is done. Throws Error(output).
  void write(const campaign::RunEvent& event);
  void write_out_of_time();  // the run ended undecided, for the time on the device is over

 private:
  bool is_too_soon(const campaign::RunEvent& event);
  void append(std::string line) const;

  std::filesystem::path file_;
  int descriptor_;
  std::map<std::pair<std::string, std::string>, std::chrono::steady_clock::time_point> told_;  // board, model
};

}  // namespace tinyhil::app
