// SPDX-License-Identifier: Apache-2.0
#include "slice_value.hpp"

#include <fmt/format.h>

namespace tinyhil::gate {
namespace {

std::optional<std::uint16_t> only_code(const SliceValue& small, const Slice& parent) {
  std::optional<std::uint16_t> found;
  for (std::size_t i = 0; i < parent.code.size(); ++i) {
    if (small.slice->code[i] != small.code) continue;
    if (found && *found != parent.code[i]) return std::nullopt;
    found = parent.code[i];
  }
  return found;
}

}  // namespace

std::vector<SliceValue> values_of(const Evidence& evidence, const Slice& slice) {
  std::vector<SliceValue> values;
  const std::vector<PairedScore> scores = pair_by_value(evidence, slice);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    values.push_back({slice.name + " = " + slice.values[i],
                      scores[i],
                      &slice,
                      static_cast<std::uint16_t>(i),
                      {slice.name}});
  }
  return values;
}

std::optional<SliceValue> merged_with(const Evidence& evidence, const SliceValue& small,
                                      const Slice& parent) {
  const std::optional<std::uint16_t> code = only_code(small, parent);
  if (!code) return std::nullopt;
  SliceValue merged = values_of(evidence, parent).at(*code);
  merged.subject +=
      fmt::format(", which {} ({:.0f} vectors) is judged with,", small.subject, small.score.pairs.n);
  merged.slices.push_back(small.slice->name);
  return merged;
}

Check about(Check check, const SliceValue& value) {
  check.slices = value.slices;
  check.is_of_one_value = true;
  return check;
}

}  // namespace tinyhil::gate
