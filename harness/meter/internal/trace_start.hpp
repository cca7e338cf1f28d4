// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "meter/internal/sample_words.hpp"
#include "model/meter.hpp"

namespace tinyhil::meter {

// What a recording begins with.
struct TraceStart {
  MeterIdentity identity;
  WordFormat format{};
  std::int64_t start_ns = 0;  // of sample 0 on the host's clock, since 1970, as near as the host knows
};

}  // namespace tinyhil::meter
