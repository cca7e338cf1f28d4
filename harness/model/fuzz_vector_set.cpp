// SPDX-License-Identifier: Apache-2.0
// Any bytes as an .npz file: an Error or a vector set whose columns have equal length.
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "base/error.hpp"
#include "vector_set.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  try {
    const auto set = tinyhil::parse_vector_set({bytes, bytes + size}, "fuzz.npz");
    const bool consistent =
        set.inputs.size() == set.count * set.input.bytes() && set.labels.size() == set.count;
    if (!consistent) std::abort();
  } catch (const tinyhil::Error&) {
  }
  return 0;
}
