// SPDX-License-Identifier: Apache-2.0
#include "tflite.hpp"

#include <gmock/gmock.h>

#include "base/file_content.hpp"
#include "testing/complaint.hpp"

namespace tinyhil {
namespace {

using testing::HasSubstr;

std::vector<std::uint8_t> shipped() {
  return read_file(std::filesystem::path(TINYHIL_SOURCE_DIR) / "scenarios/wake_word/models/shipped.tflite",
                   1u << 20, "model file");
}

TEST(TfliteModel, TellsItsInputAndOutput) {
  const TfliteModel model = read_tflite(shipped(), "shipped.tflite");
  ASSERT_EQ(model.inputs.size(), 1u);
  ASSERT_EQ(model.outputs.size(), 1u);
  EXPECT_EQ(model.inputs[0]->shape(), "1x49x10x1 int8");
  EXPECT_GT(model.inputs[0]->scale, 0);
  EXPECT_EQ(model.outputs[0]->dtype, DType::int8);
  EXPECT_FALSE(model.operators.empty());
}

TEST(TfliteModel, TellsSeveralInputsAndOutputs) {
  const auto content = read_file(
      TINYHIL_SOURCE_DIR "/device-agent/engines/reference/testdata/two_and_two.tflite", 1u << 20, "model");
  const TfliteModel model = read_tflite(content, "two_and_two.tflite");
  ASSERT_TRUE(model.input() && model.output());
  EXPECT_EQ(model.input()->shape(), "1x8x8x2 int8 and 1x6 int8");
  EXPECT_EQ(model.output()->shape(), "1x3 int8 and 1x5 int8");
  TfliteModel other = model;
  other.outputs.push_back(std::nullopt);
  EXPECT_FALSE(other.output()) << "one of a type that the link does not carry";
  other.outputs = std::vector<std::optional<Tensor>>(9, Tensor{});
  EXPECT_FALSE(other.output());
}

TEST(TfliteModel, IsRefusedWhereverItIsCutShort) {
  const std::vector<std::uint8_t> whole = shipped();
  const std::size_t step = whole.size() / 40;
  for (std::size_t size = 0; size < whole.size() - step; size += step) {
    const std::span<const std::uint8_t> part(whole.data(), size);
    EXPECT_THAT(test::complaint([&] { read_tflite(part, "m.tflite"); }), HasSubstr("no valid .tflite file"))
        << size;
  }
}

TEST(TfliteModel, IsRefusedOrReadWhateverItsBytesAre) {
  std::vector<std::uint8_t> content = shipped();
  std::uint32_t random = 1;
  for (int round = 0; round < 2000; ++round) {
    random = random * 1664525 + 1013904223;
    const std::size_t at = 8 + (random >> 8) % (content.size() - 8);
    const std::uint8_t old = std::exchange(content[at], static_cast<std::uint8_t>(random));
    test::complaint([&] { read_tflite(content, "m.tflite"); });
    content[at] = old;
  }
}

TEST(TfliteModel, TextIsNone) {
  const std::string text = "import tensorflow as tf\n";
  const std::span<const std::uint8_t> bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  EXPECT_FALSE(is_tflite(bytes));
  EXPECT_EQ(
      test::complaint([&] { read_tflite(bytes, "m.tflite"); }),
      "m.tflite: the model file is no valid .tflite file: it does not say TFL3; export the model again, or "
      "fetch the whole file");
}

}  // namespace
}  // namespace tinyhil
