// SPDX-License-Identifier: Apache-2.0
// Against the real agent as a process with the fake engine (device-agent/agent/fake_engine.h): a model image
// is 'F', load status, u16 input bytes, u16 output bytes, u8 bias; output[i] = sum(input) + bias + i.
#include "runner.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <map>

#include "model/error.hpp"

namespace tinyhil {
namespace {

using Bytes = std::vector<std::uint8_t>;

struct StoredTrial {
  TrialInfo info;
  std::vector<std::uint32_t> vectors;
  Bytes outputs;
  std::optional<TrialState> state;
  std::optional<Fault> fault;
  std::vector<SurvivedFault> survived;
};

class FakeSink : public TrialSink {
 public:
  std::int64_t begin(const TrialInfo& info) override {
    trials.push_back({info, {}, {}, {}, {}, {}});
    return static_cast<std::int64_t>(trials.size() - 1);
  }
  void append(std::int64_t id, const InferenceRows& rows) override {
    StoredTrial& trial = trials.at(static_cast<std::size_t>(id));
    trial.vectors.insert(trial.vectors.end(), rows.vector.begin(), rows.vector.end());
    trial.outputs.insert(trial.outputs.end(), rows.outputs.begin(), rows.outputs.end());
  }
  void survived(std::int64_t id, const SurvivedFault& fault) override {
    trials.at(static_cast<std::size_t>(id)).survived.push_back(fault);
  }
  void end(std::int64_t id, TrialState state, const std::optional<Fault>& fault) override {
    trials.at(static_cast<std::size_t>(id)).state = state;
    trials.at(static_cast<std::size_t>(id)).fault = fault;
  }
  std::vector<StoredTrial> trials;
};

ModelFile model(const std::string& name, Bytes content) {
  ModelFile file;
  file.name = name;
  file.file = name + ".tflite";
  file.digest = sha256(content);
  file.content = std::move(content);
  return file;
}

class RunnerTest : public ::testing::Test {
 protected:
  RunnerTest() {
    campaign_.name = "test";
    campaign_.baseline = "base";
    campaign_.candidates = {"new"};
    campaign_.models = {model("new", {'F', 0, 4, 0, 1, 0, 50}), model("base", {'F', 0, 4, 0, 1, 0, 0})};
    vectors_.file = "vectors.npz";
    vectors_.count = 5;
    vectors_.input.rank = 2;
    vectors_.input.dims = {1, 4, 1, 1};
    for (std::uint8_t i = 0; i < 5; ++i) vectors_.inputs.insert(vectors_.inputs.end(), {i, 0, 0, 0});
  }

  void run() { run(setup()); }
  void run(const RunSetup& setup) {
    Runner runner(setup, sink_);
    std::exception_ptr failure;
    boost::asio::co_spawn(io_, runner.run(), [&](std::exception_ptr thrown) { failure = thrown; });
    io_.restart();
    io_.run();
    if (failure) std::rethrow_exception(failure);
  }
  // The code of the Error that run() throws.
  ExitCode failed_run() {
    try {
      run();
    } catch (const Error& error) {
      message_ = error.what();
      return error.code();
    }
    return ExitCode::pass;
  }
  RunSetup setup() {
    return {campaign_, vectors_, board_, [this] { return open_process(io_.get_executor(), command_); },
            [](const Progress&) {}};
  }
  // The agent, its line going over to `then` after so many bytes.
  static std::vector<std::string> agent_that_sends(int bytes, const std::string& then) {
    return {"sh", "-c",
            std::string("'") + TINYHIL_AGENT_FAKE +
                "' | (dd bs=1 status=none count=" + std::to_string(bytes) + "; " + then + ")"};
  }
  Board board(Provenance provenance) {
    return Board{"b1", provenance, {}, "process", Section::parse("driver: process", "bench.yaml")};
  }

