// SPDX-License-Identifier: Apache-2.0
// Any bytes as one array: an Error or an array that every check can look at.
#include <cstdint>
#include <vector>

#include "array_checks.hpp"
#include "base/error.hpp"

namespace {

template <class Action>
void attempt(const Action& action) {
  try {
    action();
  } catch (const tinyhil::Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  attempt([&] {
    const auto array = tinyhil::parse_npy({bytes, bytes + size}, {"fuzz.npz", "array"});
    attempt([&] { tinyhil::tensor_dtype(array); });
    attempt([&] { tinyhil::names(array); });
    attempt([&] { tinyhil::codes(array, array.size(), 100, "names"); });
    attempt([&] { tinyhil::positive_scalar(array); });
    attempt([&] { tinyhil::integer_scalar(array); });
  });
  return 0;
}
