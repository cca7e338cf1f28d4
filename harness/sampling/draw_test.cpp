// SPDX-License-Identifier: Apache-2.0
#include "draw.hpp"

#include <gmock/gmock.h>

#include "model/inference_rows.hpp"

namespace tinyhil::sampling {
namespace {

using testing::ElementsAre;

VectorSet three_vectors() {
  VectorSet vectors;
  vectors.count = 3;
  vectors.input.only().rank = 1;
  vectors.input.only().dims = {2, 1, 1, 1};
  vectors.inputs = {10, 11, 20, 21, 30, 31};
  vectors.golden["golden_new"] = {1, {1, 2, 3}};
  return vectors;
}

TEST(Draw, LaysInputsAndGoldenOutputsOutByPlace) {
  const VectorSet vectors = three_vectors();
  const Draw draw(vectors, {2, 0, 1});
  EXPECT_THAT(draw.vectors().inputs, ElementsAre(30, 31, 10, 11, 20, 21));
  EXPECT_THAT(draw.vectors().golden.at("golden_new").outputs, ElementsAre(3, 1, 2));
}

TEST(Draw, GivesRowsTheirOrdinalsAndTheirPlacesBack) {
  const VectorSet vectors = three_vectors();
  const Draw draw(vectors, {2, 0, 1});
  InferenceRows rows;
  rows.vector = {0, 1, 2};
  EXPECT_THAT(draw.with_numbers(rows).vector, ElementsAre(2, 0, 1));
  EXPECT_THAT(draw.with_positions(draw.with_numbers(rows)).vector, ElementsAre(0, 1, 2));
}

TEST(Draw, WithoutAnOrderIsTheSetItself) {
  const VectorSet vectors = three_vectors();
  const Draw draw(vectors, {});
  EXPECT_EQ(&draw.vectors(), &vectors);
  EXPECT_EQ(draw.number(OrderPosition{1}), VectorNumber{1});
}

}  // namespace
}  // namespace tinyhil::sampling
