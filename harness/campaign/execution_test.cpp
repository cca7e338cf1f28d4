// SPDX-License-Identifier: Apache-2.0
// A campaign's run on the real agent as a process, its results in memory.
#include "execution.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <semaphore>

#include "model/inference_rows.hpp"
#include "testing/memory_store.hpp"
#include "testing/runner_fixture.hpp"

namespace tinyhil::campaign {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// The names of the events in their order, one for several of a kind that follow each other.
struct NameOfEvent {
  std::string operator()(const event::Greeted&) const { return "greeted"; }
  std::string operator()(const event::Preparing& e) const { return "preparing " + e.model; }
  std::string operator()(const event::Prepared& e) const { return "prepared " + e.model; }
  std::string operator()(const event::Progressed&) const { return ""; }
  std::string operator()(const event::RowsStored& e) const { return "rows of " + e.trial.model; }
  std::string operator()(const event::FaultSurvived& e) const { return "fault of " + e.model; }
  std::string operator()(const event::Quarantined& e) const { return "quarantined " + to_string(e.vector); }
  std::string operator()(const event::TrialEnded& e) const {
    return std::string(to_string(e.end.state)) + " " + e.model;
  }
  std::string operator()(const event::Metering&) const { return "metering"; }
  std::string operator()(const event::BoardLeft& e) const { return "without " + e.board; }
  std::string operator()(const event::Looked&) const { return "looked"; }
  std::string operator()(const event::Decided& e) const { return "decided " + e.candidate; }
  std::string operator()(const event::RunEnded& e) const { return "ended run " + std::to_string(e.run); }
};

class ExecutionTest : public test::AgentRunTest {
 protected:
  ExecutionTest() {
    board_.link =
        Section::parse("driver: process\ncommand: [" + std::string(TINYHIL_AGENT_FAKE) + "]", "bench.yaml");
    inputs_.campaign = campaign_;
    inputs_.vectors = vectors_;
    record_.campaign = "test";
  }

  // What run() throws, in words; empty when it returns.
  std::string execute(store::RunStore& store, const Watch& more = {}) {
    Execution execution(io_.get_executor(), {inputs_, {&board_}, {store, record_}},
                        [&](const RunEvent& event) {
                          const std::string name = std::visit(NameOfEvent{}, event);
                          if (!name.empty() && (events_.empty() || events_.back() != name))
                            events_.push_back(name);
                          if (more) more(event);
                        });
    execution_ = &execution;
    std::string failure;
    boost::asio::co_spawn(io_, execution.run(), [&](std::exception_ptr thrown) {
      try {
        if (thrown) std::rethrow_exception(thrown);
      } catch (const std::exception& error) {
        failure = error.what();
      }
    });
    io_.restart();
    io_.run();
    return failure;
  }

  Inputs inputs_;
  RunRecord record_;
  test::MemoryStore store_;
  std::vector<std::string> events_;
  Execution* execution_ = nullptr;
};

TEST_F(ExecutionTest, TellsInOrderWhatHappensAndStoresIt) {
  EXPECT_EQ(execute(store_), "");
  EXPECT_THAT(events_,
              ElementsAre("greeted", "preparing base", "prepared base", "preparing new", "prepared new",
                          "preparing base", "prepared base", "rows of base", "rows of new", "rows of base",
                          "complete new", "complete base", "ended run 1"));
  EXPECT_EQ(record_.id, 1);
  EXPECT_TRUE(store_.has_ended(1));
  const std::vector<Trial> trials = store_.trials(1);
  ASSERT_EQ(trials.size(), 3u);
  EXPECT_EQ(trials[1].rows.outputs, (test::Bytes{50, 51, 52, 53, 54}));
  for (const Trial& trial : trials) EXPECT_EQ(trial.state, TrialState::complete);
}

// A disk that does not answer until it is told to.
class SlowStore : public test::MemoryStore {
 public:
  void append(std::int64_t trial, const InferenceRows& rows) override {
    is_waiting_ = true;
    if (!may_go_on_.try_acquire_for(std::chrono::seconds(20))) has_waited_in_vain_ = true;
    test::MemoryStore::append(trial, rows);
  }
  bool is_waiting() const { return is_waiting_; }
  void go_on() {
    is_waiting_ = false;
    may_go_on_.release();
  }
  bool has_waited_in_vain() const { return has_waited_in_vain_; }

