// SPDX-License-Identifier: Apache-2.0
// The vectors of one value of a slice, counted.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pairs.hpp"

namespace tinyhil::gate {

struct SliceValue {
  std::string subject;  // "accent = scottish"
  PairedScore score;
  const Slice* slice;
  std::uint16_t code;
  std::vector<std::string> slices;  // that the subject names
};

Check about(Check check, const SliceValue& value);  // with its slices

std::vector<SliceValue> values_of(const Evidence& evidence, const Slice& slice);

// All vectors of the parent's value that `small` lies in: "region = uk, which accent = manx (7 vectors) is
// judged with,". Nothing when its vectors are spread over several values of the parent, or when it has none.
std::optional<SliceValue> merged_with(const Evidence& evidence, const SliceValue& small, const Slice& parent);

}  // namespace tinyhil::gate
