// SPDX-License-Identifier: Apache-2.0
// Any bytes as an .npz file, for each task: an Error or a vector set whose columns have equal length.
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "base/error.hpp"
#include "formats/section.hpp"
#include "vector_set.hpp"

namespace {

void parse(const std::uint8_t* bytes, std::size_t size, const tinyhil::SharedTask& task) {
  try {
    const auto set = tinyhil::parse_vector_set({bytes, bytes + size}, "fuzz.npz", task);
    const bool has_answers = task->traits().has_classes
                                 ? set.labels.size() == set.count
                                 : !set.targets.empty() && set.targets.size() % set.count == 0;
    if (set.inputs.size() != set.count * set.input.bytes() || !has_answers) std::abort();
  } catch (const tinyhil::Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const tinyhil::SharedTask regression =
      tinyhil::make_task(tinyhil::Section::parse("{kind: regression, tolerance: 1}", "fuzz.yaml"));
  parse(bytes, size, tinyhil::classification());
  parse(bytes, size, regression);
  return 0;
}