  asio::io_context io_{1};
  std::vector<std::string> command_{TINYHIL_AGENT_FAKE};
  Campaign campaign_;
  VectorSet vectors_;
  Board board_ = board(Provenance::process);
  FakeSink sink_;
  std::string message_;
};

TEST_F(RunnerTest, RunsTheBaselineFirstAndEveryModelOverEveryVector) {
  run();
  ASSERT_EQ(sink_.trials.size(), 2U);
  EXPECT_EQ(sink_.trials[0].info.model, "base");
  EXPECT_EQ(sink_.trials[0].outputs, (Bytes{0, 1, 2, 3, 4}));
  EXPECT_EQ(sink_.trials[1].info.model, "new");
  EXPECT_EQ(sink_.trials[1].outputs, (Bytes{50, 51, 52, 53, 54}));
  for (const StoredTrial& trial : sink_.trials) {
    EXPECT_EQ(trial.vectors, (std::vector<std::uint32_t>{0, 1, 2, 3, 4}));
    EXPECT_EQ(trial.state, TrialState::complete);
    EXPECT_EQ(trial.info.board.name, "b1");
  }
  EXPECT_EQ(sink_.trials[1].info.model_digest, campaign_.models[0].digest) << "as the device computed it";
}

TEST_F(RunnerTest, ASetLargerThanTheSlotsStreamsThroughThem) {
  command_.insert(command_.end(), {"--vector-slots", "2", "--vector-slot-size", "64"});
  vectors_.count = 50;
  vectors_.inputs.clear();
  for (std::uint8_t i = 0; i < 50; ++i) vectors_.inputs.insert(vectors_.inputs.end(), {i, 0, 0, 0});
  run();
  ASSERT_EQ(sink_.trials.size(), 2U);
  for (std::uint8_t i = 0; i < 50; ++i) {
    EXPECT_EQ(sink_.trials[0].outputs.at(i), i);
    EXPECT_EQ(sink_.trials[1].outputs.at(i), 50 + i);
  }
}

TEST_F(RunnerTest, ARefusedCandidateIsFaultedAndTheOthersStillRun) {
  campaign_.models.insert(campaign_.models.begin(), model("odd", {'F', 2, 4, 0, 1, 0, 0}));
  campaign_.candidates = {"odd", "new"};
  run();
  ASSERT_EQ(sink_.trials.size(), 3U);
  EXPECT_EQ(sink_.trials[1].info.model, "odd");
  EXPECT_EQ(sink_.trials[1].state, TrialState::faulted);
  EXPECT_EQ(sink_.trials[1].fault->kind, FaultKind::refused);
  EXPECT_EQ(sink_.trials[2].state, TrialState::complete);
}

TEST_F(RunnerTest, ARefusedBaselineEndsTheRun) {
  campaign_.models[1] = model("base", {'X'});
  EXPECT_EQ(failed_run(), ExitCode::usage);
  EXPECT_NE(message_.find("the baseline cannot run"), std::string::npos) << message_;
}

TEST_F(RunnerTest, ABoardThatDoesNotAnswerIsABenchFault) {
  command_ = {"sh", "-c", "exit 1"};
  EXPECT_EQ(failed_run(), ExitCode::bench_fault);
  EXPECT_TRUE(sink_.trials.empty());
}

TEST_F(RunnerTest, AnEmulatedBoardMayNotBeCalledAReal) {
  board_ = board(Provenance::real);
  EXPECT_EQ(failed_run(), ExitCode::usage);
}

TEST_F(RunnerTest, AnotherFirmwareThanTheBenchNamesIsRefused) {
  board_.image = "/bin/true";
  EXPECT_EQ(failed_run(), ExitCode::wrong_image);
}

TEST_F(RunnerTest, TheFirmwareOnTheBoardIsRecognised) {
  board_.image = TINYHIL_AGENT_FAKE;
  run();
  EXPECT_EQ(sink_.trials.at(0).info.board.image, load_firmware_image(*board_.image).digest);
}

TEST_F(RunnerTest, VectorsOfAnotherShapeAreAUsageErrorThatNamesBothShapes) {
  vectors_.input.dims = {4, 4, 1, 1};
  vectors_.inputs.resize(5 * 16);
  EXPECT_EQ(failed_run(), ExitCode::usage);
  EXPECT_NE(message_.find("4x4"), std::string::npos) << message_;
}

TEST_F(RunnerTest, VectorsOfAnotherQuantisationAreAUsageError) {
  vectors_.input.scale = 0.5F;
  EXPECT_EQ(failed_run(), ExitCode::usage);
}

// The line ends in the middle of the baseline's results.
TEST_F(RunnerTest, ALineThatEndsIsABenchFaultWithTheTrialClosed) {
  command_ = agent_that_sends(12'000, "kill -9 0");
  campaign_.repeats = 100;
  EXPECT_EQ(failed_run(), ExitCode::bench_fault);
  ASSERT_FALSE(sink_.trials.empty());
  EXPECT_EQ(sink_.trials.back().state, TrialState::faulted);
  EXPECT_EQ(sink_.trials.back().fault->kind, FaultKind::gone);
}

// The agent falls silent in the middle of the second model's results; a new connection finds it alive.
TEST_F(RunnerTest, ADeviceThatHangsIsFaultedAndTheNextModelRuns) {
  campaign_.inference_timeout = std::chrono::milliseconds(300);
  campaign_.repeats = 200;
  campaign_.models.insert(campaign_.models.begin(), model("hung", {'F', 0, 4, 0, 1, 0, 9}));
  campaign_.candidates = {"hung", "new"};
  int connections = 0;
  RunSetup hanging = setup();
  hanging.connect = [&] {
    const int limit = ++connections == 1 ? 57'000 : 1'000'000;
    return open_process(io_.get_executor(), agent_that_sends(limit, "sleep 60"));
  };
  run(hanging);
  ASSERT_EQ(sink_.trials.size(), 3U);
  EXPECT_EQ(sink_.trials[0].state, TrialState::complete);
  EXPECT_EQ(sink_.trials[1].state, TrialState::faulted);
  EXPECT_EQ(sink_.trials[1].fault->kind, FaultKind::timeout);
  EXPECT_EQ(sink_.trials[2].state, TrialState::complete);
  EXPECT_EQ(connections, 2);
}

}  // namespace
}  // namespace tinyhil
