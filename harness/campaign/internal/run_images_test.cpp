// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <numeric>

#include "model/inference_rows.hpp"
#include "testing/runner_fixture.hpp"

namespace tinyhil::campaign {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

// The models are in firmware images, and a probe puts them on the board. Eight vectors, and so two a block.
class RunImagesTest : public test::RunnerTest {
 protected:
  RunImagesTest() {
    test::Bytes firsts(8);
    std::iota(firsts.begin(), firsts.end(), std::uint8_t{0});
    set_vectors(firsts);
    for (ModelFile& model : campaign_.models) {
      model.is_image = true;
      model.image.emplace();
      model.image->file = model.name + ".elf";
      model.image->digest = model.image->raw = model.digest;
      model.image->has_addresses = true;
    }
    fake_.image = sha256("another firmware");
  }

  RunSetup with_probe() {
    RunSetup made = setup();
    made.put_image = [this](const FirmwareImage& image) {
      fake_.image = is_deaf_ ? fake_.image : image.digest;
      put_.push_back(image.file.string());
      proofs_.push_back({FaultKind::read_back, "a probe has read it", image.digest.hex()});
    };
    made.read_back = [this] { return std::exchange(proofs_, {}); };
    made.progress = [this](const Progress& progress) {
      if (ran_.empty() || ran_.back() != progress.model) ran_.push_back(progress.model);
    };
    return made;
  }
  const test::StoredTrial& trial(const std::string& model, TrialRole role = TrialRole::subject) const {
    return *std::ranges::find_if(sink_.trials, [&](const test::StoredTrial& each) {
      return each.info.model == model && each.info.role == role;
    });
  }
  // In which they began.
  std::vector<std::string> order_of_trials() const {
    std::vector<std::string> order;
    for (const test::StoredTrial& each : sink_.trials)
      order.push_back(each.info.role == TrialRole::control ? "control" : each.info.model);
    return order;
  }

  std::vector<std::string> put_, ran_;
  std::vector<Fault> proofs_;
  bool is_deaf_ = false;  // what is written does not become what runs
};

TEST_F(RunImagesTest, TheyTakeTurnsInBlocksForwardAndBackward) {
  run(with_probe());
  EXPECT_THAT(put_, ElementsAre("base.elf", "new.elf", "base.elf", "new.elf", "base.elf"));
  EXPECT_THAT(ran_, ElementsAre("base", "new", "base", "new", "base"));
  expect_all_rows(trial("base"), 0);
  expect_all_rows(trial("new"), 50);
  for (const test::StoredTrial& each : sink_.trials) EXPECT_EQ(each.state, TrialState::complete);
}

TEST_F(RunImagesTest, EachTrialHoldsWhatTheProbeHasReadOfItsFirmware) {
  run(with_probe());
  EXPECT_EQ(trial("base").survived.size(), 3U);
  EXPECT_EQ(trial("new").survived.size(), 2U);
  for (const SurvivedFault& proof : trial("new").survived) {
    EXPECT_EQ(proof.fault.kind, FaultKind::read_back);
    EXPECT_EQ(proof.fault.evidence, trial("new").info.model_digest.hex());
  }
}

TEST_F(RunImagesTest, TheBaselinesSecondTimeIsAfterItsImageWasPutThereAgain) {
  RunSetup controlled = with_probe();
  controlled.control_vectors = 2;
  run(controlled);
  EXPECT_EQ(trial("base", TrialRole::control).rows.vector, (std::vector<std::uint32_t>{0, 1}));
  const std::vector<std::uint32_t>& first = trial("base").rows.vector;
  EXPECT_EQ(std::vector(first.begin(), first.begin() + 2), (std::vector<std::uint32_t>{0, 1}));
  EXPECT_THAT(order_of_trials(), ElementsAre("base", "new", "control"));
}

TEST_F(RunImagesTest, InSequenceEachIsPutThereOnce) {
  campaign_.order = Order::sequential;
  run(with_probe());
  EXPECT_THAT(put_, ElementsAre("base.elf", "new.elf"));
  expect_all_rows(trial("base"), 0);
  expect_all_rows(trial("new"), 50);
}

TEST_F(RunImagesTest, TheSameImageTwiceIsPutThereOnce) {
  campaign_.models[0].content = campaign_.models[1].content;
  campaign_.models[0].digest = campaign_.models[1].digest;
  campaign_.models[0].image->digest = campaign_.models[0].image->raw = campaign_.models[1].digest;
  run(with_probe());
  EXPECT_EQ(put_.size(), 1U);
  expect_all_rows(trial("new"), 0);
}

TEST_F(RunImagesTest, ARunThatIsTakenUpGoesOnWithTheImageThatLacksResults) {
  run(with_probe());
  RunSetup again = with_probe();
  for (const char* name : {"base", "new"}) {
    Trial stored;
    stored.id = static_cast<std::int64_t>(&trial(name) - sink_.trials.data());
    stored.info = trial(name).info;
    stored.state = TrialState::interrupted;
    const InferenceRows& all = trial(name).rows;
    const std::size_t kept = std::string(name) == "new" ? 5 : 8;
    stored.rows.output_size = all.output_size;
    stored.rows.resize(kept);
    for (std::size_t row = 0; row < kept; ++row) stored.rows.copy_row(row, all, row);
    again.earlier.push_back(std::move(stored));
  }
  put_.clear();
  ran_.clear();
  run(again);
  EXPECT_THAT(put_, ElementsAre("new.elf"));
  EXPECT_THAT(ran_, Each("new"));
  EXPECT_EQ(trial("new").rows.size(), 8U + 3U);
}

TEST_F(RunImagesTest, ADeviceThatSaysAnotherFirmwareThanWasReadBackIsNotMeasured) {
  is_deaf_ = true;
  EXPECT_EQ(failed_run(with_probe()), ErrorKind::wrong_image);
  EXPECT_THAT(message_, HasSubstr("which a probe has read back, but the device says that it runs"));
  EXPECT_TRUE(sink_.trials.empty());
}

TEST_F(RunImagesTest, WithoutAProbeTheImageThatIsThereRuns) {
  fake_.image = campaign_.models[1].digest;
  run();
  ASSERT_EQ(sink_.trials.size(), 1U);
  EXPECT_EQ(sink_.trials[0].info.model, campaign_.models[1].name);
}

}  // namespace
}  // namespace tinyhil::campaign
