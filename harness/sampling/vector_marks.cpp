// SPDX-License-Identifier: Apache-2.0
#include "vector_marks.hpp"

#include <algorithm>
#include <iterator>

namespace tinyhil::sampling {

VectorMarks vector_marks(const VectorSet& vectors) {
  VectorMarks marks;
  marks.reserve(vectors.count);
  for (std::size_t i = 0; i < vectors.count; ++i) {
    const Digest digest = sha256(vectors.vector(i));
    std::uint64_t mark = 0;
    for (std::size_t byte = 0; byte < 8; ++byte) mark |= std::uint64_t{digest.bytes[byte]} << (8 * byte);
    marks.push_back(mark);
  }
  std::ranges::sort(marks);
  return marks;
}

std::size_t count_common(const VectorMarks& marks, const VectorMarks& others) {
  VectorMarks common;
  std::ranges::set_intersection(marks, others, std::back_inserter(common));
  return common.size();
}

}  // namespace tinyhil::sampling
