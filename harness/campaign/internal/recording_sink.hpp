// SPDX-License-Identifier: Apache-2.0
// Where what a meter measured goes, in the order in which it is to be stored. Called in the executor's
// thread; what it throws ends the run.
#pragma once

#include <cstdint>
#include <vector>

#include "model/recording.hpp"

namespace tinyhil::campaign {

class RecordingSink {
 public:
  virtual ~RecordingSink() = default;
  virtual std::int64_t begin_recording(const RecordingInfo& info) = 0;  // its number here
  virtual void add_windows(std::int64_t recording, std::vector<MeasuredWindow> windows) = 0;
  virtual void end_recording(std::int64_t recording, const RecordingEnd& end) = 0;
};

}  // namespace tinyhil::campaign
