// SPDX-License-Identifier: Apache-2.0
#include "run_writer.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <future>

#include "base/error.hpp"
#include "testing/database.hpp"
#include "testing/memory_store.hpp"

namespace tinyhil::campaign {
namespace {

// Takes its time at its first transaction, and fails at one of them when told to.
class SlowStore final : public test::MemoryStore {
 public:
  void together(const std::function<void()>& work) override {
    if (++transactions == 1) {
      begun.set_value();
      may_go_on.get_future().wait();
    }
    test::MemoryStore::together([&] {
      work();
      if (transactions == failing)
        throw Error(ErrorKind::bench_fault, "the disk is full", "disk", "free space");
    });
  }

  int transactions = 0;  // the writer's thread, or when it is done
  int failing = 0;       // which of them, from 1; 0: none
  std::promise<void> begun, may_go_on;
};

class RunWriterTest : public testing::Test {
 protected:
  RunWriter::Told told() {
    return {[this](const TrialInfo&, const InferenceRows& rows) { rows_told_ += rows.size(); },
            [](const TrialInfo&, const SurvivedFault&) {},
            [this](const TrialInfo&, const TrialEnd&) { ++ends_told_; },
            [this](const std::exception_ptr&) { ++failures_told_; }};
  }
  // Of a disk that is busy with the beginning of the trial while all the rest arrives.
  void write(std::uint32_t blocks) {
    RunWriter writer(io_.get_executor(), {store_, record_}, false, told());
    TrialInfo info = test::shipped_on_m4();
    info.vector_count = blocks;
    const std::int64_t trial = writer.begin(info);
    store_.begun.get_future().wait();
    for (std::uint32_t block = 0; block < blocks; ++block) writer.append(trial, test::rows_from(block, 1));
    writer.end(trial, {});
    store_.may_go_on.set_value();
    boost::asio::co_spawn(io_, writer.flush(),
                          [this](const std::exception_ptr& thrown) { failure_ = thrown; });
    io_.run();
  }

  boost::asio::io_context io_{1};
  SlowStore store_;
  RunRecord record_ = test::wake_word_run();
  std::size_t rows_told_ = 0;
  int ends_told_ = 0, failures_told_ = 0;
  std::exception_ptr failure_;
};

TEST_F(RunWriterTest, WritesAllThatWaitsInOneTransaction) {
  record_.id = 0;
  write(200);
  EXPECT_FALSE(failure_);
  EXPECT_EQ(store_.transactions, 2);
  const std::vector<Trial> trials = store_.trials(record_.id);
  EXPECT_EQ(trials.at(0).rows.size(), 200U);
  EXPECT_EQ(trials.at(0).state, TrialState::complete);
  EXPECT_EQ(rows_told_, 200U);
  EXPECT_EQ(ends_told_, 1);
}

TEST_F(RunWriterTest, BoundsATransaction) {
  record_.id = 0;
  write(1'500);
  EXPECT_EQ(store_.transactions, 3);
  EXPECT_FALSE(failure_);
  EXPECT_EQ(rows_told_, 1'500U);
}

TEST_F(RunWriterTest, TellsNothingOfATransactionThatFailed) {
  record_.id = 0;
  store_.failing = 2;
  write(200);
  EXPECT_TRUE(failure_);
  EXPECT_EQ(failures_told_, 1);
  EXPECT_EQ(rows_told_, 0U);
  EXPECT_EQ(ends_told_, 0);
  EXPECT_EQ(store_.trials(record_.id).at(0).rows.size(), 0U);
}

}  // namespace
}  // namespace tinyhil::campaign
