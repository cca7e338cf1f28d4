// SPDX-License-Identifier: Apache-2.0
// A campaign is stored on a disk whose Nth call fails, for every N. What the store has said to be stored is
// there afterwards, nothing is there twice, the chain is whole, the run can be taken up, and every failure is
// told.
#include <gmock/gmock.h>

#include <algorithm>
#include <optional>

#include "failing_disk_test.hpp"
#include "model/inference_rows.hpp"
#include "testing/database.hpp"

namespace tinyhil::store {
namespace {

using Failure = FailingDisk::Failure;
using Lasting = FailingDisk::Lasting;

constexpr std::uint32_t kBlock = 200;  // rows, some pages of them
constexpr std::uint32_t kBlocks = 4;
constexpr int kCallsMax = 2000;

// What the store said was stored.
struct Said {
  bool run = false;
  bool trial = false;
  std::uint32_t rows = 0;
  bool fault = false;
  bool trial_ended = false;
  bool run_ended = false;
};

std::uint32_t rows_of(const Trial& trial) { return static_cast<std::uint32_t>(trial.rows.size()); }

// Stores what is missing of the campaign, as a host does that takes it up.
void store_campaign(const std::filesystem::path& file, Said& said) {
  SqliteStore store = SqliteStore::open(file, StoreAccess::read_write);
  const auto begun = store.unfinished_run("wake-word", test::wake_word_run().campaign_digest);
  const std::int64_t run = begun ? begun->id : store.begin_run(test::wake_word_run());
  said.run = true;
  const std::vector<Trial> trials = store.trials(run);
  const std::int64_t trial = trials.empty() ? store.begin_trial(run, test::shipped_on_m4()) : trials[0].id;
  said.trial = true;
  std::uint32_t stored = trials.empty() ? 0 : rows_of(trials[0]);
  while (stored < kBlock * kBlocks) {
    store.append(trial, test::rows_from(stored, kBlock));
    stored += kBlock;
    said.rows = std::max(said.rows, stored);
  }
  if (trials.empty() || trials[0].survived.empty())
    store.add_fault(trial, {{FaultKind::reset, "it crashed", "", ""}, VectorNumber{17}, true});
  said.fault = true;
  if (trials.empty() || trials[0].state == TrialState::running) store.end_trial(trial, {});
  said.trial_ended = true;
  store.end_run(run);
  said.run_ended = true;
}

void expect_told(const Error& error, const std::filesystem::path& file) {
  EXPECT_EQ(error.kind(), ErrorKind::bench_fault) << error.what();
  EXPECT_EQ(error.where(), file.string());
  EXPECT_FALSE(error.remedy().empty()) << error.what();
}

void expect_all_of(const Said& said, const std::filesystem::path& file) {
  SqliteStore store = SqliteStore::open(file, StoreAccess::read_write);
  const std::vector<RunRecord> runs = store.runs();
  ASSERT_LE(runs.size(), 1U);
  ASSERT_TRUE(!said.run || runs.size() == 1U) << "the run is lost";
  if (runs.empty()) return;
  EXPECT_EQ(store.verify_chain(runs[0].id), std::nullopt);
  const std::vector<Trial> trials = store.trials(runs[0].id);
  ASSERT_TRUE(!said.trial || trials.size() == 1U) << "the trial is lost";
  if (trials.empty()) return;
  EXPECT_GE(trials[0].rows.size(), said.rows) << "rows are lost";
  EXPECT_EQ(trials[0].rows.size() % kBlock, 0U) << "a part of a block is there";
  EXPECT_TRUE(!said.fault || trials[0].survived.size() == 1U);
  EXPECT_TRUE(!said.trial_ended || trials[0].state == TrialState::complete);
  const bool is_open = store.unfinished_run("wake-word", test::wake_word_run().campaign_digest).has_value();
  EXPECT_TRUE(!said.run_ended || !is_open);
}

void expect_complete(const std::filesystem::path& file) {
  const SqliteStore store = SqliteStore::open(file, StoreAccess::read_only);
  const std::vector<Trial> trials = store.trials(1);
  ASSERT_EQ(trials.size(), 1U);
  const InferenceRows all = test::rows_from(0, kBlock * kBlocks);
  EXPECT_EQ(trials[0].rows.vector, all.vector);
  EXPECT_EQ(trials[0].rows.outputs, all.outputs);
  EXPECT_EQ(trials[0].survived.size(), 1U);
  EXPECT_EQ(store.verify_chain(1), std::nullopt);
}

using Case = std::tuple<Failure, Lasting>;

class IoErrorTest : public test::TestDatabase, public testing::WithParamInterface<Case> {
 protected:
  // False when no call of the kind was left to fail.
  bool fail_while_storing(int call) {
    std::filesystem::remove_all(folder_);
    Said said;
    disk_.fail(std::get<Failure>(GetParam()), call, std::get<Lasting>(GetParam()));
    try {
      store_campaign(file_, said);
    } catch (const Error& error) {
      expect_told(error, file_);
    }
    disk_.recover();
    if (!disk_.has_failed()) return false;
    expect_all_of(said, file_);
    if (!said.run_ended) store_campaign(file_, said);
    expect_complete(file_);
    return true;
  }

  // Reading gives everything or fails.
  bool fail_while_reading(int call) {
    disk_.fail(std::get<Failure>(GetParam()), call, std::get<Lasting>(GetParam()));
    try {
      expect_complete(file_);
    } catch (const Error& error) {
      expect_told(error, file_);
    }
    disk_.recover();
    return disk_.has_failed();
  }

  FailingDisk disk_;
};

TEST_P(IoErrorTest, NothingThatWasStoredIsLostAndTheRunCanBeTakenUp) {
  int call = 1;
  while (call < kCallsMax && fail_while_storing(call) && !HasFailure()) ++call;
  EXPECT_LT(call, kCallsMax);
  EXPECT_FALSE(HasFailure()) << "call " << call << " failed";
  RecordProperty("calls", call);
}

TEST_P(IoErrorTest, WhatIsReadIsEverythingOrAnError) {
  Said said;
  store_campaign(file_, said);
  int call = 1;
  while (call < kCallsMax && fail_while_reading(call) && !HasFailure()) ++call;
  EXPECT_LT(call, kCallsMax);
  EXPECT_FALSE(HasFailure()) << "call " << call << " failed";
}

std::string name_of(const testing::TestParamInfo<Case>& info) {
  constexpr const char* kNames[] = {"open", "read",     "write",  "full", "torn",
                                    "sync", "truncate", "remove", "map",  "lock"};
  const bool once = std::get<Lasting>(info.param) == Lasting::once;
  return std::string(kNames[static_cast<int>(std::get<Failure>(info.param))]) +
         (once ? "_once" : "_for_good");
}

// The kinds of writes share their calls, of which there are hundreds, so each lasts in one way only.
INSTANTIATE_TEST_SUITE_P(Writes, IoErrorTest,
                         testing::Values(Case{Failure::write, Lasting::once},
                                         Case{Failure::full, Lasting::for_good},
                                         Case{Failure::torn, Lasting::once}),
                         name_of);

INSTANTIATE_TEST_SUITE_P(Others, IoErrorTest,
                         testing::Combine(testing::Values(Failure::open, Failure::read, Failure::sync,
                                                          Failure::truncate, Failure::remove, Failure::map,
                                                          Failure::lock),
                                          testing::Values(Lasting::once, Lasting::for_good)),
                         name_of);

}  // namespace
}  // namespace tinyhil::store
