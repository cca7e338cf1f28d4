// SPDX-License-Identifier: Apache-2.0
#include "vector_answers.hpp"

#include <gmock/gmock.h>

#include "testing/trial.hpp"

namespace tinyhil::metric {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kGolden = "shipped";  // 9 1, 1 9, 1 9, 9 1

// Vector 0 twice, the first time without an answer; vector 1 twice; nothing of the others.
Trial sample_trial() {
  return test::trial_of(
      {{0, 0, 1, 1}, {0, 1, 0, 1}, {1, 0, 0, 0}, {5, 5, 5, 5}, {5, 5, 5, 5}, 2, {7, 7, 9, 1, 1, 9, 1, 8}}, 2);
}

TEST(VectorAnswers, GiveTheFirstOutputThatMeansSomething) {
  const Trial trial = sample_trial();
  const VectorSet vectors = test::four_vectors();
  const VectorAnswers answers(trial, vectors, test::kNoGolden);
  EXPECT_THAT(answers.output(0), ElementsAre(9, 1)) << "not of the invoke that failed";
  EXPECT_THAT(answers.output(1), ElementsAre(1, 9));
  EXPECT_THAT(answers.output(2), IsEmpty());
  EXPECT_THAT(answers.output(3), IsEmpty());
}

TEST(VectorAnswers, GiveOutputsInRealUnits) {
  Trial trial = sample_trial();
  trial.info.output.only().scale = 0.5;
  trial.info.output.only().zero_point = 1;
  const VectorSet vectors = test::four_vectors();
  EXPECT_THAT(VectorAnswers(trial, vectors, test::kNoGolden).output(0), ElementsAre(4, 0));
}

TEST(VectorAnswers, SayWhetherAllOutputsOfAVectorAreGolden) {
  const Trial trial = sample_trial();
  const VectorSet vectors = test::four_vectors();
  const VectorAnswers answers(trial, vectors, kGolden);
  EXPECT_EQ(answers.is_golden(0), true);
  EXPECT_EQ(answers.is_golden(1), false) << "its second repeat is not";
  EXPECT_EQ(answers.is_golden(2), std::nullopt) << "it was not run";
  EXPECT_EQ(VectorAnswers(trial, vectors, test::kNoGolden).is_golden(0), std::nullopt);
}

TEST(VectorAnswers, HaveNoOutputOfWhichOnlyTheLargestElementsWereSent) {
  Trial trial = test::trial_of({{0}, {0}, {0}, {5}, {5}, 3, {0, 0, 9}});
  trial.info.top_k = 1;
  const VectorSet vectors = test::four_vectors();
  const VectorAnswers answers(trial, vectors, kGolden);
  EXPECT_THAT(answers.output(0), IsEmpty());
  EXPECT_EQ(answers.is_golden(0), true);
}

TEST(VectorAnswers, RefuseGoldenOutputsThatAreNotThere) {
  const Trial trial = sample_trial();
  const VectorSet vectors = test::four_vectors();
  EXPECT_THAT(test::complaint([&] { VectorAnswers(trial, vectors, "shiped"); }),
              HasSubstr("no array shiped | did you mean `shipped`?"));
}

}  // namespace
}  // namespace tinyhil::metric
