// SPDX-License-Identifier: Apache-2.0
// What a run leaves behind for the one that takes it up again: what it outlived, and whether it ended.
#include <gmock/gmock.h>

#include "store.hpp"
#include "testing/database.hpp"

namespace tinyhil {
namespace {

using testing::HasSubstr;

using ResumeTest = TestDatabase;

TEST_F(ResumeTest, GivesBackTheFaultsThatATrialOutlivedAsTheyHappened) {
  Store store = Store::open(file_, Store::Access::read_write);
  const std::int64_t run = store.begin_run(wake_word_run());
  const std::int64_t trial = store.begin_trial(run, shipped_on_m4());
  TrialInfo slim = shipped_on_m4();
  slim.model = "slim";
  const std::int64_t other = store.begin_trial(run, slim);
  store.add_fault(
      trial,
      {{FaultKind::reset, "it crashed", "pc=0x080012a4", "load the map file"}, VectorNumber{17}, true});
  store.add_fault(other, {{FaultKind::timeout, "it hung", "", ""}, VectorNumber{0}, true});
  store.add_fault(trial, {{FaultKind::corrupt, "noise on the line", "0xff", ""}, {}, false});

  const std::vector<SurvivedFault> survived = store.trials(run).at(0).survived;
  ASSERT_EQ(survived.size(), 2u);
  EXPECT_EQ(survived[0].fault.kind, FaultKind::reset);
  EXPECT_EQ(survived[0].fault.what, "it crashed");
  EXPECT_EQ(survived[0].fault.evidence, "pc=0x080012a4");
  EXPECT_EQ(survived[0].fault.remedy, "load the map file");
  EXPECT_EQ(survived[0].vector, VectorNumber{17});
  EXPECT_TRUE(survived[0].of_the_device);
  EXPECT_EQ(survived[1].fault.kind, FaultKind::corrupt);
  EXPECT_EQ(survived[1].vector, std::nullopt);
  EXPECT_FALSE(survived[1].of_the_device);
  EXPECT_EQ(store.trials(run).at(1).survived.at(0).vector, VectorNumber{0});
  EXPECT_EQ(store.trials(run).at(0).state, TrialState::running);
}

TEST_F(ResumeTest, RefusesAFaultOfATrialThatEndedOrOfAVectorThatItDoesNotHave) {
  Store store = Store::open(file_, Store::Access::read_write);
  const std::int64_t run = store.begin_run(wake_word_run());
  const std::int64_t trial = store.begin_trial(run, shipped_on_m4());
  const Fault fault{FaultKind::reset, "it crashed", "", ""};
  EXPECT_THAT(error_of([&] {
                store.add_fault(trial, {fault, VectorNumber{1000}, true});
              }).what(),
              HasSubstr("vector 1000 is outside"));
  store.end_trial(trial, {});
  EXPECT_THAT(error_of([&] {
                store.add_fault(trial, {fault, VectorNumber{1}, true});
              }).what(),
              HasSubstr("ended as complete"));
  EXPECT_EQ(store.trials(run).at(0).survived.size(), 0u);
}

TEST_F(ResumeTest, FindsTheRunThatNeverEnded) {
  const Digest campaign = wake_word_run().campaign_digest;
  {
    Store killed = Store::open(file_, Store::Access::read_write);
    killed.append(killed.begin_trial(killed.begin_run(wake_word_run()), shipped_on_m4()), rows_from(0, 5));
  }
  Store store = Store::open(file_, Store::Access::read_write);
  const std::optional<RunRecord> run = store.unfinished_run("wake-word", campaign);
  ASSERT_TRUE(run);
  EXPECT_EQ(run->id, 1);
  const std::vector<Trial> trials = store.trials(run->id);
  EXPECT_EQ(trials.at(0).state, TrialState::running);
  EXPECT_EQ(trials.at(0).rows.size(), 5u);
  store.append(trials[0].id, rows_from(5, 5));
  store.end_trial(trials[0].id, {});
  EXPECT_TRUE(store.unfinished_run("wake-word", campaign));

  store.end_run(run->id);
  EXPECT_FALSE(store.unfinished_run("wake-word", campaign));
}

TEST_F(ResumeTest, FindsOnlyTheLatestRunOfTheSameCampaignFile) {
  Store store = Store::open(file_, Store::Access::read_write);
  const Digest campaign = wake_word_run().campaign_digest;
  EXPECT_FALSE(store.unfinished_run("wake-word", campaign));
  store.begin_run(wake_word_run());
  EXPECT_FALSE(store.unfinished_run("doorbell", campaign));
  EXPECT_FALSE(store.unfinished_run("wake-word", sha256("an edited campaign")));
  const std::int64_t later = store.begin_run(wake_word_run());
  EXPECT_EQ(store.unfinished_run("wake-word", campaign)->id, later);
  store.end_run(later);
  EXPECT_FALSE(store.unfinished_run("wake-word", campaign));
}

TEST_F(ResumeTest, EndsARunOnceHoweverOftenItIsSaid) {
  Store store = Store::open(file_, Store::Access::read_write);
  const std::int64_t run = store.begin_run(wake_word_run());
  store.end_run(run);
  store.end_run(run);
  EXPECT_FALSE(store.unfinished_run("wake-word", wake_word_run().campaign_digest));
  EXPECT_EQ(error_of([&] { store.end_run(run + 1); }).kind(), ErrorKind::bench_fault);
}

}  // namespace
}  // namespace tinyhil
