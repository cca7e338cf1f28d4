// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "model/trial.hpp"

namespace tinyhil::metric {

// The trial as if it had run these vectors only, and was complete over them: what a candidate that was
// settled early is held against.
Trial drawn_part(const Trial& trial, std::span<const std::uint32_t> vectors);

}  // namespace tinyhil::metric
