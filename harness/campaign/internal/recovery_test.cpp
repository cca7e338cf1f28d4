// SPDX-License-Identifier: Apache-2.0
// In virtual time: what first bytes of a vector make the device do is in testing/fake_device.hpp.
#include "device/run_request.hpp"
#include "testing/fake_device.hpp"
#include "testing/runner_fixture.hpp"

namespace tinyhil::campaign {
namespace {

class RecoveryTest : public test::RunnerTest {
 protected:
  // A trial with all rows, or with those of the first vectors.
  Trial earlier(std::int64_t id, const test::StoredTrial& stored, std::size_t vectors) const {
    Trial trial;
    trial.id = id;
    trial.info = stored.info;
    trial.rows.output_size = 1;
    for (std::uint32_t vector = 0; vector < vectors; ++vector) {
      const std::size_t row = trial.rows.add_row();
      trial.rows.vector[row] = vector;
      trial.rows.clock[row] = 1;
    }
    if (vectors == vectors_.count) trial.state = TrialState::complete;
    return trial;
  }
};

TEST_F(RecoveryTest, OnceTheVectorThatHangsIsFoundTheOthersAreAskedForTogetherAgain) {
  make_slots_small();  // two slots of 16 vectors
  test::Bytes firsts(2'000, 1);
  firsts[20] = test::kHang;
  set_vectors(firsts);
  campaign_.inference_timeout = std::chrono::milliseconds(100);
  run();
  for (const test::StoredTrial& trial : sink_.trials) {
    EXPECT_EQ(trial.state, TrialState::complete);
    EXPECT_EQ(trial.quarantined(), (std::vector<std::uint32_t>{20}));
  }
  for (const device::RunRequest& request : fake_.asked) {
    if (request.position < OrderPosition{32}) continue;
    EXPECT_EQ(request.batch, 0) << "vector " << request.position.value;
    EXPECT_EQ(request.models.size(), 2U) << "vector " << request.position.value;
  }
  const auto clean = 2 * 2'000 * fake_.inference + 2'000 / 16 * fake_.frame;
  EXPECT_LT(fake_.now, clean + 6 * campaign_.inference_timeout.value() + 64 * fake_.frame);
}

TEST_F(RecoveryTest, ASilenceThatDoesNotComeAgainIsNobodys) {
  make_slots_small();
  set_vectors(test::Bytes(40, 7));
  campaign_.repeats = 3;
  fake_.events[100] = test::FakeBoard::Event::silence;
  run();
  expect_all_rows(sink_.trials.at(0), 0);
  expect_all_rows(sink_.trials.at(1), 50);
  ASSERT_EQ(sink_.trials[0].survived.size(), 1U);
  EXPECT_EQ(sink_.trials[0].survived[0].fault.kind, FaultKind::timeout);
  EXPECT_TRUE(sink_.trials[0].survived[0].vector) << "where it was";
  EXPECT_FALSE(sink_.trials[0].survived[0].of_the_device);
  EXPECT_EQ(connections_, 2);
}

TEST_F(RecoveryTest, ACandidateThatCrashesTheDeviceWhileItIsLoadedEndsFaultedWithTheRecord) {
  campaign_.models[0] = test::model("new", {'F', test::kCrash, 4, 0, 1, 0, 50});
  run();
  ASSERT_EQ(sink_.trials.size(), 2U);
  expect_all_rows(sink_.trials[0], 0);
  EXPECT_EQ(sink_.trials[0].state, TrialState::complete);
  EXPECT_TRUE(sink_.trials[0].survived.empty()) << "the baseline has nothing to do with it";
  const test::StoredTrial& candidate = sink_.trials[1];
  EXPECT_EQ(candidate.info.model, "new");
  EXPECT_EQ(candidate.state, TrialState::faulted);
  EXPECT_EQ(candidate.fault->what, "the device crashed while it prepared model `new`");
  EXPECT_NE(candidate.fault->evidence.find("processor fault"), std::string::npos)
      << candidate.fault->evidence;
  EXPECT_NE(candidate.fault->evidence.find("PC 0x"), std::string::npos) << candidate.fault->evidence;
  EXPECT_EQ(candidate.survived.size(), 1U) << "once, and once more";
}

TEST_F(RecoveryTest, ABaselineThatCrashesTheDeviceWhileItIsLoadedIsNamedWithTheRecord) {
  campaign_.models[1] = test::model("base", {'F', test::kCrash, 4, 0, 1, 0, 0});
  EXPECT_EQ(failed_run(), ErrorKind::bench_fault);
  EXPECT_NE(message_.find("the baseline cannot run"), std::string::npos) << message_;
  EXPECT_NE(message_.find("while it prepared model `base`"), std::string::npos) << message_;
  EXPECT_NE(message_.find("PC 0x"), std::string::npos) << message_;
}

TEST_F(RecoveryTest, AModelSlowerThanItMayBeIsNotCalledAHang) {
  fake_.inference = std::chrono::milliseconds(150);
  campaign_.inference_timeout = std::chrono::milliseconds(100);
  EXPECT_EQ(failed_run(), ErrorKind::usage);
  EXPECT_NE(message_.find("model `base` is slow"), std::string::npos) << message_;
  EXPECT_NE(message_.find("longer than `inference_timeout`"), std::string::npos) << message_;
}

TEST_F(RecoveryTest, AModelWithTooManyQuarantinedVectorsIsGivenUp) {
  run();
  const test::StoredTrial base = sink_.trials.at(0);
  set_vectors({test::kCrash, test::kCrash, test::kCrash, test::kCrash, 4});
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
  make_slots_small();
  set_vectors(test::Bytes(40, 7));
  campaign_.repeats = 3;
  fake_.events[100] = test::FakeBoard::Event::reset;
  run();
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
  const std::vector<test::StoredTrial> before = sink_.trials;
  sink_.trials = {before[0], before[1]};
  for (test::StoredTrial& trial : sink_.trials) trial.rows = {};
  RunSetup again = setup();
  again.earlier = {earlier(0, before[0], 5), earlier(1, before[1], 3)};
  run(again);
  ASSERT_EQ(sink_.trials.size(), 2U) << "no new trials";
  EXPECT_EQ(sink_.trials[0].rows.size(), 0U);
  EXPECT_EQ(sink_.trials[1].rows.vector, (std::vector<std::uint32_t>{3, 4}));
  EXPECT_EQ(sink_.trials[1].rows.outputs, (test::Bytes{53, 54}));
  EXPECT_EQ(sink_.trials[1].state, TrialState::complete);
}

TEST_F(RecoveryTest, ATrialOfAnotherModelIsNotTakenUp) {
  run();
  RunSetup again = setup();
  again.earlier = {earlier(0, sink_.trials[0], 3)};
  again.earlier[0].info.model_digest = Digest{};
  EXPECT_EQ(failed_run(again), ErrorKind::usage);
  EXPECT_NE(message_.find("cannot be taken up"), std::string::npos) << message_;
}

TEST_F(RecoveryTest, ALineThatEndsIsOpenedAnewAndTheRunGoesOn) {
  campaign_.repeats = 400;
  fake_.line_lasts = {1'000, 1'000};
  run();
  EXPECT_EQ(connections_, 3);
  expect_all_rows(sink_.trials.at(0), 0);
  expect_all_rows(sink_.trials.at(1), 50);
  ASSERT_EQ(sink_.trials[0].survived.size(), 2U);
  EXPECT_EQ(sink_.trials[0].survived[0].fault.kind, FaultKind::gone);
  EXPECT_FALSE(sink_.trials[0].survived[0].of_the_device);
}

TEST_F(RecoveryTest, ALineThatEndsBeforeAnyResultIsABenchFault) {
  fake_.line_lasts.assign(20, 0);
  campaign_.repeats = 100;
  EXPECT_EQ(failed_run(), ErrorKind::bench_fault);
  ASSERT_FALSE(sink_.trials.empty());
  EXPECT_EQ(sink_.trials[0].state, TrialState::faulted);
  EXPECT_EQ(sink_.trials[0].fault->kind, FaultKind::gone);
}

}  // namespace
}  // namespace tinyhil::campaign
