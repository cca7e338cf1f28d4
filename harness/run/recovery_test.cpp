// SPDX-License-Identifier: Apache-2.0
// What first bytes of a vector make the engine do: fake_first_byte in device-agent/agent/fake_engine.h.
#include <signal.h>

#include "model/test_folder.hpp"
#include "runner_fixture_test.hpp"

namespace tinyhil {
namespace {

constexpr std::uint8_t kCrash = 0xEC;
constexpr std::uint8_t kHang = 0xED;
constexpr std::uint8_t kOverflow = 0xEB;

class RecoveryTest : public RunnerTest {
 protected:
  // The agent, its line cut after so many bytes.
  static std::vector<std::string> agent_that_sends(int bytes) {
    return {"sh", "-c",
            std::string("'") + TINYHIL_AGENT_FAKE +
                "' | (dd bs=1 status=none count=" + std::to_string(bytes) + "; kill -9 0)"};
  }
  // A trial with all rows, or with those of the first vectors.
  Trial earlier(std::int64_t id, const StoredTrial& stored, std::size_t vectors) const {
    Trial trial;
    trial.id = id;
    trial.info = stored.info;
    trial.rows.output_size = 1;
    for (std::uint32_t vector = 0; vector < vectors; ++vector) {
      trial.rows.vector.push_back(vector);
      trial.rows.repeat.push_back(0);
      trial.rows.status.push_back(0);
      trial.rows.clock.push_back(1);
      trial.rows.timer.push_back(0);
      trial.rows.outputs.push_back(0);
    }
    if (vectors == vectors_.count) trial.state = TrialState::complete;
    return trial;
  }
};

TEST_F(RecoveryTest, AVectorThatCrashesTheDeviceTwiceIsQuarantinedAndTheRestRuns) {
  set_vectors({0, 1, kCrash, 3, 4});
  campaign_.repeats = 2;
  run();
  ASSERT_EQ(sink_.trials.size(), 2U);
  std::uint8_t bias = 0;
  for (const StoredTrial& trial : sink_.trials) {
    EXPECT_EQ(trial.state, TrialState::complete);
    expect_all_rows(trial, bias);
    EXPECT_EQ(trial.quarantined(), (std::vector<std::uint32_t>{2, 2}));
    ASSERT_EQ(trial.survived.size(), 2U) << "once, and once more";
    for (const SurvivedFault& fault : trial.survived) {
      EXPECT_EQ(fault.fault.kind, FaultKind::reset);
      EXPECT_EQ(fault.vector, 2U);
      EXPECT_TRUE(fault.of_the_device);
      EXPECT_NE(fault.fault.evidence.find("processor fault"), std::string::npos) << fault.fault.evidence;
      EXPECT_NE(fault.fault.evidence.find("PC 0x"), std::string::npos) << fault.fault.evidence;
    }
    bias = 50;
  }
  EXPECT_EQ(connections_, 1) << "a device that resets itself is found on the same line";
}

TEST_F(RecoveryTest, AStackOverflowIsACrashToo) {
  set_vectors({0, kOverflow});
  run();
  EXPECT_EQ(sink_.trials.at(0).quarantined(), (std::vector<std::uint32_t>{1}));
  EXPECT_EQ(sink_.trials.at(1).quarantined(), (std::vector<std::uint32_t>{1}));
}

TEST_F(RecoveryTest, AVectorThatHangsTheDeviceIsFoundAndQuarantined) {
  set_vectors({0, 1, 2, kHang, 4});
  campaign_.inference_timeout = std::chrono::milliseconds(300);
  run();
  ASSERT_EQ(sink_.trials.size(), 2U);
  expect_all_rows(sink_.trials[0], 0);
  expect_all_rows(sink_.trials[1], 50);
  for (const StoredTrial& trial : sink_.trials) {
    EXPECT_EQ(trial.state, TrialState::complete);
    EXPECT_EQ(trial.quarantined(), (std::vector<std::uint32_t>{3}));
    EXPECT_EQ(trial.survived.back().fault.kind, FaultKind::timeout);
    EXPECT_EQ(trial.survived.back().vector, 3U);
    EXPECT_TRUE(trial.survived.back().of_the_device);
  }
  EXPECT_FALSE(sink_.trials[0].survived.front().vector) << "frames of many rows do not show which it was";
}

TEST_F(RecoveryTest, AModelWithTooManyQuarantinedVectorsIsGivenUp) {
  run();
  const StoredTrial base = sink_.trials.at(0);
  set_vectors({kCrash, kCrash, kCrash, kCrash, 4});
  sink_.trials = {base};
  RunSetup again = setup();
  again.earlier = {earlier(0, base, 5)};
  run(again);
  ASSERT_EQ(sink_.trials.size(), 2U);
  EXPECT_EQ(sink_.trials[1].info.model, "new");
  EXPECT_EQ(sink_.trials[1].state, TrialState::faulted);
  EXPECT_EQ(sink_.trials[1].fault->kind, FaultKind::reset);
  EXPECT_EQ(sink_.trials[1].quarantined().size(), 3U);
}

TEST_F(RecoveryTest, AResetFromOutsideCostsNoRowAndIsNotTheDevices) {
  const TestFolder folder;
  const std::string pid_file = (folder.path() / "pid").string();
  make_slots_small();
  std::string line = "echo $$ > '" + pid_file + "'; exec";
  for (const std::string& word : command_) line += " " + word;
  command_ = {"sh", "-c", line + " --invoke-us 500"};
  set_vectors(Bytes(40, 7));
  campaign_.repeats = 3;
  RunSetup pressed = setup();
  int stored = 0;
  pressed.progress = [&](const Progress&) {
    if (++stored != 10) return;
    int pid = 0;
    std::ifstream(pid_file) >> pid;
    ASSERT_GT(pid, 1);
    ::kill(pid, SIGUSR1);
  };
  run(pressed);
  expect_all_rows(sink_.trials.at(0), 0);
  expect_all_rows(sink_.trials.at(1), 50);
  ASSERT_EQ(sink_.trials[0].survived.size(), 1U);
  EXPECT_EQ(sink_.trials[0].survived[0].fault.kind, FaultKind::reset);
  EXPECT_FALSE(sink_.trials[0].survived[0].of_the_device);
  EXPECT_EQ(sink_.trials[0].state, TrialState::complete);
  EXPECT_EQ(connections_, 1);
}

TEST_F(RecoveryTest, ARunThatIsTakenUpAsksOnlyForWhatIsMissing) {
  run();
  const std::vector<StoredTrial> before = sink_.trials;
  sink_.trials = {before[0], before[1]};
  for (StoredTrial& trial : sink_.trials) trial.rows = {};
  RunSetup again = setup();
  again.earlier = {earlier(0, before[0], 5), earlier(1, before[1], 3)};
  run(again);
  ASSERT_EQ(sink_.trials.size(), 2U) << "no new trials";
  EXPECT_EQ(sink_.trials[0].rows.size(), 0U);
  EXPECT_EQ(sink_.trials[1].rows.vector, (std::vector<std::uint32_t>{3, 4}));
  EXPECT_EQ(sink_.trials[1].rows.outputs, (Bytes{53, 54}));
  EXPECT_EQ(sink_.trials[1].state, TrialState::complete);
}

TEST_F(RecoveryTest, ATrialOfAnotherModelIsNotTakenUp) {
  run();
  RunSetup again = setup();
  again.earlier = {earlier(0, sink_.trials[0], 3)};
  again.earlier[0].info.model_digest = Digest{};
  EXPECT_EQ(failed_run(again), ExitCode::usage);
  EXPECT_NE(message_.find("cannot be taken up"), std::string::npos) << message_;
}

TEST_F(RecoveryTest, ALineThatEndsIsOpenedAnewAndTheRunGoesOn) {
  campaign_.repeats = 400;
  RunSetup cut = setup();
  cut.connect = [&] {
    const std::vector<std::string> command = ++connections_ <= 2 ? agent_that_sends(20'000) : command_;
    return open_process(io_.get_executor(), command);
  };
  run(cut);
  EXPECT_EQ(connections_, 3);
  expect_all_rows(sink_.trials.at(0), 0);
  expect_all_rows(sink_.trials.at(1), 50);
  ASSERT_EQ(sink_.trials[0].survived.size(), 2U);
  EXPECT_EQ(sink_.trials[0].survived[0].fault.kind, FaultKind::gone);
  EXPECT_FALSE(sink_.trials[0].survived[0].of_the_device);
}

TEST_F(RecoveryTest, ALineThatEndsBeforeAnyResultIsABenchFault) {
  command_ = agent_that_sends(1'000);
  campaign_.repeats = 100;
  EXPECT_EQ(failed_run(), ExitCode::bench_fault);
  ASSERT_FALSE(sink_.trials.empty());
  EXPECT_EQ(sink_.trials[0].state, TrialState::faulted);
  EXPECT_EQ(sink_.trials[0].fault->kind, FaultKind::gone);
}

}  // namespace
}  // namespace tinyhil
