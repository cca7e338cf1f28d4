// SPDX-License-Identifier: Apache-2.0
// A Runner against the real agent as a process with the fake engine (device-agent/agent/fake_engine.h): a
// model image is 'F', load status, u16 input bytes, u16 output bytes, u8 bias; output[i] = sum(input) + bias
// + i.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <map>

#include "model/error.hpp"
#include "runner.hpp"

namespace tinyhil {

using Bytes = std::vector<std::uint8_t>;

struct StoredTrial {
  TrialInfo info;
  InferenceRows rows;
  std::optional<TrialState> state = {};
  std::optional<Fault> fault = {};
  std::optional<std::uint64_t> drawn = {};
  std::vector<SurvivedFault> survived = {};

  // By vector and repeat; a second copy fails the test.
  std::map<std::pair<std::uint32_t, int>, Bytes> outputs() const {
    std::map<std::pair<std::uint32_t, int>, Bytes> all;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const auto begin = rows.outputs.begin() + static_cast<std::ptrdiff_t>(row * info_size());
      const std::pair<std::uint32_t, int> key{rows.vector[row], rows.repeat[row]};
      EXPECT_FALSE(all.contains(key)) << key.first;
      all[key] = Bytes(begin, begin + static_cast<std::ptrdiff_t>(info_size()));
    }
    return all;
  }
  std::vector<std::uint32_t> quarantined() const {
    std::vector<std::uint32_t> vectors;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      if (rows.status[row] == static_cast<std::uint8_t>(RowStatus::quarantined)) {
        vectors.push_back(rows.vector[row]);
      }
    }
    return vectors;
  }

 private:
  std::size_t info_size() const { return rows.output_size; }
};

class FakeSink : public TrialSink {
 public:
  std::int64_t begin(const TrialInfo& info) override {
    trials.push_back({info, {}});
    return static_cast<std::int64_t>(trials.size() - 1);
  }
  void append(std::int64_t id, const InferenceRows& rows) override {
    InferenceRows& to = trials.at(static_cast<std::size_t>(id)).rows;
    to.output_size = rows.output_size;
    to.vector.insert(to.vector.end(), rows.vector.begin(), rows.vector.end());
    to.repeat.insert(to.repeat.end(), rows.repeat.begin(), rows.repeat.end());
    to.status.insert(to.status.end(), rows.status.begin(), rows.status.end());
    to.outputs.insert(to.outputs.end(), rows.outputs.begin(), rows.outputs.end());
  }
  void survived(std::int64_t id, const SurvivedFault& fault) override {
    trials.at(static_cast<std::size_t>(id)).survived.push_back(fault);
  }
  void end(std::int64_t id, const TrialEnd& end) override {
    trials.at(static_cast<std::size_t>(id)).state = end.state;
    trials.at(static_cast<std::size_t>(id)).fault = end.fault;
    trials.at(static_cast<std::size_t>(id)).drawn = end.drawn;
  }
  std::vector<StoredTrial> trials;
};

inline ModelFile model(const std::string& name, Bytes content) {
  ModelFile file;
  file.name = name;
  file.file = name + ".tflite";
  file.digest = sha256(content);
  file.content = std::move(content);
  return file;
}

// Vectors of four bytes, models `base` (bias 0) and `new` (bias 50) with one byte of output.
class RunnerTest : public ::testing::Test {
 protected:
  RunnerTest() {
    campaign_.name = "test";
    campaign_.baseline = "base";
    campaign_.candidates = {"new"};
    campaign_.models = {model("new", {'F', 0, 4, 0, 1, 0, 50}), model("base", {'F', 0, 4, 0, 1, 0, 0})};
    vectors_.file = "vectors.npz";
    vectors_.input.rank = 2;
    vectors_.input.dims = {1, 4, 1, 1};
    set_vectors({0, 1, 2, 3, 4});
  }

  // Each begins with one of the bytes, which may tell the engine to fail; the rest is zero.
  void set_vectors(const Bytes& firsts) {
    vectors_.count = firsts.size();
    vectors_.inputs.clear();
    for (const std::uint8_t first : firsts) vectors_.inputs.insert(vectors_.inputs.end(), {first, 0, 0, 0});
  }
  void expect_all_rows(const StoredTrial& trial, std::uint8_t bias) const {
    const auto outputs = trial.outputs();
    const std::vector<std::uint32_t> quarantined = trial.quarantined();
    EXPECT_EQ(outputs.size(), vectors_.count * static_cast<std::size_t>(campaign_.repeats));
    for (const auto& [key, output] : outputs) {
      const bool is_made = std::find(quarantined.begin(), quarantined.end(), key.first) != quarantined.end();
      const auto sum = static_cast<std::uint8_t>(vectors_.inputs[4 * key.first] + bias);
      EXPECT_EQ(output, Bytes{is_made ? std::uint8_t{0} : sum}) << "vector " << key.first;
    }
  }

  void run() { run(setup()); }
  void run(const RunSetup& setup) {
    Runner runner(setup, sink_);
    std::exception_ptr failure;
    boost::asio::co_spawn(io_, runner.run(), [&](std::exception_ptr thrown) { failure = thrown; });
    io_.restart();
    io_.run();
    if (!failure) return;
    runner.interrupt();
    std::rethrow_exception(failure);
  }
  // The code of the Error that run() throws.
  ExitCode failed_run() { return failed_run(setup()); }
  ExitCode failed_run(const RunSetup& setup) {
    try {
      run(setup);
    } catch (const Error& error) {
      message_ = error.what();
      return error.code();
    }
    return ExitCode::pass;
  }
  RunSetup setup() {
    return {campaign_, vectors_, board_,
            [this] {
              ++connections_;
              return open_process(io_.get_executor(), command_);
            },
            [](const Progress&) {}};
  }
  // A few vectors in each of many slots, so that rows are stored often.
  void make_slots_small() {
    command_.insert(command_.end(), {"--vector-slots", "2", "--vector-slot-size", "64"});
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
  int connections_ = 0;
  std::string message_;
};

}  // namespace tinyhil
