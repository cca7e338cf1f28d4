// SPDX-License-Identifier: Apache-2.0
#include <numeric>

#include "base/error.hpp"
#include "model/inference_rows.hpp"
#include "testing/runner_fixture.hpp"

namespace tinyhil::campaign {
using test::RunnerTest;

namespace {

TEST_F(RunnerTest, TheModelsTakeTurns) {
  campaign_.repeats = 2;
  std::vector<std::string> order;
  RunSetup watched = setup();
  watched.progress = [&](const Progress& progress) { order.push_back(progress.model); };
  run(watched);
  EXPECT_EQ(order, (std::vector<std::string>{"base", "new"})) << "both of one request";
  campaign_.order = Order::sequential;
  order.clear();
  sink_ = {};
  run(watched);
  EXPECT_EQ(order, (std::vector<std::string>{"base", "new"}));
  expect_all_rows(sink_.trials[1], 50);
}

TEST_F(RunnerTest, RunsTheVectorsInTheOrderGivenAndStoresThemByTheirOrdinals) {
  RunSetup drawn = setup();
  drawn.order = {3, 0, 4, 1, 2};
  run(drawn);
  ASSERT_EQ(sink_.trials.size(), 2U);
  EXPECT_EQ(sink_.trials[0].rows.vector, (std::vector<std::uint32_t>{3, 0, 4, 1, 2}));
  expect_all_rows(sink_.trials[0], 0);
  expect_all_rows(sink_.trials[1], 50);
  EXPECT_EQ(sink_.trials[0].drawn, std::nullopt);
}

TEST_F(RunnerTest, EndsWhenEveryCandidateIsSettledAndTheBaselineWithTheLast) {
  campaign_.models.push_back(test::model("late", {'F', 0, 4, 0, 1, 0, 9}));
  campaign_.candidates.push_back("late");
  RunSetup drawn = setup();
  drawn.order = {3, 0, 4, 1, 2};
  drawn.looks = {1, 2, 4, 5};
  LookMeeting meeting(io_.get_executor(), 1, [](std::uint64_t at) {
    return test::decided(at < 2 ? Settled{} : at < 4 ? Settled{"new"} : Settled{"new", "late"});
  });
  drawn.meeting = &meeting;
  run(drawn);
  ASSERT_EQ(sink_.trials.size(), 3U);
  const auto vectors_of = [&](const std::string& name) {
    for (const test::StoredTrial& trial : sink_.trials) {
      if (trial.info.model == name) return std::pair(trial.rows.vector, trial.drawn);
    }
    return std::pair(std::vector<std::uint32_t>{}, std::optional<std::uint64_t>{});
  };
  EXPECT_EQ(vectors_of("new"), std::pair(std::vector<std::uint32_t>{3, 0}, std::optional<std::uint64_t>(2)));
  const std::vector<std::uint32_t> four{3, 0, 4, 1};
  EXPECT_EQ(vectors_of("late"), std::pair(four, std::optional<std::uint64_t>(4)));
  EXPECT_EQ(vectors_of("base"), std::pair(four, std::optional<std::uint64_t>(4)));
  for (const test::StoredTrial& trial : sink_.trials) EXPECT_EQ(trial.state, TrialState::complete);
}

TEST_F(RunnerTest, RunsItsShareOfTheVectors) {
  test::Bytes firsts(70);
  for (std::size_t i = 0; i < firsts.size(); ++i) firsts[i] = static_cast<std::uint8_t>(i);
  set_vectors(firsts);
  RunSetup half = setup();
  half.share = {1, 2};
  half.looks = {66, 69, 70};
  LookMeeting meeting(io_.get_executor(), 1,
                      [](std::uint64_t at) { return test::decided(at < 69 ? Settled{} : Settled{"new"}); });
  half.meeting = &meeting;
  run(half);
  std::vector<std::uint32_t> expected(65);
  std::iota(expected.begin(), expected.end(), 0U);
  expected.insert(expected.end(), {65, 67});
  EXPECT_EQ(sink_.trials.at(0).rows.vector, expected);
  EXPECT_EQ(sink_.trials.at(0).drawn, 69U) << "of the whole run";
  EXPECT_EQ(sink_.trials.at(1).rows.vector, expected);
}

TEST_F(RunnerTest, TheBaselineRunsASecondTimeOverTheFirstVectorsAsAControl) {
  RunSetup controlled = setup();
  controlled.control_vectors = 2;
  run(controlled);
  ASSERT_EQ(sink_.trials.size(), 3U);
  const test::StoredTrial& control = sink_.trials[2];
  EXPECT_EQ(control.info.model, "base");
  EXPECT_EQ(control.info.role, TrialRole::control);
  EXPECT_EQ(control.rows.vector, (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(control.drawn, 2U);
  EXPECT_EQ(control.state, TrialState::complete);
  expect_all_rows(sink_.trials[0], 0);
}

TEST_F(RunnerTest, GoldenOutputsOfAnotherSizeAreAUsageError) {
  campaign_.results = ResultForm::digest;
  vectors_.golden["golden"] = {2, test::Bytes(10), Tensor{DType::int8, 1, {2, 1, 1, 1}, 0, 0}};
  campaign_.models[0].golden = "golden";
  campaign_.models[1].golden = "golden";
  EXPECT_EQ(failed_run(), ErrorKind::usage);
  EXPECT_NE(message_.find("2 elements"), std::string::npos) << message_;
}

TEST_F(RunnerTest, AFailedInvokeIsARowAndNotAFault) {
  set_vectors({0, 0xEE, 2});
  run();
  const test::StoredTrial& base = sink_.trials.at(0);
  EXPECT_EQ(base.state, TrialState::complete);
  EXPECT_TRUE(base.survived.empty());
  EXPECT_EQ(base.rows.status, (test::Bytes{0, static_cast<std::uint8_t>(RowStatus::invoke_failed), 0}));
}

TEST_F(RunnerTest, ARefusedCandidateIsFaultedAndTheOthersStillRun) {
  campaign_.models.insert(campaign_.models.begin(), test::model("odd", {'F', 2, 4, 0, 1, 0, 0}));
  campaign_.candidates = {"odd", "new"};
  run();
  ASSERT_EQ(sink_.trials.size(), 3U);
  EXPECT_EQ(sink_.trials[1].info.model, "odd");
  EXPECT_EQ(sink_.trials[1].state, TrialState::faulted);
  EXPECT_EQ(sink_.trials[1].fault->kind, FaultKind::refused);
  EXPECT_EQ(sink_.trials[2].state, TrialState::complete);
}

TEST_F(RunnerTest, ARefusedBaselineEndsTheRun) {
  campaign_.models[1] = test::model("base", {'X'});
  EXPECT_EQ(failed_run(), ErrorKind::usage);
  EXPECT_NE(message_.find("the baseline cannot run"), std::string::npos) << message_;
}

TEST_F(RunnerTest, AnEmulatedBoardMayNotBeCalledAReal) {
  board_ = board(Provenance::real);
  EXPECT_EQ(failed_run(), ErrorKind::usage);
}

TEST_F(RunnerTest, VectorsOfAnotherShapeAreAUsageErrorThatNamesBothShapes) {
  vectors_.input.only().dims = {4, 4, 1, 1};
  vectors_.inputs.resize(5 * 16);
  EXPECT_EQ(failed_run(), ErrorKind::usage);
  EXPECT_NE(message_.find("4x4"), std::string::npos) << message_;
}

TEST_F(RunnerTest, VectorsOfAnotherQuantisationAreAUsageError) {
  vectors_.input.only().scale = 0.5F;
  EXPECT_EQ(failed_run(), ErrorKind::usage);
}

}  // namespace
}  // namespace tinyhil::campaign
