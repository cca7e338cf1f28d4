// SPDX-License-Identifier: Apache-2.0
// Whether vectors are worth packing for the line (rice.h), and how.
#pragma once

#include <cstdint>
#include <span>

#include "base/tensor_list.hpp"

namespace tinyhil::device {

struct Packing {
  std::uint8_t stride = 0;  // of thil_rice_encode; 0: send raw
  double ratio = 1;         // packed size / raw size, measured on a sample
};

// Tries every stride that divides a vector on a bounded sample of `content`, which is one vector as
// `input` says after another; a few milliseconds at most. Raw when packing saves less than 5 %.
Packing choose_packing(std::span<const std::uint8_t> content, const TensorList& input);

}  // namespace tinyhil::device
