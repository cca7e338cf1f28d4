// SPDX-License-Identifier: Apache-2.0
// Vectors in the world's units, on models that quantise them differently.
#include "encodings.hpp"

#include <cstring>

#include "campaign/internal/drawn_vectors.hpp"
#include "testing/runner_fixture.hpp"

namespace tinyhil::campaign {
namespace {

constexpr float kScale = 0.5F;

Tensor byte(float scale, std::int32_t zero_point) {
  return {DType::int8, 2, {1, 4, 1, 1}, scale, zero_point};
}

class EncodingsTest : public test::RunnerTest {
 protected:
  // Vector i is 0, 0, 0, i: the fake engine adds up the four bytes that it is given.
  EncodingsTest() {
    vectors_.input = Tensor{DType::float32, 2, {1, 4, 1, 1}};
    vectors_.count = 20;
    vectors_.inputs.assign(vectors_.count * 16, 0);
    for (std::size_t i = 0; i < vectors_.count; ++i) {
      const auto value = static_cast<float>(i);
      std::memcpy(&vectors_.inputs[16 * i + 12], &value, sizeof value);
    }
    take({{"base", byte(kScale, 0)}, {"new", byte(kScale / 2, 1)}});
  }
  void take(ModelInputs inputs) {
    inputs_ = std::move(inputs);
    for (const auto& [model, input] : inputs_) fake_.inputs[model] = input.only();
  }
  RunSetup encoding() {
    RunSetup made = setup();
    made.inputs = inputs_;
    return made;
  }
  // base: 2 i; new: bias 50, 4 i and four zero points.
  void expect_each_by_its_own_scale() {
    for (std::size_t i = 0; i < 2; ++i) {
      const auto outputs = sink_.trials.at(i).outputs();
      ASSERT_EQ(outputs.size(), vectors_.count);
      for (const auto& [key, output] : outputs) {
        const auto vector = static_cast<std::uint8_t>(key.first);
        const std::uint8_t wanted = i == 0 ? 2 * vector : 54 + 4 * vector;
        EXPECT_EQ(output, test::Bytes{wanted}) << "vector " << key.first;
      }
    }
  }

  ModelInputs inputs_;
};

TEST_F(EncodingsTest, APartHasTheSamePositionsOfEachSet) {
  const Encodings encodings(vectors_, campaign_, inputs_);
  const std::vector<VectorSet> parts = encodings.part(OrderPosition{3}, 2);
  ASSERT_EQ(parts.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    const VectorSet& whole = *encodings.sets()[i];
    const auto begin = whole.inputs.begin() + 3 * static_cast<std::ptrdiff_t>(whole.input.bytes());
    EXPECT_EQ(parts[i].count, 2U);
    EXPECT_EQ(parts[i].input, whole.input);
    EXPECT_EQ(parts[i].inputs,
              test::Bytes(begin, begin + 2 * static_cast<std::ptrdiff_t>(whole.input.bytes())));
  }
}

TEST_F(EncodingsTest, ModelsOfEqualInputsShareASet) {
  const Encodings two(vectors_, campaign_, inputs_);
  ASSERT_EQ(two.sets().size(), 2U);
  EXPECT_NE(two.of("base"), two.of("new"));
  inputs_["new"] = inputs_["base"];
  const Encodings one(vectors_, campaign_, inputs_);
  EXPECT_EQ(one.sets().size(), 1U);
  EXPECT_EQ(one.of("base"), one.of("new"));
}

TEST_F(EncodingsTest, AModelOfUnknownInputsTakesTheVectorsAsTheyAre) {
  inputs_.erase("base");
  const Encodings encodings(vectors_, campaign_, inputs_);
  EXPECT_EQ(&encodings.set_of("base"), &vectors_);
  EXPECT_EQ(encodings.set_of("new").input, TensorList(byte(kScale / 2, 1)));
}

TEST_F(EncodingsTest, EachModelRunsOverTheVectorsByItsOwnScale) {
  run(encoding());
  expect_each_by_its_own_scale();
  EXPECT_EQ(sink_.trials.at(1).info.input.only().scale, kScale / 2) << "the store says by which";
}

TEST_F(EncodingsTest, AlsoOnABoardOfOneVectorSlotAndOneModelSlot) {
  fake_.vectors = {1, 24};
  fake_.models.count = 1;
  run(encoding());
  expect_each_by_its_own_scale();
}

TEST_F(EncodingsTest, AlsoAfterFaultsAndInAnotherOrder) {
  make_slots_small();
  fake_.events = {{7, test::FakeBoard::Event::reset}, {21, test::FakeBoard::Event::reset}};
  RunSetup turned = encoding();
  for (std::uint32_t i = 0; i < vectors_.count; ++i) turned.order.push_back((i * 7) % 20);
  run(turned);
  expect_each_by_its_own_scale();
}

TEST_F(EncodingsTest, SeveralBoardsReadWhatWasMadeOnce) {
  RunSetup lent = encoding();
  const DrawnVectors drawn(vectors_, lent.order, campaign_, inputs_);
  lent.drawn = &drawn;
  lent.inputs = {};  // a Runner that made its own would send the floats
  for (int board = 0; board < 2; ++board) {
    sink_ = {};
    run(lent);
    expect_each_by_its_own_scale();
  }
}

TEST_F(EncodingsTest, ADeviceWhoseModelTakesOtherNumbersThanItsFileSaysIsRefused) {
  fake_.inputs["new"] = byte(1, 1);
  EXPECT_EQ(failed_run(encoding()), ErrorKind::usage);
  EXPECT_NE(message_.find("model `new` expects 1.000000, 1"), std::string::npos) << message_;
}

}  // namespace
}  // namespace tinyhil::campaign
