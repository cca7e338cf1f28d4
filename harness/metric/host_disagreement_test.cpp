// SPDX-License-Identifier: Apache-2.0
#include "host_disagreement.hpp"

#include <gmock/gmock.h>

#include <cstring>
#include <limits>

namespace tinyhil::metric {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Golden golden_bytes(std::vector<std::uint8_t> outputs) { return {2, std::move(outputs), Tensor{}}; }

VectorSet three_vectors() {
  VectorSet vectors;
  vectors.count = 3;
  vectors.golden = {{"golden_a", golden_bytes({9, 1, 1, 9, 5, 5})},
                    {"golden_b", golden_bytes({8, 2, 9, 1, 5, 5})},
                    {"golden_c", golden_bytes({9, 1, 1, 9, 0xFF, 5})}};  // -1 is less than 5
  return vectors;
}

TEST(HostDisagreements, AreTheVectorsWithDifferentTopClasses) {
  const VectorSet vectors = three_vectors();
  EXPECT_THAT(host_disagreements(vectors, {"golden_a", "golden_b"}), ElementsAre(1));
  EXPECT_THAT(host_disagreements(vectors, {"golden_a", "golden_c"}), ElementsAre(2));
  EXPECT_THAT(host_disagreements(vectors, {"golden_a", "golden_b", "golden_c"}), ElementsAre(1, 2));
  EXPECT_THAT(host_disagreements(vectors, {"golden_a", "golden_a"}), IsEmpty());
}

TEST(HostDisagreements, CountAnOutputThatIsNoNumber) {
  VectorSet vectors;
  vectors.count = 2;
  const float outputs[] = {1, 2, std::numeric_limits<float>::quiet_NaN(), 2};
  Golden golden{2 * sizeof(float), std::vector<std::uint8_t>(sizeof(outputs)),
                Tensor{DType::float32, 1, {2, 1, 1, 1}, 0, 0}};
  std::memcpy(golden.outputs.data(), outputs, sizeof(outputs));
  vectors.golden = {{"golden_a", golden}};
  EXPECT_THAT(host_disagreements(vectors, {"golden_a"}), ElementsAre(1));
}

}  // namespace
}  // namespace tinyhil::metric
