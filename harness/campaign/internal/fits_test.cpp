// SPDX-License-Identifier: Apache-2.0
#include "fits.hpp"

#include <gmock/gmock.h>

#include "testing/complaint.hpp"

namespace tinyhil::campaign {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const Tensor kImage{DType::int8, 4, {1, 8, 8, 2}, 0.5F, -3};
const Tensor kNumbers{DType::int8, 2, {1, 6, 1, 1}, 0.25F, 0};
const Tensor kScores{DType::int8, 2, {1, 3, 1, 1}, 0.5F, 0};
const TensorList kTwo({kImage, kNumbers});

struct Fits : testing::Test {
  Fits() {
    vectors.file = "v.npz";
    vectors.input = kTwo;
    model.name = "m";
    model.golden = "golden_m";
    vectors.golden["golden_m"].output = TensorList({kScores, kNumbers});
    campaign.file = "campaign.yaml";
    campaign.results = ResultForm::top_k;
  }
  std::string input(const TensorList& wanted) {
    return test::complaint([&] { check_input(vectors, model, wanted); });
  }
  std::string golden(const TensorList& output) {
    return test::complaint([&] { check_golden(vectors, model, output); });
  }

  VectorSet vectors;
  ModelFile model;
  Campaign campaign;
};

TEST_F(Fits, VectorsOfTheModelsTensorsDo) {
  EXPECT_EQ(input(kTwo), "accepted");
  EXPECT_EQ(golden(TensorList({kScores, kNumbers})), "accepted");
}

TEST_F(Fits, AnotherNumberOrOrderOfInputsIsNamed) {
  EXPECT_THAT(input(kImage),
              StartsWith("v.npz: the vectors are 1x8x8x2 int8 and 1x6 int8, model `m` takes 1x8x8x2 int8"));
  EXPECT_THAT(input(TensorList({kNumbers, kImage})), HasSubstr("takes 1x6 int8 and 1x8x8x2 int8"));
}

TEST_F(Fits, TheInputWithAnotherQuantisationIsNamed) {
  Tensor other = kNumbers;
  other.scale = 1;
  EXPECT_THAT(input(TensorList({kImage, other})),
              HasSubstr("with scale 0.250000, zero point 0; model `m` expects 1.000000, 0 for its input 1"));
}

TEST_F(Fits, GoldenOutputsOfAnotherNumberOrTypeAreNamed) {
  EXPECT_THAT(golden(kScores),
              StartsWith("v.npz: `golden_m` has 3 elements of int8 and 6 of int8 an output, model `m` gives "
                         "1x3 int8"));
  Tensor wide = kNumbers;
  wide.dtype = DType::float32;
  EXPECT_THAT(golden(TensorList({kScores, wide})), HasSubstr("`golden_m_0`, ... in the order and types"));
}

TEST_F(Fits, TheLargestElementsOfSeveralOutputsAreRefused) {
  EXPECT_THAT(
      test::complaint([&] { check_top_k(campaign, model, kTwo); }),
      StartsWith("campaign.yaml: model `m` has 2 outputs, and `results: top-k` names elements of one"));
  EXPECT_EQ(test::complaint([&] { check_top_k(campaign, model, kScores); }), "accepted");
}

}  // namespace
}  // namespace tinyhil::campaign
