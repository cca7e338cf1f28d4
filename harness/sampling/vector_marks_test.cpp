// SPDX-License-Identifier: Apache-2.0
#include "vector_marks.hpp"

#include <gtest/gtest.h>

namespace tinyhil::sampling {
namespace {

VectorSet set_of(std::vector<std::uint8_t> inputs) {
  VectorSet set;
  set.count = inputs.size();
  set.input.only().rank = 1;
  set.inputs = std::move(inputs);
  return set;
}

TEST(VectorMarks, DoNotDependOnTheOrderOfVectors) {
  EXPECT_EQ(vector_marks(set_of({1, 2, 3})), vector_marks(set_of({3, 1, 2})));
  EXPECT_NE(vector_marks(set_of({1, 2, 3})), vector_marks(set_of({1, 2, 4})));
}

TEST(VectorMarks, AreCountedInCommon) {
  const VectorMarks all = vector_marks(set_of({1, 2, 3, 4, 4}));
  EXPECT_EQ(count_common(all, all), 5u);
  EXPECT_EQ(count_common(vector_marks(set_of({4, 2, 9})), all), 2u);
  EXPECT_EQ(count_common(vector_marks(set_of({4, 4, 4})), all), 2u);
  EXPECT_EQ(count_common({}, all), 0u);
}

}  // namespace
}  // namespace tinyhil::sampling
