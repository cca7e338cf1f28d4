// SPDX-License-Identifier: Apache-2.0
#include "fake_host.hpp"

namespace agent_test {
namespace {

FakeHost* host_of_callback = nullptr;

struct Running : testing::Test {
  Running() {
    host_of_callback = &host;
    host.hello();
    host.push(THIL_SLOT_MODEL, 0, fake_model(4, 2, 10));
    host.push(THIL_SLOT_VECTORS, 7, {1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, FAKE_POISON, 0, 0, 0, 99});
    host.ask(thil_load{0, 0}).as<thil_loaded>();
  }

  static thil_run run(std::uint16_t first, std::uint16_t count, std::uint16_t repeats = 1) {
    return {0, 42, 0, 7, first, count, repeats, THIL_RUN_MEASURE};
  }

  std::vector<Frame> start(const thil_run& request) {
    host.put(host.line_of(request));
    return host.settle();
  }

  FakeHost host;
};

Bytes output_of(const thil_result& result) {
  return {result.output.bytes, result.output.bytes + result.output.size};
}

TEST_F(Running, LoadDescribesTheModel) {
  const auto loaded = host.ask(thil_load{0, 0}).as<thil_loaded>();
  EXPECT_TRUE(loaded.model == digest_of(fake_model(4, 2, 10)));
  EXPECT_GT(loaded.arena_used, 6u);
  EXPECT_EQ(loaded.input_dtype, THIL_DTYPE_INT8);
  EXPECT_EQ(loaded.input_rank, 2);
  EXPECT_EQ(loaded.input_dim1, 4u);
  EXPECT_EQ(loaded.input_dim3, 1u);
  EXPECT_EQ(loaded.input_scale, 0.5f);
  EXPECT_EQ(loaded.input_zero_point, -1);
  EXPECT_EQ(loaded.output_dim1, 2u);
  EXPECT_EQ(loaded.output_zero_point, 3);
}

TEST_F(Running, ARangeGivesAResultForEachVectorAndThenEnds) {
  const auto frames = start(run(1, 2));
  ASSERT_EQ(frames.size(), 4u);
  EXPECT_EQ(frames[0].as<thil_done>().request, THIL_ID_run);
  const auto first = frames[1].as<thil_result>();
  EXPECT_EQ(first.run, 42u);
  EXPECT_EQ(first.vector, 1);
  EXPECT_EQ(first.status, THIL_RESULT_OK);
  EXPECT_EQ(output_of(first), (Bytes{18, 19}));
  EXPECT_EQ(frames[2].as<thil_result>().vector, 2);
  EXPECT_EQ(output_of(frames[2].as<thil_result>()), (Bytes{22, 23}));
  EXPECT_EQ(frames[3].as<thil_run_ended>().results, 2u);
}

TEST_F(Running, RepeatsOfAVectorFollowEachOtherAndGetTheInputAnew) {
  const auto frames = start(run(0, 2, 3));
  ASSERT_EQ(frames.size(), 8u);
  for (std::uint16_t i = 0; i < 6; ++i) {
    const auto result = frames[1 + i].as<thil_result>();
    EXPECT_EQ(result.vector, i / 3);
    EXPECT_EQ(result.repeat, i % 3);
    EXPECT_EQ(output_of(result)[0], i < 3 ? 14 : 18);
  }
}

TEST_F(Running, ResultsAreNoRepliesAndGrantNoCredit) {
  const auto frames = start(run(0, 1));
  ASSERT_EQ(frames.size(), 3u);
  EXPECT_EQ(frames[0].header.credit, 0);
  EXPECT_EQ(frames[1].header.credit, 0);
  EXPECT_EQ(frames[1].header.flags, 0);
  EXPECT_EQ(frames[1].header.ack, host.seq);
  EXPECT_EQ(frames[2].header.credit, 7);
  EXPECT_EQ(frames[2].header.flags, 0);
  EXPECT_EQ(frames[2].header.seq, frames[0].header.seq + 2);
}

TEST_F(Running, AFailedInvokeIsAResultWithoutOutputAndTheRunGoesOn) {
  host.push(THIL_SLOT_VECTORS, 7, {FAKE_POISON, 0, 0, 0, 1, 1, 1, 1});
  const auto frames = start(run(0, 2));
  ASSERT_EQ(frames.size(), 4u);
  EXPECT_EQ(frames[1].as<thil_result>().status, THIL_RESULT_INVOKE_FAILED);
  EXPECT_EQ(frames[1].as<thil_result>().output.size, 0u);
  EXPECT_EQ(frames[2].as<thil_result>().status, THIL_RESULT_OK);
}

TEST_F(Running, AnEmptyRangeEndsAtOnce) {
  EXPECT_EQ(start(run(4, 0)).size(), 2u);
  EXPECT_EQ(start(run(0, 4, 0)).size(), 2u);
}

TEST_F(Running, ARangeBeyondTheSlotIsRefusedWithTheVectorsHeld) {
  for (const auto& wrong : {run(0, 5), run(4, 1), run(5, 0), run(65535, 65535)}) {
    const auto refused = host.refusal(wrong);
    EXPECT_EQ(refused.reason, THIL_REFUSED_RANGE);
    EXPECT_EQ(refused.value, 4u) << "17 bytes hold four vectors of four";
  }
}

TEST_F(Running, WrongSlotsAndModesAreRefused) {
  auto wrong = run(0, 1);
  wrong.model_slot = 2;
  EXPECT_EQ(host.refusal(wrong).reason, THIL_REFUSED_NO_SLOT);
  wrong = run(0, 1);
  wrong.vector_slot = 40;
  EXPECT_EQ(host.refusal(wrong).value, 40u);
  wrong = run(0, 1);
  wrong.vector_slot = 8;
  EXPECT_EQ(host.refusal(wrong).reason, THIL_REFUSED_EMPTY_SLOT);
  wrong = run(0, 1);
  wrong.model_slot = 1;
  EXPECT_EQ(host.refusal(wrong).reason, THIL_REFUSED_NOT_LOADED);
  wrong = run(0, 1);
  wrong.mode = 2;
  EXPECT_EQ(host.refusal(wrong).reason, THIL_REFUSED_MALFORMED);
}

TEST_F(Running, AnotherRequestEndsTheRunEarly) {
  host.put(host.line_of(run(0, 3, 1000)));
  for (int i = 0; i < 4; ++i) thil_agent_step();
  ASSERT_EQ(host.take().size(), 4u);
  host.put(host.line_of(thil_check{}));
  const auto frames = host.settle();
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[0].as<thil_run_ended>().results, 3u);
  frames[1].as<thil_health>();
}

TEST_F(Running, HalfARequestDoesNotEndTheRun) {
  host.put(host.line_of(run(0, 3)));
  const Bytes line = host.line_of(thil_check{});
  host.put(Bytes(line.begin(), line.begin() + 6));
  const auto frames = host.settle();
  ASSERT_EQ(frames.size(), 5u);
  EXPECT_EQ(frames[4].as<thil_run_ended>().results, 3u);
}

TEST_F(Running, AHelloEndsTheRunWithoutAWordOfTheOldSession) {
  host.put(host.line_of(run(0, 3, 1000)));
  for (int i = 0; i < 4; ++i) thil_agent_step();
  host.take();
  host.epoch = 9;
  host.hello().as<thil_identity>();
  EXPECT_TRUE(host.settle().empty());
}

TEST_F(Running, ModelsStayLoadedInANewSession) {
  host.epoch = 9;
  host.hello();
  EXPECT_EQ(start(run(0, 3)).size(), 5u);
}

TEST_F(Running, PushingIntoTheSlotOfALoadedModelUnloadsIt) {
  host.ask(host.begin(THIL_SLOT_MODEL, 0, fake_model(4, 2)));
  EXPECT_EQ(host.refusal(run(0, 1)).reason, THIL_REFUSED_NOT_LOADED);
  EXPECT_EQ(host.refusal(thil_load{0, 0}).reason, THIL_REFUSED_EMPTY_SLOT);
}

TEST_F(Running, TwoModelsAreLoadedAtOnce) {
  host.push(THIL_SLOT_MODEL, 1, fake_model(2, 1, 100));
  host.ask(thil_load{0, 1}).as<thil_loaded>();
  auto second = run(0, 1);
  second.model_slot = 1;
  EXPECT_EQ(output_of(start(second)[1].as<thil_result>()), Bytes{102});
  EXPECT_EQ(output_of(start(run(0, 1))[1].as<thil_result>()), (Bytes{14, 15}));
}

TEST_F(Running, ThePinIsHighAroundEachInvoke) {
  host.port.trigger.clear();
  start(run(0, 2));
  EXPECT_EQ(host.port.trigger, (std::vector<bool>{true, false, true, false}));
}

// clock 1 MHz, timer 32768 Hz: 1 % of 100 ms and two ticks of the timer are 1.061 ms.
TEST_F(Running, ClocksThatAgreeAreReported) {
  fake_engine_on_invoke([] {
    host_of_callback->port.clock += 101000;
    host_of_callback->port.timer += 3277;
  });
  const auto frames = start(run(0, 1));
  const auto result = frames[1].as<thil_result>();
  EXPECT_EQ(result.status, THIL_RESULT_OK);
  EXPECT_EQ(result.clock, 101000u);
  EXPECT_EQ(result.timer, 3277u);
}

TEST_F(Running, ClocksThatDisagreeMakeTheLatencySuspectAndKeepTheOutput) {
  fake_engine_on_invoke([] {
    host_of_callback->port.clock += 101300;
    host_of_callback->port.timer += 3277;
  });
  const auto frames = start(run(0, 1));
  const auto result = frames[1].as<thil_result>();
  EXPECT_EQ(result.status, THIL_RESULT_CLOCK_SUSPECT);
  EXPECT_EQ(output_of(result), (Bytes{14, 15}));
}

TEST_F(Running, AClockThatStoppedIsSuspect) {
  fake_engine_on_invoke([] { host_of_callback->port.timer += 3; });
  EXPECT_EQ(start(run(0, 1))[1].as<thil_result>().status, THIL_RESULT_CLOCK_SUSPECT);
}

TEST_F(Running, ATimerThatWrapsAgrees) {
  host.port.timer = 0xFFFFFFF0;
  fake_engine_on_invoke([] {
    host_of_callback->port.clock += 1000;
    host_of_callback->port.timer += 33;
  });
  EXPECT_EQ(start(run(0, 1))[1].as<thil_result>().status, THIL_RESULT_OK);
}

TEST_F(Running, WithoutASecondTimerNothingIsCompared) {
  host.port.info.timer_hz = 0;
  fake_engine_on_invoke([] { host_of_callback->port.clock += 5000; });
  EXPECT_EQ(start(run(0, 1))[1].as<thil_result>().status, THIL_RESULT_OK);
}

TEST_F(Running, BytesThatArriveDuringAnInvokeMakeItsLatencySuspect) {
  fake_engine_on_invoke([] { host_of_callback->put({1}); });
  EXPECT_EQ(start(run(0, 1))[1].as<thil_result>().status, THIL_RESULT_CLOCK_SUSPECT);
}

TEST(Loading, EveryRefusalOfTheEngineReachesTheHost) {
  FakeHost host;
  host.hello();
  EXPECT_EQ(host.refusal(thil_load{0, 2}).reason, THIL_REFUSED_NO_SLOT);
  EXPECT_EQ(host.refusal(thil_load{0, 0}).reason, THIL_REFUSED_EMPTY_SLOT);
  host.push(THIL_SLOT_MODEL, 0, {'X'});
  const auto malformed = host.refusal(thil_load{0, 0});
  EXPECT_EQ(malformed.reason, THIL_REFUSED_MODEL_MALFORMED);
  EXPECT_EQ(text(malformed.detail), "no F");
  host.push(THIL_SLOT_MODEL, 0, fake_model(4, 2, 0, THIL_ENGINE_UNSUPPORTED));
  const auto unsupported = host.refusal(thil_load{0, 0});
  EXPECT_EQ(unsupported.reason, THIL_REFUSED_MODEL_UNSUPPORTED);
  EXPECT_EQ(text(unsupported.detail), "operator FAKE");
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

TEST(Loading, AnOutputThatFillsTheFrameIsTakenAndALargerOneRefused) {
  FakeHost host;
  host.hello();
  host.push(THIL_SLOT_VECTORS, 0, {1});
  host.push(THIL_SLOT_MODEL, 0, fake_model(1, 0xEF, 0, 0, 3));
  host.ask(thil_load{0, 0}).as<thil_loaded>();
  host.put(host.line_of(thil_run{0, 1, 0, 0, 0, 1, 1, THIL_RUN_MEASURE}));
  EXPECT_EQ(host.settle()[1].as<thil_result>().output.size, 1007u);
  host.push(THIL_SLOT_MODEL, 0, fake_model(1, 0xF0, 0, 0, 3));
  const auto refused = host.refusal(thil_load{0, 0});
  EXPECT_EQ(refused.reason, THIL_REFUSED_TOO_LARGE);
  EXPECT_EQ(refused.value, 1007u);
}

TEST(Loading, ACompiledInModelLoadsWithoutAPush) {
  FakeHost host;
  fake_engine_fix_model(true);
  host.hello();
  const auto loaded = host.ask(thil_load{0, 1}).as<thil_loaded>();
  EXPECT_TRUE(loaded.model == thil_digest{});
  EXPECT_EQ(loaded.input_dim1, 4u);
}

}  // namespace
}  // namespace agent_test
