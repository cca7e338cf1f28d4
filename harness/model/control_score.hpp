// SPDX-License-Identifier: Apache-2.0
// The A/A control of a campaign: the baseline beside itself, run a second time over some of its vectors. Made
// by metric/, judged by gate/. What differs here is the bench's, for there is nothing else that could.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tinyhil {

struct ControlScore {
  std::uint64_t n = 0;              // vectors that both runs answered
  std::uint64_t differing = 0;      // of these: the outputs are not the same, byte for byte
  std::uint64_t answered_once = 0;  // further ones that were run both times and answered only one time
  std::optional<std::uint32_t> first_unequal;  // the number of the first vector of either kind
  std::string
      unlike_ticks;  // why there are no ticks ("throughput mode", "other clock: ..."); empty: they count
  // [vectors timed both times] second run - first run in ticks of clock_hz, in the order in which they
  // were run: it tells whether neighbours in time hang together.
  std::vector<std::int64_t> tick_change;
  std::uint32_t clock_hz = 0;
};

}  // namespace tinyhil
