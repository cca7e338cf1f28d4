// SPDX-License-Identifier: Apache-2.0
#include "equal_vectors.hpp"

#include <gmock/gmock.h>

namespace tinyhil {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

VectorSet of_one_byte(std::vector<std::uint8_t> inputs) {
  VectorSet set;
  set.count = inputs.size();
  set.input = Tensor{DType::uint8, 2, {1, 1, 1, 1}, 0, 0};
  set.inputs = std::move(inputs);
  return set;
}

TEST(EqualVectors, ShareTheGroupOfTheFirst) {
  VectorSet set = of_one_byte({7, 8, 7, 9, 7});
  EXPECT_EQ(group_equal_vectors(set), 2u);
  EXPECT_THAT(set.group, ElementsAre(0, 1, 0, 3, 0));
}

TEST(EqualVectors, JoinTheRecordingOfTheFirst) {
  VectorSet set = of_one_byte({7, 8, 7});
  set.group = {5, 5, 6};
  EXPECT_EQ(group_equal_vectors(set), 1u);
  EXPECT_THAT(set.group, ElementsAre(5, 5, 5));
}

TEST(EqualVectors, ChangeNothingWhereThereAreNone) {
  VectorSet set = of_one_byte({7, 8, 9});
  EXPECT_EQ(group_equal_vectors(set), 0u);
  EXPECT_THAT(set.group, IsEmpty());
}

}  // namespace
}  // namespace tinyhil
