// SPDX-License-Identifier: Apache-2.0
#include "running.hpp"

namespace agent_test {
namespace {

TEST_F(Running, LoadDescribesTheModel) {
  const Frame answer = host.ask(thil_load{0, 0});
  const auto loaded = answer.as<thil_loaded>();
  EXPECT_TRUE(loaded.model == digest_of(fake_model(4, 2, 10)));
  EXPECT_GT(loaded.arena_used, 6u);
  const auto tensors = tensors_of(loaded);
  ASSERT_EQ(tensors.size(), 2u);
  const thil_tensor_info& input = tensors[0].second;
  EXPECT_EQ(input.dtype, THIL_DTYPE_INT8);
  EXPECT_EQ(input.rank, 2);
  EXPECT_EQ(input.dims[1], 4u);
  EXPECT_EQ(input.dims[3], 1u);
  EXPECT_EQ(input.scale, 0.5f);
  EXPECT_EQ(input.zero_point, -1);
  const thil_tensor_info& output = tensors[1].second;
  EXPECT_EQ(output.dims[1], 2u);
  EXPECT_EQ(output.zero_point, 3);
}

TEST(Loading, EveryRefusalOfTheEngineReachesTheHost) {
  FakeHost host;
  host.hello();
  EXPECT_EQ(host.refusal(thil_load{0, 3}).reason, THIL_REFUSED_NO_SLOT);
  EXPECT_EQ(host.refusal(thil_load{0, 0}).reason, THIL_REFUSED_EMPTY_SLOT);
  host.push(THIL_SLOT_MODEL, 0, {'X'});
  const auto malformed = host.refusal(thil_load{0, 0});
  EXPECT_EQ(malformed.reason, THIL_REFUSED_MODEL_MALFORMED);
  EXPECT_EQ(text(malformed.detail), "no F");
  host.push(THIL_SLOT_MODEL, 0, fake_model(4, 2, 0, THIL_ENGINE_UNSUPPORTED));
  const auto unsupported = host.refusal(thil_load{0, 0});
  EXPECT_EQ(unsupported.reason, THIL_REFUSED_MODEL_UNSUPPORTED);
  EXPECT_EQ(text(unsupported.detail), "operator FAKE");
  host.push(THIL_SLOT_MODEL, 0, fake_model(4, 2, 0, THIL_ENGINE_LOAD_FAILED));
  EXPECT_EQ(host.refusal(thil_load{0, 0}).reason, THIL_REFUSED_LOAD);
  host.push(THIL_SLOT_MODEL, 0, fake_model(4, 2, 0, THIL_ENGINE_INVOKE_FAILED));
  EXPECT_EQ(host.refusal(thil_load{0, 0}).reason, THIL_REFUSED_MODEL_MALFORMED);
}

TEST(Loading, TheArenaThatWouldDoIsNamed) {
  FakeHost host;
  host.hello();
  host.push(THIL_SLOT_MODEL, 0, fake_model(4, 0, 0, 0, 8));
  const auto refused = host.refusal(thil_load{0, 0});
  EXPECT_EQ(refused.reason, THIL_REFUSED_ARENA);
  EXPECT_GE(refused.value, 2052u);
}

TEST(Loading, AnOutputThatFillsTheFrameIsTakenAndALargerOneToo) {
  FakeHost host;
  host.hello();
  host.push(THIL_SLOT_VECTORS, 0, {1});
  host.push(THIL_SLOT_MODEL, 0, fake_model(1, 0xEF, 0, 0, 3));
  host.ask(thil_load{0, 0}).as<thil_loaded>();
  const Bytes models{0};
  host.put(host.line_of(
      thil_run{0, 1, 0, 0, 0, 1, 1, THIL_RUN_MEASURE, THIL_RESULT_FULL, 0, 0, {models.data(), 1}}));
  EXPECT_EQ(host.settle()[1].payload.size(), 1024u);
  host.push(THIL_SLOT_MODEL, 0, fake_model(1, 0xF0, 0, 0, 3));
  host.ask(thil_load{0, 0}).as<thil_loaded>();
}

TEST(Loading, ACompiledInModelLoadsWithoutAPush) {
  FakeHost host;
  fake_engine_fix_model(true);
  host.hello();
  const Frame answer = host.ask(thil_load{0, 1});
  const auto loaded = answer.as<thil_loaded>();
  EXPECT_TRUE(loaded.model == thil_digest{});
  EXPECT_EQ(tensors_of(loaded).at(0).second.dims[1], 4u);
}

}  // namespace
}  // namespace agent_test
