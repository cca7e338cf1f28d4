// SPDX-License-Identifier: Apache-2.0
#include "top_k.hpp"

#include <cassert>
#include <limits>
#include <vector>

namespace tinyhil::metric {
namespace {

// The most that an element can be which is not among the largest: no more than the last of those, and less
// when its lower index would have put it before that one.
std::int32_t most(const TopK& got, std::uint32_t element) {
  const std::size_t last = got.size() - 1;
  const std::int32_t step = got.step(last);
  if (element > got.element(last) || step == std::numeric_limits<std::int32_t>::min()) return step;
  return step - 1;
}

}  // namespace

std::uint32_t TopK::element(std::size_t entry) const {
  const std::size_t at = entry * bytes(dtype_, 1);
  return entries_[at] | std::uint32_t{entries_[at + 1]} << 8;
}

std::int32_t TopK::step(std::size_t entry) const { return step_at(dtype_, value(entry), 0); }

Output TopK::value(std::size_t entry) const {
  return entries_.subspan(entry * bytes(dtype_, 1) + kIndexBytes, size_of(dtype_));
}

bool TopK::is_sound(std::size_t elements) const {
  for (std::size_t i = 0; i < size(); ++i) {
    if (element(i) >= elements || has_nan(dtype_, value(i))) return false;
    if (i == 0) continue;
    if (step(i) > step(i - 1)) return false;
    if (step(i) == step(i - 1) && element(i) <= element(i - 1)) return false;
  }
  return true;
}

Difference difference(DType dtype, Output expected, const TopK& got) {
  const std::size_t elements = expected.size() / size_of(dtype);
  assert(got.size() > 0 && got.is_sound(elements));
  Difference result;
  std::vector<bool> among(elements);
  for (std::size_t entry = 0; entry < got.size(); ++entry) {
    const std::uint32_t element = got.element(entry);
    among[element] = true;
    result.note({element, step_at(dtype, expected, element), got.step(entry)});
  }
  for (std::uint32_t element = 0; element < elements; ++element) {
    if (among[element]) continue;
    const std::int32_t wanted = step_at(dtype, expected, element), at_most = most(got, element);
    if (wanted > at_most) result.note({element, wanted, at_most});
  }
  return result;
}

}  // namespace tinyhil::metric
