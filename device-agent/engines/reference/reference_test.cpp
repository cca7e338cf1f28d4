// SPDX-License-Identifier: Apache-2.0
extern "C" {
#include "op.h"
}

#include <gtest/gtest.h>

#include "fixture.hpp"

namespace tinyhil {
namespace {

using fixture::Bytes;
using fixture::Loaded;

// `input` has the bytes of all inputs, one after the other; what is returned those of all outputs.
Bytes run(thil_engine_model* model, const Bytes& input) {
  size_t at = 0;
  for (const fixture::Piece piece : fixture::tensors_of(model, THIL_INPUT)) {
    EXPECT_LE(at + piece.size(), input.size());
    std::memcpy(piece.data(), input.data() + at, piece.size());
    at += piece.size();
  }
  EXPECT_EQ(at, input.size());
  EXPECT_EQ(thil_engine_invoke(model), THIL_ENGINE_OK);
  Bytes output;
  for (const fixture::Piece piece : fixture::tensors_of(model, THIL_OUTPUT))
    output.insert(output.end(), piece.begin(), piece.end());
  return output;
}

class EveryFixture : public testing::TestWithParam<std::string> {
 protected:
  Bytes image = fixture::read(GetParam() + ".tflite");
  Bytes input = fixture::read(GetParam() + ".in");
  Bytes expected = fixture::read(GetParam() + ".out");
};

TEST_P(EveryFixture, GivesTheBytesLiteRtGives) {
  Loaded loaded(image);
  ASSERT_EQ(loaded.status, THIL_ENGINE_OK) << loaded.report.detail;
  EXPECT_STREQ(loaded.report.detail, "");
  EXPECT_EQ(run(loaded.model, input), expected);
}

TEST_P(EveryFixture, GivesThemAgainAfterAnInvokeOnOtherValues) {
  Loaded loaded(image);
  ASSERT_EQ(loaded.status, THIL_ENGINE_OK) << loaded.report.detail;
  run(loaded.model, Bytes(input.size(), 0x7f));
  thil_engine_reset(loaded.model);
  EXPECT_EQ(run(loaded.model, input), expected);
}

TEST_P(EveryFixture, NeedsExactlyTheArenaItReports) {
  const uint32_t needed = Loaded(image).report.arena_needed;
  Loaded exact(image, needed);
  ASSERT_EQ(exact.status, THIL_ENGINE_OK);
  EXPECT_EQ(run(exact.model, input), expected);
  Loaded short_by_one(image, needed - 1);
  EXPECT_EQ(short_by_one.status, THIL_ENGINE_ARENA_TOO_SMALL);
  EXPECT_EQ(short_by_one.report.arena_needed, needed);
  EXPECT_EQ(short_by_one.model, nullptr);
}

TEST_P(EveryFixture, FitsTheArenaThatAHopelesslySmallOneAskedFor) {
  Loaded hopeless(image, 16);
  ASSERT_EQ(hopeless.status, THIL_ENGINE_ARENA_TOO_SMALL);
  EXPECT_EQ(Loaded(image, hopeless.report.arena_needed).status, THIL_ENGINE_OK);
}

INSTANTIATE_TEST_SUITE_P(ReferenceEngine, EveryFixture, testing::ValuesIn(fixture::runnable_models()),
                         [](const auto& fixture) { return fixture.param; });

TEST(ReferenceEngine, KeepsTwoModelsResidentInTwoArenas) {
  Loaded first(fixture::read("network_0.tflite"));
  Loaded second(fixture::read("network_1.tflite"));
  ASSERT_EQ(second.status, THIL_ENGINE_OK);
  EXPECT_EQ(run(second.model, fixture::read("network_1.in")), fixture::read("network_1.out"));
  EXPECT_EQ(run(first.model, fixture::read("network_0.in")), fixture::read("network_0.out"));
}

TEST(ReferenceEngine, RemembersUntilItIsReset) {
  Loaded loaded(fixture::read("var_handle.tflite"));
  ASSERT_EQ(loaded.status, THIL_ENGINE_OK) << loaded.report.detail;
  const Bytes input = fixture::read("var_handle.in");
  const Bytes first = run(loaded.model, input);
  EXPECT_NE(run(loaded.model, input), first);
  thil_engine_reset(loaded.model);
  EXPECT_EQ(run(loaded.model, input), first);
}

TEST(ReferenceEngine, TakesOfEachOperatorNoMoreTensorsThanItHasPlacesFor) {
#define THIL_OP(name, options, prefix, inputs, outputs) \
  EXPECT_LE(inputs, THIL_OP_INPUTS_MAX) << #name;       \
  EXPECT_LE(outputs, THIL_OP_OUTPUTS_MAX) << #name;
#include "ops.def"
#undef THIL_OP
}

TEST(ReferenceEngine, DescribesEachOfSeveralInputsAndOutputs) {
  Loaded loaded(fixture::read("two_and_two.tflite"));
  ASSERT_EQ(loaded.status, THIL_ENGINE_OK) << loaded.report.detail;
  thil_tensor_info info{};
  ASSERT_NE(thil_engine_tensor(loaded.model, THIL_INPUT, 0, &info), nullptr);
  EXPECT_EQ(info.rank, 4);
  EXPECT_EQ(info.bytes, 8u * 8u * 2u);
  ASSERT_NE(thil_engine_tensor(loaded.model, THIL_INPUT, 1, &info), nullptr);
  EXPECT_EQ(info.rank, 2);
  EXPECT_EQ(info.bytes, 6u);
  ASSERT_NE(thil_engine_tensor(loaded.model, THIL_OUTPUT, 0, &info), nullptr);
  EXPECT_EQ(info.bytes, 3u);
  ASSERT_NE(thil_engine_tensor(loaded.model, THIL_OUTPUT, 1, &info), nullptr);
  EXPECT_EQ(info.bytes, 5u);
  EXPECT_EQ(thil_engine_tensor(loaded.model, THIL_INPUT, 2, &info), nullptr);
  EXPECT_EQ(thil_engine_tensor(loaded.model, THIL_OUTPUT, 2, &info), nullptr);
}

TEST(ReferenceEngine, RefusesAnOperatorItLacksByName) {
  Loaded loaded(fixture::read("sin.tflite"));
  EXPECT_EQ(loaded.status, THIL_ENGINE_UNSUPPORTED);
  EXPECT_STREQ(loaded.report.detail, "operator SIN (subgraph 0, node 0)");
}

TEST(ReferenceEngine, RefusesWhatIsNoFlatbuffer) {
  EXPECT_EQ(Loaded(Bytes{}).status, THIL_ENGINE_MALFORMED);
  EXPECT_EQ(Loaded(Bytes(64, 0)).status, THIL_ENGINE_MALFORMED);
  EXPECT_EQ(Loaded(Bytes(64, 0xff)).status, THIL_ENGINE_MALFORMED);
}

}  // namespace
}  // namespace tinyhil
