// SPDX-License-Identifier: Apache-2.0
// A Runner on a fake device in virtual time (RunnerTest), and on the real agent as a process with the fake
// engine (AgentRunTest). Both take the same models: fake_device.hpp.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <map>

#include "base/error.hpp"
#include "campaign/internal/runner.hpp"
#include "device/agent/agent_device.hpp"
#include "fake_device.hpp"
#include "transport/process.hpp"

namespace tinyhil::test {

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

class FakeSink : public campaign::TrialSink {
 public:
  std::int64_t begin(const TrialInfo& info) override {
    trials.push_back({info, {}});
    return static_cast<std::int64_t>(trials.size() - 1);
  }
  void append(std::int64_t id, const InferenceRows& rows) override {
    trials.at(static_cast<std::size_t>(id)).rows.append(rows);
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

// For a LookMeeting.
inline asio::awaitable<campaign::Settled> decided(campaign::Settled settled) { co_return settled; }

inline ModelFile model(const std::string& name, Bytes content) {
  ModelFile file;
  file.name = name;
  file.file = name + ".tflite";
  file.digest = sha256(content);
  file.content = std::move(content);
  return file;
}

// Vectors of four bytes, models `base` (bias 0) and `new` (bias 50) with one byte of output.
class CampaignTest : public ::testing::Test {
 protected:
  CampaignTest() {
    campaign_.name = "test";
    campaign_.baseline = "base";
    campaign_.candidates = {"new"};
    campaign_.models = {model("new", {'F', 0, 4, 0, 1, 0, 50}), model("base", {'F', 0, 4, 0, 1, 0, 0})};
    vectors_.file = "vectors.npz";
    vectors_.input.only().rank = 2;
    vectors_.input.only().dims = {1, 4, 1, 1};
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
  void run(const campaign::RunSetup& setup) {
    campaign::Runner runner(setup, sink_);
    std::exception_ptr failure;
    boost::asio::co_spawn(io_, runner.run(), [&](std::exception_ptr thrown) { failure = thrown; });
    io_.restart();
    io_.run();
    if (!failure) return;
    runner.interrupt();
    std::rethrow_exception(failure);
  }
  // The kind of the Error that run() throws; nothing when it throws none.
  std::optional<ErrorKind> failed_run() { return failed_run(setup()); }
  std::optional<ErrorKind> failed_run(const campaign::RunSetup& setup) {
    try {
      run(setup);
    } catch (const Error& error) {
      message_ = error.what();
      return error.kind();
    }
    return std::nullopt;
  }
  asio::awaitable<std::unique_ptr<device::Device>> connected() {
    ++connections_;
    co_return connect();
  }
  campaign::RunSetup setup() {
    return {campaign_, vectors_, board_, [this] { return connected(); }, [](const campaign::Progress&) {}};
  }
  Board board(Provenance provenance) {
    return Board{"b1", provenance, {}, "process", Section::parse("driver: process", "bench.yaml")};
  }

  virtual std::unique_ptr<device::Device> connect() = 0;

  asio::io_context io_{1};
  Campaign campaign_;
  VectorSet vectors_;
  Board board_ = board(Provenance::process);
  FakeSink sink_;
  int connections_ = 0;
  std::string message_;
};

class RunnerTest : public CampaignTest {
 protected:
  std::unique_ptr<device::Device> connect() override { return std::make_unique<FakeDevice>(fake_); }
  // A few vectors in each of many slots, so that rows are stored often.
  void make_slots_small() { fake_.vectors = {2, 64}; }

  FakeBoard fake_;
};

class AgentRunTest : public CampaignTest {
 protected:
  std::unique_ptr<device::Device> connect() override {
    return std::make_unique<device::AgentDevice>(transport::open_process(io_.get_executor(), command_));
  }
  void make_slots_small() {
    command_.insert(command_.end(), {"--vector-slots", "2", "--vector-slot-size", "64"});
  }

  std::vector<std::string> command_{TINYHIL_AGENT_FAKE};
};
}  // namespace tinyhil::test
