// SPDX-License-Identifier: Apache-2.0
// How fast something that is counted goes on, and when it will be done. It is given the time. Example:
//
//   Pace pace;
//   pace.note(27, Clock::now());
//   line += pace.words(2'976);  // ", 3.1/s, 16 min left"
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>

namespace tinyhil::campaign {

class Pace {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // So many are done; never less than before.
  void note(std::uint64_t done, Time now);

  // By the last minute, so that a rate that changes shows. Empty until a second has been seen, when nothing
  // went on in that time, and when all is done.
  std::string words(std::uint64_t total) const;

 private:
  struct Mark {
    std::uint64_t done;
    Time at;
  };
  std::deque<Mark> marks_;  // oldest first, at most kMarksMax
};

}  // namespace tinyhil::campaign
