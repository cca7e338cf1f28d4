// SPDX-License-Identifier: Apache-2.0
// The facts that stand for what a RunStore is told of a meter's recording, so that every backend keeps and
// chains the same. Bytes of a window are lent by the window, those of a meter's ranges by the fact's owner.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fact_clock.hpp"
#include "model/recording.hpp"
#include "store/fact.hpp"

namespace tinyhil::store {

// A range as four numbers: top_a, gain_limit, offset_limit_a, resolution_a.
std::vector<double> numbers_of(const std::vector<MeterRange>& ranges);
std::vector<MeterRange> ranges_of(const std::vector<double>& numbers);  // of a multiple of four

// `ranges` is numbers_of(info.meter.ranges), and must outlive the fact.
Fact fact_of_recording(std::int64_t run, const RecordingInfo& info, const std::vector<double>& ranges,
                       FactTime started_at);

// Which recording of which run.
struct RecordingNumber {
  std::int64_t run = 0;
  std::int64_t recording = 0;
};
Fact fact_of_window(RecordingNumber of, const MeasuredWindow& window);
Fact fact_of_recording_end(RecordingNumber of, const RecordingEnd& end, FactTime ended_at);

}  // namespace tinyhil::store
