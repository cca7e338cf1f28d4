// SPDX-License-Identifier: Apache-2.0
#include "failed_vectors.hpp"

#include <gmock/gmock.h>

namespace tinyhil {
namespace {

using testing::ElementsAre;
using enum Answer;

Scorecard card_of(std::vector<float> scores, std::vector<Answer> answers = {}) {
  Scorecard card;
  card.answers = answers.empty() ? std::vector<Answer>(scores.size(), given) : std::move(answers);
  card.scores = std::move(scores);
  return card;
}

std::vector<std::uint32_t> numbers_of(const std::vector<FailedVector>& failed) {
  std::vector<std::uint32_t> numbers;
  for (const FailedVector& one : failed) numbers.push_back(one.vector);
  return numbers;
}

TEST(FailedVectors, HasWhatWasLostBeforeWhatTheBaselineHasWrong) {
  const Scorecard baseline = card_of({0, 1, 1, 0, 1});
  const Scorecard candidate = card_of({0, 1, 0, 1, 0});
  const std::vector<FailedVector> failed = failed_vectors(candidate, baseline);
  EXPECT_THAT(numbers_of(failed), ElementsAre(2, 4, 0));
  EXPECT_TRUE(failed[0].is_lost && failed[1].is_lost);
  EXPECT_FALSE(failed[2].is_lost);
  EXPECT_EQ(count_lost(failed), 2u);
}

TEST(FailedVectors, HasThoseThatLoseMostFirst) {
  const Scorecard baseline = card_of({1, 1, 0.5, 0.25});
  const Scorecard candidate = card_of({0.75, 0, 0.5, 0});
  EXPECT_THAT(numbers_of(failed_vectors(candidate, baseline)), ElementsAre(1, 3, 0, 2));
}

TEST(FailedVectors, HasTheLowestScoresFirstWhereNothingIsLost) {
  const Scorecard baseline = card_of({0, 0, 0});
  const Scorecard candidate = card_of({0.5, 0.25, 1});
  EXPECT_THAT(numbers_of(failed_vectors(candidate, baseline)), ElementsAre(1, 0));
}

TEST(FailedVectors, CountsACrashAsLostAndAMissingAnswerNot) {
  const Scorecard baseline = card_of({1, 1, 1});
  const Scorecard candidate = card_of({0, 0, 0}, {missing, quarantined, not_run});
  const std::vector<FailedVector> failed = failed_vectors(candidate, baseline);
  EXPECT_THAT(numbers_of(failed), ElementsAre(1, 0));
  EXPECT_TRUE(failed[0].is_lost);
  EXPECT_FALSE(failed[1].is_lost) << "it is neither right nor wrong";
}

TEST(FailedVectors, CountsNothingAsLostWhereTheBaselineDidNotRun) {
  const Scorecard baseline = card_of({0, 1}, {not_run, given});
  const Scorecard candidate = card_of({0, 1});
  EXPECT_THAT(numbers_of(failed_vectors(candidate, baseline)), ElementsAre(0));
  EXPECT_EQ(count_lost(failed_vectors(candidate, baseline)), 0u);
}

}  // namespace
}  // namespace tinyhil
