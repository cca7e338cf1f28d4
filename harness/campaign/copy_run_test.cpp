// SPDX-License-Identifier: Apache-2.0
#include "copy_run.hpp"

#include <gmock/gmock.h>

#include "testing/memory_store.hpp"

namespace tinyhil::campaign {
namespace {

using testing::ElementsAre;

RunRecord record() {
  RunRecord run;
  run.campaign = "wake_word";
  run.campaign_file = "/jobs/7/files/campaign.yaml";
  run.campaign_digest = sha256("campaign");
  run.started_at = "2026-11-30T14:05:09Z";
  run.order_seed = 12;
  return run;
}

TrialInfo info() {
  TrialInfo info;
  info.model = "slim";
  info.vectors_digest = sha256("vectors");
  info.vector_count = 6;
  info.board.name = "m4";
  info.input = info.output = TensorList(Tensor{});
  return info;
}

InferenceRows rows(std::initializer_list<std::uint32_t> vectors) {
  InferenceRows rows;
  rows.output_size = info().output.bytes();
  rows.resize(vectors.size());
  rows.vector.assign(vectors);
  rows.device_run.assign(rows.size(), 1);
  rows.run_index.assign(rows.size(), 0);
  rows.received_us.clear();
  for (const std::uint32_t vector : vectors) rows.received_us.push_back(1'000'000 + vector);
  return rows;
}

class ACopy : public testing::Test {
 protected:
  std::int64_t copy() {
    RunRecord as = record();
    as.campaign_file = "campaign.yaml";
    return copy_run({from_, run_, as, "campaign-7-"}, to_);
  }
  std::vector<std::uint32_t> copied() const {
    std::vector<std::uint32_t> vectors;
    for (const Trial& trial : to_.trials(to_.runs().front().id))
      vectors.insert(vectors.end(), trial.rows.vector.begin(), trial.rows.vector.end());
    return vectors;
  }

  test::MemoryStore from_;
  test::MemoryStore to_;
  std::int64_t run_ = from_.begin_run(record());
  std::int64_t trial_ = from_.begin_trial(run_, info());
};

TEST_F(ACopy, HasEachRowAndHowTheTrialEnded) {
  from_.append(trial_, rows({0, 1, 2}));
  from_.append(trial_, rows({3, 4, 5}));
  from_.add_fault(trial_, {{FaultKind::reset, "it restarted", ""}, VectorNumber{3}, true});
  from_.end_trial(trial_, {TrialState::complete, {}, {}});
  from_.end_run(run_);
  const std::int64_t id = copy();
  EXPECT_THAT(copied(), ElementsAre(0, 1, 2, 3, 4, 5));
  const Trial trial = to_.trials(id).front();
  EXPECT_EQ(trial.state, TrialState::complete);
  EXPECT_EQ(trial.survived.size(), 1U);
  EXPECT_TRUE(to_.has_ended(id));
  EXPECT_EQ(to_.run(id)->campaign_file, "campaign.yaml");
  EXPECT_EQ(to_.run(id)->order_seed, 12U);
  EXPECT_FALSE(to_.verify_chain(id));
}

TEST_F(ACopy, MadeAgainGetsOnlyWhatItLacks) {
  from_.append(trial_, rows({0, 1}));
  from_.end_trial(trial_, {TrialState::interrupted, {}, {}});
  const std::int64_t first = copy();
  EXPECT_FALSE(to_.has_ended(first));
  from_.append(trial_, rows({2, 3, 4, 5}));
  from_.end_trial(trial_, {TrialState::complete, {}, {}});
  from_.end_run(run_);
  EXPECT_EQ(copy(), first);
  EXPECT_EQ(copy(), first) << "and once more";
  EXPECT_THAT(copied(), ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_EQ(to_.trials(first).front().state, TrialState::complete);
  EXPECT_TRUE(to_.has_ended(first));
  EXPECT_EQ(to_.runs().size(), 1U);
}

TEST_F(ACopy, HasTheAttemptsThatFailedBeforeAndThoseThatFailedMeanwhile) {
  from_.append(trial_, rows({0}));
  RunRecord as = record();
  as.failed_attempts = {{{"m4"}, "bench", "the port is gone"}};
  const std::int64_t id = copy_run({from_, run_, as}, to_);
  EXPECT_EQ(to_.run(id)->failed_attempts.size(), 1U);
  as.failed_attempts.push_back({{"m7"}, "board", "it does not answer"});
  EXPECT_EQ(copy_run({from_, run_, as}, to_), id);
  EXPECT_EQ(copy_run({from_, run_, as}, to_), id) << "and once more";
  ASSERT_EQ(to_.run(id)->failed_attempts.size(), 2U);
  EXPECT_EQ(to_.run(id)->failed_attempts[1].what, "it does not answer");
  EXPECT_FALSE(to_.verify_chain(id));
}

TEST_F(ACopy, IsAppendedToAStoreThatHasOtherRuns) {
  RunRecord other = record();
  other.started_at = "2026-11-30T14:05:08Z";
  const std::int64_t older = to_.begin_run(other);
  from_.append(trial_, rows({0}));
  EXPECT_NE(copy(), older);
  EXPECT_EQ(to_.runs().size(), 2U);
}

TEST_F(ACopy, IsNotTakenForARunOfAnotherBoardInTheSameSecond) {
  test::MemoryStore elsewhere;
  const std::int64_t other = elsewhere.begin_run(record());
  InferenceRows later = rows({0});
  later.received_us = {7};
  elsewhere.append(elsewhere.begin_trial(other, info()), later);
  copy_run({elsewhere, other, record()}, to_);
  from_.append(trial_, rows({0}));
  copy();
  EXPECT_EQ(to_.runs().size(), 2U);
}

TEST_F(ACopy, HasTheRecordingsWithTracesUnderTheirNewNames) {
  RecordingInfo meter;
  meter.board = "m4";
  const std::int64_t recording = from_.begin_recording(run_, meter);
  from_.add_windows(recording, std::vector<MeasuredWindow>(2));
  RecordingEnd end;
  end.trace = "traces/run-1-m4-1.trace";
  from_.end_recording(recording, end);
  from_.append(trial_, rows({0}));
  const std::int64_t id = copy();
  copy();
  const std::vector<Recording> copies = to_.recordings(id);
  ASSERT_EQ(copies.size(), 1U);
  EXPECT_EQ(copies[0].windows.size(), 2U);
  EXPECT_EQ(copies[0].end.trace, "traces/campaign-7-run-1-m4-1.trace");
}

}  // namespace
}  // namespace tinyhil::campaign
