// SPDX-License-Identifier: Apache-2.0
// The Runner on the real agent: what a fake device cannot show, beside every_device_test.cpp.
#include "base/error.hpp"
#include "testing/runner_fixture.hpp"

namespace tinyhil::campaign {
using test::AgentRunTest;

namespace {

TEST_F(AgentRunTest, AnOutputLargerThanAFrameIsStoredWholeInEveryForm) {
  campaign_.models = {test::model("base", {'F', 0, 4, 0, 0x40, 0x9C, 0}),
                      test::model("new", {'F', 0, 4, 0, 0x40, 0x9C, 50})};
  constexpr std::size_t kSize = 40'000;
  std::map<std::string, test::Bytes> expected;
  for (ModelFile& file : campaign_.models) {
    Golden& golden = vectors_.golden["golden_" + file.name];
    golden.bytes_each = kSize;
    golden.output = Tensor{DType::int8, 1, {kSize, 1, 1, 1}, 0, 0};
    for (std::size_t v = 0; v < vectors_.count; ++v) {
      for (std::size_t i = 0; i < kSize; ++i)
        golden.outputs.push_back(static_cast<std::uint8_t>(v + file.content[6] + i));
    }
    expected[file.name] = golden.outputs;
    golden.outputs[3 * kSize] ^= 1;
    file.golden = "golden_" + file.name;
  }
  for (const ResultForm form : {ResultForm::full, ResultForm::digest}) {
    campaign_.results = form;
    sink_ = {};
    run();
    for (const test::StoredTrial& trial : sink_.trials) {
      test::Bytes outputs;
      for (const auto& [key, output] : trial.outputs())
        outputs.insert(outputs.end(), output.begin(), output.end());
      EXPECT_EQ(outputs, expected.at(trial.info.model));
    }
  }
  campaign_.results = ResultForm::top_k;
  campaign_.top_k = 1;
  sink_ = {};
  run();
  EXPECT_EQ(sink_.trials.at(0).outputs().at({0, 0}), (test::Bytes{127, 0, 127}));
}

TEST_F(AgentRunTest, TopKOfMoreElementsThanAFrameHoldsIsAUsageErrorOfItsOwn) {
  campaign_.models = {test::model("base", {'F', 0, 4, 0, 0x40, 0x9C, 0, 5}),
                      test::model("new", {'F', 0, 4, 0, 0x40, 0x9C, 50, 5})};
  campaign_.results = ResultForm::top_k;
  campaign_.top_k = 255;
  EXPECT_TRUE(failed_run());
  EXPECT_NE(message_.find("`top_k`"), std::string::npos) << message_;
}

TEST_F(AgentRunTest, ABoardThatDoesNotAnswerIsABenchFault) {
  command_ = {"sh", "-c", "exit 1"};
  EXPECT_EQ(failed_run(), ErrorKind::bench_fault);
  EXPECT_TRUE(sink_.trials.empty());
}

TEST_F(AgentRunTest, AnotherFirmwareThanTheBenchNamesIsRefused) {
  board_.image = "/bin/true";
  EXPECT_EQ(failed_run(), ErrorKind::wrong_image);
}

TEST_F(AgentRunTest, TheFirmwareOnTheBoardIsRecognised) {
  board_.image = TINYHIL_AGENT_FAKE;
  run();
  EXPECT_EQ(sink_.trials.at(0).info.board.image, load_firmware_image(*board_.image).digest);
}

}  // namespace
}  // namespace tinyhil::campaign
