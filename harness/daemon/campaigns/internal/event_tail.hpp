// SPDX-License-Identifier: Apache-2.0
// A file of events that grows, read line by line: one line an event, a JSON object with its name as `event`.
// The run appends to it, and so does the daemon; who reads it remembers by a number how far. Example:
//
//   EventTail tail(job.events(), 0);
//   while (const auto line = tail.next()) show(line->name, line->text);   // later again, for more
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace tinyhil::daemon {

struct EventLine {
  std::uint64_t end = 0;  // where the next one begins: to go on from
  std::string name;
  std::string text;  // the whole object
};

class EventTail {
 public:
  EventTail(std::filesystem::path file, std::uint64_t from) : file_(std::move(file)), at_(from) {}

  // The next whole line; nothing while there is none, or no file. What is no event is passed over, as the
  // half of a line that a killed process left. Throws Error(bench_fault) when it cannot be read.
  std::optional<EventLine> next();
  std::uint64_t at() const { return at_; }

 private:
  bool read_more();

  std::filesystem::path file_;
  std::uint64_t at_;      // of what was given out
  std::string buffer_{};  // from there on
};

// Appends a line, in one write; after half a line, behind its end. Throws Error(output).
void append_event(const std::filesystem::path& file, const std::string& line);

}  // namespace tinyhil::daemon