 private:
  std::atomic<bool> is_waiting_{false};
  std::atomic<bool> has_waited_in_vain_{false};
  std::binary_semaphore may_go_on_{0};
};

TEST_F(ExecutionTest, TheLoopGoesRoundWhileTheStoreWaitsForItsDisk) {
  SlowStore store;
  asio::steady_timer tick(io_);
  int rounds = 0;
  bool has_ended = false;
  std::function<void()> go_round = [&] {
    tick.expires_after(std::chrono::milliseconds(1));
    tick.async_wait([&](const boost::system::error_code& error) {
      if (error || has_ended) return;
      if (store.is_waiting() && ++rounds % 3 == 0) store.go_on();
      go_round();
    });
  };
  go_round();
  EXPECT_EQ(execute(store,
                    [&](const RunEvent& event) {
                      if (!std::holds_alternative<event::RunEnded>(event)) return;
                      has_ended = true;
                      tick.cancel();
                    }),
            "");
  EXPECT_FALSE(store.has_waited_in_vain());
  EXPECT_GE(rounds, 9);
  EXPECT_EQ(store.trials(1).size(), 3u);
}

class FullStore : public test::MemoryStore {
 public:
  void append(std::int64_t, const InferenceRows&) override {
    throw Error(ErrorKind::bench_fault, "the disk is full", place(), "make room");
  }
};

TEST_F(ExecutionTest, AStoreThatFailsEndsTheRunWithItsError) {
  FullStore store;
  EXPECT_EQ(execute(store), "the disk is full");
  const std::vector<RunRecord> runs = store.runs();  // none, where its beginning waited with the first rows
  EXPECT_EQ(events_.back(), "ended run " + std::to_string(runs.size()));
  for (const RunRecord& run : runs) {
    EXPECT_FALSE(store.has_ended(run.id));
    for (const Trial& trial : store.trials(run.id)) EXPECT_EQ(trial.rows.size(), 0u);
  }
}

TEST_F(ExecutionTest, AStopThatTheStoreCannotRecordIsTheStoresError) {
  FullStore store;
  EXPECT_EQ(execute(store,
                    [&](const RunEvent& event) {
                      if (std::holds_alternative<event::Progressed>(event)) execution_->interrupt();
                    }),
            "the disk is full");
}

TEST_F(ExecutionTest, AnInterruptedRunIsTakenUpWhereItStopped) {
  make_slots_small();
  test::Bytes firsts(60);
  for (std::uint8_t i = 0; i < 60; ++i) firsts[i] = i;
  set_vectors(firsts);
  inputs_.vectors = vectors_;
  EXPECT_THAT(execute(store_,
                      [&](const RunEvent& event) {
                        if (std::holds_alternative<event::Progressed>(event)) execution_->interrupt();
                      }),
              HasSubstr("what was measured is stored as run 1"));
  EXPECT_FALSE(store_.has_ended(1));
  const std::size_t stored = store_.trials(1).at(0).rows.size();
  EXPECT_GT(stored, 0u);
  EXPECT_EQ(execute(store_), "") << "a result that is stored twice would be refused";
  EXPECT_TRUE(store_.has_ended(1));
  for (const Trial& trial : store_.trials(1)) {
    EXPECT_EQ(trial.rows.size(), 60u);
    EXPECT_EQ(trial.state, TrialState::complete);
  }
}

TEST_F(ExecutionTest, CancellingItIsAnInterrupt) {
  asio::cancellation_signal cancel;
  Execution execution(io_.get_executor(), {inputs_, {&board_}, {store_, record_}}, {});
  std::string failure;
  asio::co_spawn(io_, execution.run(),
                 asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr thrown) {
                   try {
                     if (thrown) std::rethrow_exception(thrown);
                   } catch (const Error& error) {
                     EXPECT_EQ(error.kind(), ErrorKind::interrupted);
                     failure = error.what();
                   }
                 }));
  asio::post(io_, [&] { cancel.emit(asio::cancellation_type::terminal); });
  io_.run();
  EXPECT_THAT(failure, HasSubstr("interrupted"));
}

TEST_F(ExecutionTest, ABoardThatCannotBeOpenedLeavesNothingBehind) {
  board_.link = Section::parse("driver: process\ncommand: [no-such-program-here]", "bench.yaml");
  EXPECT_THAT(execute(store_), HasSubstr("cannot run the program"));
  EXPECT_THAT(events_, ElementsAre("ended run 0"));
  EXPECT_TRUE(store_.runs().empty());
}

TEST_F(ExecutionTest, AWatchThatThrowsEndsTheRun) {
  EXPECT_EQ(execute(store_,
                    [](const RunEvent& event) {
                      if (std::holds_alternative<event::Prepared>(event)) throw std::runtime_error("no more");
                    }),
            "no more");
}

}  // namespace
}  // namespace tinyhil::campaign
