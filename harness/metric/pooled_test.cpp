// SPDX-License-Identifier: Apache-2.0
#include "pooled.hpp"

#include <gmock/gmock.h>

#include "model/inference_rows.hpp"
#include "testing/trial.hpp"

namespace tinyhil::metric {
namespace {

using testing::ElementsAre;

// vector, repeat, status, clock, timer, output size, outputs
Trial on(const std::string& board, InferenceRows rows) {
  Trial trial = test::trial_of(std::move(rows));
  trial.info.board.name = board;
  trial.info.board.serial = "s" + board;
  return trial;
}

Trial board_a() { return on("a", {{2, 0}, {0, 0}, {0, 0}, {70, 50}, {5, 5}, 2, {9, 1, 1, 9}}); }
Trial board_b() {
  return on("b", {{0, 3, 1}, {0, 0, 0}, {0, 0, 2}, {51, 80, 60}, {5, 5, 5}, 2, {4, 4, 3, 3, 2, 2}});
}

TEST(Pooled, PutsTheRowsOfAllBoardsInOrderAndTakesACommonVectorFromTheFirst) {
  const Trial a = board_a(), b = board_b();
  const Trial whole = pooled({&a, &b});
  EXPECT_THAT(whole.rows.vector, ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(whole.rows.clock, ElementsAre(50, 60, 70, 80));
  EXPECT_THAT(whole.rows.status, ElementsAre(0, 2, 0, 0));
  EXPECT_THAT(whole.rows.outputs, ElementsAre(1, 9, 2, 2, 9, 1, 3, 3));
  EXPECT_EQ(whole.state, TrialState::complete);
  EXPECT_EQ(whole.info.board.name, "a+b");
  EXPECT_EQ(whole.info.board.serial, "sa+sb");
}

TEST(Pooled, TakesAVectorFromTheBoardThatIsNamed) {
  const Trial a = board_a(), b = board_b();
  const std::vector<std::uint16_t> from{1, 1, 0, 1};
  EXPECT_THAT(pooled({&a, &b}, from).rows.clock, ElementsAre(51, 60, 70, 80));
}

TEST(Pooled, KeepsTheRepeatsOfAVectorTogether) {
  const Trial a = on("a", {{1, 1}, {1, 0}, {0, 0}, {61, 60}, {5, 5}, 2, {1, 2, 3, 4}});
  const Trial b = on("b", {{1, 1}, {0, 1}, {0, 0}, {90, 91}, {5, 5}, 2, {0, 0, 0, 0}});
  const Trial whole = pooled({&a, &b});
  EXPECT_THAT(whole.rows.repeat, ElementsAre(0, 1));
  EXPECT_THAT(whole.rows.clock, ElementsAre(60, 61));
  EXPECT_THAT(whole.rows.outputs, ElementsAre(3, 4, 1, 2));
}

TEST(Pooled, IsAsBadAsTheWorstBoardAndSaysWhichItWas) {
  Trial a = board_a(), b = board_b();
  b.state = TrialState::interrupted;
  EXPECT_EQ(pooled({&a, &b}).state, TrialState::interrupted);
  a.state = TrialState::faulted;
  a.fault = Fault{FaultKind::timeout, "no answer", {}, {}};
  b.survived.push_back({Fault{FaultKind::reset, "the device crashed", {}, {}}, VectorNumber{3}, true});
  const Trial whole = pooled({&a, &b});
  EXPECT_EQ(whole.state, TrialState::faulted);
  EXPECT_EQ(whole.fault->what, "on board a: no answer");
  EXPECT_EQ(whole.survived.at(0).fault.what, "on board b: the device crashed");
  EXPECT_EQ(whole.survived.at(0).vector, VectorNumber{3});
}

TEST(Pooled, DrewAsFarAsEveryBoardDid) {
  Trial a = board_a(), b = board_b();
  EXPECT_EQ(pooled({&a, &b}).drawn, std::nullopt);
  a.drawn = 3;
  EXPECT_EQ(pooled({&a, &b}).drawn, 3u);
  b.drawn = 2;
  EXPECT_EQ(pooled({&a, &b}).drawn, 2u);
}

}  // namespace
}  // namespace tinyhil::metric
