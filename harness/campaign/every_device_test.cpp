// SPDX-License-Identifier: Apache-2.0
// What a Runner does on every device: on the fake one in virtual time, and on the real agent over the whole
// way.
#include "testing/fake_device.hpp"
#include "testing/runner_fixture.hpp"

namespace tinyhil::campaign {
namespace {

template <class Fixture>
class EveryDeviceTest : public Fixture {};

struct FixtureName {
  template <class Fixture>
  static std::string GetName(int) {  // NOLINT(readability-identifier-naming): GoogleTest asks for it
    return std::is_same_v<Fixture, test::AgentRunTest> ? "Agent" : "Fake";
  }
};
using Fixtures = ::testing::Types<test::RunnerTest, test::AgentRunTest>;
TYPED_TEST_SUITE(EveryDeviceTest, Fixtures, FixtureName);

TYPED_TEST(EveryDeviceTest, RunsTheBaselineFirstAndEveryModelOverEveryVector) {
  this->run();
  ASSERT_EQ(this->sink_.trials.size(), 2U);
  EXPECT_EQ(this->sink_.trials[0].info.model, "base");
  EXPECT_EQ(this->sink_.trials[1].info.model, "new");
  this->expect_all_rows(this->sink_.trials[0], 0);
  this->expect_all_rows(this->sink_.trials[1], 50);
  for (const test::StoredTrial& trial : this->sink_.trials) {
    EXPECT_EQ(trial.state, TrialState::complete);
    EXPECT_EQ(trial.info.board.name, "b1");
  }
  EXPECT_EQ(this->sink_.trials[1].info.model_digest, this->campaign_.models[0].digest)
      << "as the device computed it";
}

TYPED_TEST(EveryDeviceTest, ASetLargerThanTheSlotsStreamsThroughThem) {
  this->make_slots_small();
  test::Bytes firsts(50);
  for (std::uint8_t i = 0; i < 50; ++i) firsts[i] = i;
  this->set_vectors(firsts);
  for (const RunMode mode : {RunMode::measure, RunMode::throughput}) {
    this->campaign_.mode = mode;
    this->sink_ = {};
    this->run();
    ASSERT_EQ(this->sink_.trials.size(), 2U);
    this->expect_all_rows(this->sink_.trials[0], 0);
    this->expect_all_rows(this->sink_.trials[1], 50);
    EXPECT_EQ(this->sink_.trials[0].info.mode, mode);
  }
}

TYPED_TEST(EveryDeviceTest, DigestsYieldTheSameRows) {
  this->campaign_.results = ResultForm::digest;
  this->vectors_.golden["golden_base"] = {1, {0, 1, 2, 3, 4}};
  // Another model's: the device's output counts.
  this->vectors_.golden["golden_new"] = {1, {50, 51, 99, 53, 54}};
  this->campaign_.models[0].golden = "golden_new";
  this->campaign_.models[1].golden = "golden_base";
  this->run();
  this->expect_all_rows(this->sink_.trials.at(0), 0);
  this->expect_all_rows(this->sink_.trials.at(1), 50);
}

TYPED_TEST(EveryDeviceTest, TopKStoresTheLargestElementsWithTheirPlaces) {
  this->campaign_.results = ResultForm::top_k;
  this->campaign_.top_k = 2;
  this->campaign_.models = {test::model("base", {'F', 0, 4, 0, 3, 0, 0}),
                            test::model("new", {'F', 0, 4, 0, 3, 0, 50})};
  this->run();
  const auto outputs = this->sink_.trials.at(1).outputs();
  ASSERT_EQ(outputs.size(), 5U);
  EXPECT_EQ(outputs.at({4, 0}), (test::Bytes{2, 0, 56, 1, 0, 55}));
  EXPECT_EQ(this->sink_.trials[1].info.top_k, 2);
}

TYPED_TEST(EveryDeviceTest, AVectorThatCrashesTheDeviceTwiceIsQuarantinedAndTheRestRuns) {
  this->set_vectors({0, 1, test::kCrash, 3, 4});
  this->campaign_.repeats = 2;
  this->run();
  ASSERT_EQ(this->sink_.trials.size(), 2U);
  std::uint8_t bias = 0;
  for (const test::StoredTrial& trial : this->sink_.trials) {
    EXPECT_EQ(trial.state, TrialState::complete);
    this->expect_all_rows(trial, bias);
    EXPECT_EQ(trial.quarantined(), (std::vector<std::uint32_t>{2, 2}));
    ASSERT_EQ(trial.survived.size(), 2U) << "once, and once more";
    for (const SurvivedFault& fault : trial.survived) {
      EXPECT_EQ(fault.fault.kind, FaultKind::reset);
      EXPECT_EQ(fault.vector, VectorNumber{2});
      EXPECT_TRUE(fault.of_the_device);
      EXPECT_NE(fault.fault.evidence.find("processor fault"), std::string::npos) << fault.fault.evidence;
      EXPECT_NE(fault.fault.evidence.find("PC 0x"), std::string::npos) << fault.fault.evidence;
    }
    bias = 50;
  }
  EXPECT_EQ(this->connections_, 1) << "a device that resets itself is found on the same line";
}

TYPED_TEST(EveryDeviceTest, AStackOverflowIsACrashToo) {
  this->set_vectors({0, test::kOverflow});
  this->run();
  EXPECT_EQ(this->sink_.trials.at(0).quarantined(), (std::vector<std::uint32_t>{1}));
  EXPECT_EQ(this->sink_.trials.at(1).quarantined(), (std::vector<std::uint32_t>{1}));
}

TYPED_TEST(EveryDeviceTest, AVectorThatHangsTheDeviceIsFoundAndQuarantined) {
  this->set_vectors({0, 1, 2, test::kHang, 4});
  this->campaign_.inference_timeout = std::chrono::milliseconds(300);
  this->run();
  ASSERT_EQ(this->sink_.trials.size(), 2U);
  this->expect_all_rows(this->sink_.trials[0], 0);
  this->expect_all_rows(this->sink_.trials[1], 50);
  for (const test::StoredTrial& trial : this->sink_.trials) {
    EXPECT_EQ(trial.state, TrialState::complete);
    EXPECT_EQ(trial.quarantined(), (std::vector<std::uint32_t>{3}));
    EXPECT_EQ(trial.survived.back().fault.kind, FaultKind::timeout);
    EXPECT_EQ(trial.survived.back().vector, VectorNumber{3});
    EXPECT_TRUE(trial.survived.back().of_the_device);
  }
  EXPECT_FALSE(this->sink_.trials[0].survived.front().vector)
      << "frames of many rows do not show which it was";
}

}  // namespace
}  // namespace tinyhil::campaign
