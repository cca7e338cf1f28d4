// SPDX-License-Identifier: Apache-2.0
#include "host_disagreement.hpp"

#include <limits>

#include "outputs.hpp"

namespace tinyhil::metric {
namespace {

constexpr std::uint32_t kNoTop = std::numeric_limits<std::uint32_t>::max();

std::uint32_t top_class(const Golden& golden, std::size_t vector) {
  const Output output = std::span(golden.outputs).subspan(vector * golden.bytes_each, golden.bytes_each);
  const DType dtype = golden.output.front().dtype;
  return has_nan(dtype, output) ? kNoTop : argmax(dtype, output);
}

}  // namespace

std::vector<std::uint32_t> host_disagreements(const VectorSet& vectors,
                                              const std::vector<std::string>& goldens) {
  std::vector<bool> differs(vectors.count);
  for (const std::string& name : goldens) {
    const Golden &first = vectors.golden.at(goldens.front()), &golden = vectors.golden.at(name);
    for (std::size_t i = 0; i < vectors.count; ++i) {
      const std::uint32_t top = top_class(golden, i);
      if (top == kNoTop || top != top_class(first, i)) differs[i] = true;
    }
  }
  std::vector<std::uint32_t> numbers;
  for (std::uint32_t i = 0; i < vectors.count; ++i) {
    if (differs[i]) numbers.push_back(i);
  }
  return numbers;
}

}  // namespace tinyhil::metric
