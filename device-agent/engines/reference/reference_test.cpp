// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "fixture.hpp"

namespace tinyhil {
namespace {

using fixture::Bytes;
using fixture::Loaded;

Bytes run(thil_engine_model* model, const Bytes& input) {
  thil_tensor_info given{};
  thil_tensor_info made{};
  thil_engine_describe(model, &given, &made);
  EXPECT_EQ(given.bytes, input.size());
  std::memcpy(thil_engine_input(model), input.data(), input.size());
  EXPECT_EQ(thil_engine_invoke(model), THIL_ENGINE_OK);
  const uint8_t* output = thil_engine_output(model);
  return Bytes(output, output + made.bytes);
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

TEST(ReferenceEngine, RefusesAnOperatorItLacksByName) {
  Loaded loaded(fixture::read("tanh.tflite"));
  EXPECT_EQ(loaded.status, THIL_ENGINE_UNSUPPORTED);
  EXPECT_STREQ(loaded.report.detail, "operator TANH (subgraph 0, node 0)");
}

TEST(ReferenceEngine, RefusesWhatIsNoFlatbuffer) {
  EXPECT_EQ(Loaded(Bytes{}).status, THIL_ENGINE_MALFORMED);
  EXPECT_EQ(Loaded(Bytes(64, 0)).status, THIL_ENGINE_MALFORMED);
  EXPECT_EQ(Loaded(Bytes(64, 0xff)).status, THIL_ENGINE_MALFORMED);
}

}  // namespace
}  // namespace tinyhil
