// SPDX-License-Identifier: Apache-2.0
// A board that holds one model at a time, and few vectors.
#include <numeric>

#include "testing/runner_fixture.hpp"

namespace tinyhil::campaign {
namespace {

class SmallBoardTest : public test::RunnerTest {
 protected:
  SmallBoardTest() {
    fake_.models.count = 1;
    fake_.vectors = {1, 64};
    campaign_.models = {test::model("base", {'F', 0, 4, 0, 1, 0, 0}),
                        test::model("new", {'F', 0, 4, 0, 1, 0, 50})};
    for (ModelFile& file : campaign_.models) {
      file.content.resize(1000);  // more than all vectors
      file.content[7] = 0;
      file.digest = sha256(file.content);
    }
    test::Bytes firsts(20);
    std::iota(firsts.begin(), firsts.end(), std::uint8_t{0});
    set_vectors(firsts);
  }
  // The models whose results are stored one after the other, as often as they change.
  std::string run_and_watch(RunSetup watched) {
    std::string order;
    watched.progress = [&](const Progress& progress) {
      const std::string name = " " + progress.model;
      if (!order.ends_with(name)) order += name;
    };
    run(watched);
    return order;
  }
};

TEST_F(SmallBoardTest, AModelThatStandsAloneStaysForAllVectors) {
  EXPECT_EQ(run_and_watch(setup()), " base new");
  expect_all_rows(sink_.trials.at(0), 0);
  expect_all_rows(sink_.trials.at(1), 50);
}

TEST_F(SmallBoardTest, EachLookBeginsWithTheModelThatIsThere) {
  RunSetup looking = setup();
  looking.looks = {5, 9, 20};
  LookMeeting meeting(io_.get_executor(), 1, [](std::uint64_t) { return test::decided({}); });
  looking.meeting = &meeting;
  EXPECT_EQ(run_and_watch(looking), " base new base new");
  expect_all_rows(sink_.trials.at(0), 0);
  expect_all_rows(sink_.trials.at(1), 50);
}

TEST_F(SmallBoardTest, TheControlStandsAsFarFromTheBaselineAsACandidate) {
  RunSetup controlled = setup();
  controlled.control_vectors = 3;
  run(controlled);
  ASSERT_EQ(sink_.trials.size(), 3U);
  EXPECT_EQ(sink_.trials[2].info.role, TrialRole::control);
  EXPECT_EQ(sink_.trials[2].rows.vector, (std::vector<std::uint32_t>{0, 1, 2}));
}

TEST_F(SmallBoardTest, WhereVectorsAreDearerThanModelsTheModelsTakeTurns) {
  fake_.vectors.size = 96;
  set_vectors(test::Bytes(200));
  EXPECT_EQ(run_and_watch(setup()), " base new");
  campaign_.models = {test::model("base", {'F', 0, 4, 0, 1, 0, 0}),
                      test::model("new", {'F', 0, 4, 0, 1, 0, 50})};
  sink_ = {};
  EXPECT_TRUE(run_and_watch(setup()).starts_with(" base new base new base"));
  EXPECT_EQ(sink_.trials.at(0).outputs().size(), 200U);
  EXPECT_EQ(sink_.trials.at(1).outputs().size(), 200U);
}

}  // namespace
}  // namespace tinyhil::campaign
