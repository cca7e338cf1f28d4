// SPDX-License-Identifier: Apache-2.0
// A quantity beside latency, as a meter would give one: read from the column `timer`, which serves as its
// stand-in. 0 is a row that the meter missed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compare.hpp"
#include "metric.hpp"
#include "model/inference_rows.hpp"
#include "testing/trial.hpp"

namespace tinyhil::metric {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Quantity kEnergy{"energy", "energies", Unit::microjoules, Unit::microjoules, "meter"};

RowQuantities metered() {
  return {{kEnergy,
           [](const TrialInfo& info) { return info.board.serial == "no meter" ? 0U : 1'000'000'000U; },
           [](const InferenceRows& rows, std::size_t row) {
             return rows.timer[row] == 0 ? std::nullopt : std::optional(rows.timer[row]);
           },
           [](const TrialInfo& candidate, const TrialInfo& baseline) {
             return std::string(candidate.board.name == baseline.board.name ? "" : "another board");
           }}};
}

// Four vectors; of the third the meter saw nothing, the fourth was disturbed.
Trial measured_trial(std::uint32_t more) {
  InferenceRows rows{{0, 1, 2, 3},
                     {0, 0, 0, 0},
                     {0, 0, 0, static_cast<std::uint8_t>(RowStatus::disturbed)},
                     {100, 100, 100, 100},
                     {3'000 + more, 2'000 + more, 0, 9'000},
                     2,
                     {9, 1, 1, 9, 1, 9, 9, 1}};
  return test::trial_of(std::move(rows));
}

TEST(Quantity, OfAMeterIsInTheScorecardBesideLatency) {
  const Scorecard card = score(measured_trial(0), test::four_vectors(), test::kNoGolden, metered());
  ASSERT_EQ(card.further.size(), 1u);
  const Measured& energy = measured(card, kEnergy);
  EXPECT_EQ(&energy, &card.further[0]);
  EXPECT_THAT(energy.sorted, ElementsAre(2'000, 3'000));
  EXPECT_THAT(energy.by_vector, ElementsAre(3'000, 2'000, 0, 0));
  EXPECT_EQ(energy.disturbed, 1u);
  EXPECT_DOUBLE_EQ(energy.in_unit(energy.steps_at(1)), 3.0);
  EXPECT_THAT(card.latency.sorted, ElementsAre(100, 100, 100));
}

TEST(Quantity, OfABoardWithoutAMeterIsNotInTheScorecard) {
  Trial trial = measured_trial(0);
  trial.info.board.serial = "no meter";
  const Scorecard card = score(trial, test::four_vectors(), test::kNoGolden, metered());
  EXPECT_THAT(card.further, IsEmpty());
  EXPECT_EQ(measured(card, kEnergy).steps_per_base, 0u);
  EXPECT_FALSE(measured(card, kEnergy).is_known());
}

TEST(Quantity, IsPairedByVectorInTheComparison) {
  const Comparison found =
      compare_with(measured_trial(5), measured_trial(0), test::four_vectors(), metered());
  const PairedSteps& energy = found.of(kEnergy);
  EXPECT_EQ(energy.unlike, "");
  EXPECT_THAT(energy.change, ElementsAre(ValueCount{5, 2}));
  EXPECT_THAT(energy.candidate, ElementsAre(ValueCount{2'005, 1}, ValueCount{3'005, 1}));
  EXPECT_THAT(energy.baseline, ElementsAre(ValueCount{2'000, 1}, ValueCount{3'000, 1}));
  EXPECT_THAT(found.of(kLatency).change, ElementsAre(ValueCount{0, 3}));
}

TEST(Quantity, OfUnlikeTrialsIsNotPaired) {
  Trial other = measured_trial(0);
  other.info.board.name = "desk-2";
  const Comparison found = compare_with(measured_trial(5), other, test::four_vectors(), metered());
  EXPECT_EQ(found.of(kEnergy).unlike, "another board");
  EXPECT_THAT(found.of(kEnergy).change, IsEmpty());
}

TEST(Quantity, BesideLatencyThereIsNoneYet) {
  EXPECT_THAT(further_quantities(), IsEmpty());
  EXPECT_THAT(compare(measured_trial(5), measured_trial(0), test::four_vectors()).further, IsEmpty());
}

}  // namespace
}  // namespace tinyhil::metric
