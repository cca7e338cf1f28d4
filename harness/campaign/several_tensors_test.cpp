// SPDX-License-Identifier: Apache-2.0
// Models of several inputs and outputs, from the vectors to the database: on the fake engine, and a .tflite
// file on the reference engine, whose outputs are LiteRT's (device-agent/engines/reference/testdata).
#include <filesystem>

#include "base/file_content.hpp"
#include "base/temporary_folder.hpp"
#include "formats/tflite.hpp"
#include "store/run_store.hpp"
#include "testing/runner_fixture.hpp"

namespace tinyhil::campaign {
namespace {

// `inputs` bytes in two inputs, `outputs` bytes in three; output i is the sum of the input + bias + i.
test::Bytes image_of_several(std::uint8_t inputs, std::uint16_t outputs, std::uint8_t bias) {
  return {'F',  0, inputs, 0, static_cast<std::uint8_t>(outputs), static_cast<std::uint8_t>(outputs >> 8),
          bias, 0, 2,      3};
}

Tensor row_of(std::uint32_t elements, std::int32_t zero_point) {
  return {DType::int8, 2, {1, elements, 1, 1}, 0.5F, zero_point};
}

class SeveralTensorsTest : public test::AgentRunTest {
 protected:
  SeveralTensorsTest() {
    vectors_.input = TensorList({row_of(2, -1), row_of(2, -1)});
    campaign_.models = {test::model("base", image_of_several(4, 7, 0)),
                        test::model("new", image_of_several(4, 7, 50))};
  }

  test::Bytes expected(std::size_t vector, std::uint8_t bias, std::size_t size) const {
    test::Bytes output;
    for (std::size_t i = 0; i < size; ++i)
      output.push_back(static_cast<std::uint8_t>(vectors_.inputs[4 * vector] + bias + i));
    return output;
  }
};

TEST_F(SeveralTensorsTest, AreRunAndDescribed) {
  run();
  ASSERT_EQ(sink_.trials.size(), 2U);
  const test::StoredTrial& trial = sink_.trials.at(1);
  EXPECT_EQ(trial.info.input, TensorList({row_of(2, -1), row_of(2, -1)}));
  EXPECT_EQ(trial.info.output, TensorList({row_of(2, 3), row_of(2, 3), row_of(3, 3)}));
  for (std::size_t v = 0; v < vectors_.count; ++v)
    EXPECT_EQ(trial.outputs().at({static_cast<std::uint32_t>(v), 0}), expected(v, 50, 7)) << v;
}

TEST_F(SeveralTensorsTest, ThatFitNoFrameComeInPartsAndAsDigests) {
  constexpr std::uint16_t kSize = 20'000;
  campaign_.models = {test::model("base", image_of_several(4, kSize, 0)),
                      test::model("new", image_of_several(4, kSize, 50))};
  for (ModelFile& file : campaign_.models) {
    Golden& golden = vectors_.golden["golden_" + file.name];
    golden.bytes_each = kSize;
    golden.output = TensorList({row_of(6666, 0), row_of(6666, 0), row_of(6668, 0)});
    for (std::size_t v = 0; v < vectors_.count; ++v) {
      const test::Bytes output = expected(v, file.content[6], kSize);
      golden.outputs.insert(golden.outputs.end(), output.begin(), output.end());
    }
    golden.outputs[2 * kSize + 7000] ^= 1;  // in the second output of vector 2
    file.golden = "golden_" + file.name;
  }
  for (const ResultForm form : {ResultForm::full, ResultForm::digest}) {
    campaign_.results = form;
    sink_ = {};
    run();
    for (std::size_t v = 0; v < vectors_.count; ++v)
      EXPECT_EQ(sink_.trials.at(0).outputs().at({static_cast<std::uint32_t>(v), 0}), expected(v, 0, kSize))
          << v;
  }
}

TEST_F(SeveralTensorsTest, OfWhichTheLargestElementsAreAskedForAreAUsageError) {
  campaign_.results = ResultForm::top_k;
  campaign_.top_k = 1;
  EXPECT_EQ(failed_run(), ErrorKind::usage);
  EXPECT_NE(message_.find("has 3 outputs"), std::string::npos) << message_;
}

TEST_F(SeveralTensorsTest, OfAnotherShapeThanTheVectorsAreAUsageError) {
  vectors_.input = row_of(4, -1);
  EXPECT_EQ(failed_run(), ErrorKind::usage);
  EXPECT_NE(message_.find("takes 1x2 int8 and 1x2 int8"), std::string::npos) << message_;
}

test::Bytes fixture(const std::string& name) {
  const std::filesystem::path folder = TINYHIL_SOURCE_DIR "/device-agent/engines/reference/testdata";
  return read_file(folder / name, 1U << 20, "test file");
}

TEST_F(SeveralTensorsTest, OfATfliteFileGiveWhatLiteRtGivesAndAreStored) {
  command_ = {TINYHIL_AGENT_HOST};
  const test::Bytes file = fixture("two_and_two.tflite");
  campaign_.models = {test::model("base", file), test::model("new", file)};
  const TfliteModel known = read_tflite(file, "two_and_two.tflite");
  vectors_.count = 1;
  vectors_.input = known.input().value();
  vectors_.inputs = fixture("two_and_two.in");
  run();
  ASSERT_EQ(sink_.trials.size(), 2U);
  EXPECT_EQ(sink_.trials.at(0).info.output, known.output().value());
  EXPECT_EQ(sink_.trials.at(0).rows.outputs, fixture("two_and_two.out"));

  const TemporaryFolder folder;
  const auto store = store::open_store(folder.path() / "results.db", store::StoreAccess::read_write);
  const std::int64_t id = store->begin_run({});
  const std::int64_t trial = store->begin_trial(id, sink_.trials.at(0).info);
  store->append(trial, sink_.trials.at(0).rows);
  const std::vector<Trial> stored = store->trials(id);
  ASSERT_EQ(stored.size(), 1U);
  EXPECT_EQ(stored.at(0).info.input.size(), 2U);
  EXPECT_TRUE(same_subject(stored.at(0).info, sink_.trials.at(0).info));
  EXPECT_EQ(stored.at(0).rows.outputs, fixture("two_and_two.out"));
}

}  // namespace
}  // namespace tinyhil::campaign
