// SPDX-License-Identifier: Apache-2.0
// What may come during a run, and what a measured inference says of its clocks.
#include "running.hpp"

namespace agent_test {
namespace {

using Types = std::vector<std::uint8_t>;

struct Throughput : Running {
  Throughput() { host.push(THIL_SLOT_MODEL, 1, fake_model(4, 2, 50)); }

  thil_run throughput(std::uint16_t repeats) {
    auto made = run(0, 3, repeats);
    made.mode = THIL_RUN_THROUGHPUT;
    made.batch = 1;
    return made;
  }
};

TEST_F(Running, ACheckDoesNotEndAMeasuredRunAndTellsHowFarItIs) {
  begin(run(0, 3, 1000), 5);
  host.put(host.line_of(thil_check{}));
  thil_agent_step();
  const auto frames = host.take();
  ASSERT_EQ(types_of(frames), (Types{THIL_ID_results, THIL_ID_health}));
  EXPECT_EQ(frames[1].as<thil_health>().run, 42u);
  EXPECT_EQ(frames[1].as<thil_health>().results, 5u);
  EXPECT_EQ(frames[1].header.credit, 0);
  EXPECT_EQ(rows_of(host.settle(), 2, true, 5).size(), 2995u);
}

TEST_F(Running, AnyOtherRequestEndsAMeasuredRunEarly) {
  const Bytes nothing;
  const Bytes lines[] = {host.line_of(thil_list{0, THIL_SLOT_VECTORS, 0, 0}),
                         host.line_of(host.begin(THIL_SLOT_VECTORS, 1, {1})),
                         host.line_of(host.chunk(THIL_SLOT_VECTORS, 1, 0, nothing)),
                         host.line_of(thil_load{0, 0}), host.line_of(thil_echo{})};
  for (const Bytes& line : lines) {
    begin(run(0, 3, 1000), 3);
    host.put(line);
    const auto frames = host.settle();
    ASSERT_GE(frames.size(), 2u);
    EXPECT_EQ(rows_of(frames, 2).size(), 3u);
    EXPECT_EQ(frames[1].as<thil_run_ended>().results, 3u);
  }
}

TEST_F(Running, HalfARequestDoesNotEndTheRun) {
  host.put(host.line_of(run(0, 3)));
  const Bytes line = host.line_of(thil_reset{});
  host.put(Bytes(line.begin(), line.begin() + 6));
  const auto frames = host.settle();
  EXPECT_EQ(frames.back().as<thil_run_ended>().results, 3u);
}

TEST_F(Running, AMeasuredRunGrantsNoCreditUntilItEnds) {
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

// clock 1 MHz, timer 32768 Hz: a hundredth of 100 ms and two ticks of the timer are 1.05 ms.
TEST_F(Running, ClocksThatAgreeAreReported) {
  fake_engine_on_invoke([] {
    of_callback->port.clock += 101000;
    of_callback->port.timer += 3277;
  });
  const Row row = rows_of(start(run(0, 1)), 2).at(0);
  EXPECT_EQ(row.status, THIL_RESULT_OK);
  EXPECT_EQ(row.clock, 101000u);
  EXPECT_EQ(row.timer, 3277u);
}

TEST_F(Running, ClocksThatDisagreeMakeTheLatencySuspectAndKeepTheOutput) {
  fake_engine_on_invoke([] {
    of_callback->port.clock += 101300;
    of_callback->port.timer += 3277;
  });
  const Row fast = rows_of(start(run(0, 1)), 2).at(0);
  EXPECT_EQ(fast.status, THIL_RESULT_CLOCK_SUSPECT);
  EXPECT_EQ(fast.output, (Bytes{14, 15}));
  fake_engine_on_invoke([] {
    of_callback->port.clock += 98700;
    of_callback->port.timer += 3277;
  });
  EXPECT_EQ(rows_of(start(run(0, 1)), 2).at(0).status, THIL_RESULT_CLOCK_SUSPECT);
}

TEST_F(Running, TheLongestSpansAreComparedToo) {
  host.port.info.clock_hz = host.port.info.timer_hz = 600000000;
  fake_engine_on_invoke([] { of_callback->port.timer += of_callback->port.clock = 0xFFFFFFFF; });
  EXPECT_EQ(rows_of(start(run(0, 1)), 2).at(0).status, THIL_RESULT_OK);
  fake_engine_on_invoke([] { of_callback->port.timer += (of_callback->port.clock = 0xFFFFFFFF) / 50 * 49; });
  EXPECT_EQ(rows_of(start(run(0, 1)), 2).at(0).status, THIL_RESULT_CLOCK_SUSPECT);
}

TEST_F(Running, AClockThatStoppedIsSuspect) {
  fake_engine_on_invoke([] { of_callback->port.timer += 3; });
  EXPECT_EQ(rows_of(start(run(0, 1)), 2).at(0).status, THIL_RESULT_CLOCK_SUSPECT);
}

TEST_F(Running, ATimerThatWrapsAgrees) {
  host.port.timer = 0xFFFFFFF0;
  fake_engine_on_invoke([] {
    of_callback->port.clock += 1000;
    of_callback->port.timer += 33;
  });
  EXPECT_EQ(rows_of(start(run(0, 1)), 2).at(0).status, THIL_RESULT_OK);
}

TEST_F(Running, WithoutASecondTimerNothingIsCompared) {
  host.port.info.timer_hz = 0;
  fake_engine_on_invoke([] { of_callback->port.clock += 5000; });
  EXPECT_EQ(rows_of(start(run(0, 1)), 2).at(0).status, THIL_RESULT_OK);
}

TEST_F(Running, BytesThatArriveDuringAMeasuredInvokeDisturbIt) {
  fake_engine_on_invoke([] { of_callback->put({1}); });
  const Row row = rows_of(start(run(0, 1)), 2).at(0);
  EXPECT_EQ(row.status, THIL_RESULT_DISTURBED);
  EXPECT_EQ(row.output, (Bytes{14, 15}));
}

TEST_F(Throughput, PutsNoTimerIntoARowAndIsNotDisturbed) {
  fake_engine_on_invoke([] { of_callback->put({0}); });
  const auto frames = start(throughput(1));
  ASSERT_EQ(frames.size(), 5u);
  EXPECT_EQ(frames[1].payload.size(), 8u + 7);
  const auto rows = rows_of(frames, 2, false);
  EXPECT_EQ(outputs_of(rows), (Bytes{14, 18, 22}));
  EXPECT_EQ(rows[0].status, THIL_RESULT_OK);
}

TEST_F(Throughput, GrantsCredit) {
  for (const Frame& frame : start(throughput(1))) EXPECT_EQ(frame.header.credit, 7);
}

TEST_F(Throughput, PushesIntoOtherSlotsGoOnBesideIt) {
  const Bytes content(40, 6);
  auto frames = begin(throughput(20), 1);
  std::vector<Frame> said = frames;
  const Bytes lines[] = {host.line_of(host.begin(THIL_SLOT_VECTORS, 8, content)),
                         host.line_of(host.chunk(THIL_SLOT_VECTORS, 8, 0, content)),
                         host.line_of(thil_push_end{0, THIL_SLOT_VECTORS, 8}),
                         host.line_of(thil_list{0, THIL_SLOT_VECTORS, 8, 0})};
  for (const Bytes& line : lines) {
    host.put(line);
    for (int i = 0; i < 3; ++i) thil_agent_step();
    frames = host.take();
    said.insert(said.end(), frames.begin(), frames.end());
  }
  frames = host.settle();
  said.insert(said.end(), frames.begin(), frames.end());
  Bytes expected(20, 14);
  expected.insert(expected.end(), 20, 18);
  expected.insert(expected.end(), 20, 22);
  EXPECT_EQ(outputs_of(rows_of(said, 2, false)), expected);
  EXPECT_EQ(said.back().as<thil_run_ended>().results, 60u);
  Types replies;
  for (const Frame& frame : said) {
    if ((frame.header.flags & THIL_FRAME_REPLY) != 0) replies.push_back(frame.header.type);
  }
  EXPECT_EQ(replies, (Types{THIL_ID_done, THIL_ID_done, THIL_ID_done, THIL_ID_inventory}));
}

TEST_F(Throughput, AChunkLeavesTheRowsThatWaitAlone) {
  const Bytes content(40, 6);
  host.ask(host.begin(THIL_SLOT_VECTORS, 8, content));
  auto request = throughput(2);
  request.batch = 0;
  begin(request, 2);
  host.put(host.line_of(host.chunk(THIL_SLOT_VECTORS, 8, 0, content)));
  const auto frames = host.settle();
  ASSERT_EQ(types_of(frames), (Types{THIL_ID_results, THIL_ID_run_ended}));
  EXPECT_EQ(outputs_of(rows_of(frames, 2, false)), (Bytes{14, 14, 18, 18, 22, 22}));
  host.ask(thil_push_end{0, THIL_SLOT_VECTORS, 8}).as<thil_done>();
}

TEST_F(Throughput, ARefusedChunkDoesNotDisturbTheRows) {
  auto request = throughput(2);
  request.batch = 0;
  begin(request, 2);
  const Bytes one{1};
  host.put(host.line_of(host.chunk(THIL_SLOT_VECTORS, 9, 0, one)));
  const auto frames = host.settle();
  ASSERT_EQ(types_of(frames), (Types{THIL_ID_results, THIL_ID_refused, THIL_ID_results, THIL_ID_run_ended}));
  EXPECT_EQ(outputs_of(rows_of(frames, 2, false)), (Bytes{14, 14, 18, 18, 22, 22}));
}

TEST_F(Throughput, APushIntoTheSlotOfItsVectorsEndsIt) {
  begin(throughput(100), 2);
  host.put(host.line_of(host.begin(THIL_SLOT_VECTORS, kVectors, {1})));
  const auto frames = host.settle();
  ASSERT_EQ(types_of(frames), (Types{THIL_ID_run_ended, THIL_ID_done}));
  EXPECT_EQ(frames[0].as<thil_run_ended>().results, 2u);
}

TEST_F(Throughput, APushIntoTheSlotOfAnyOfItsModelsEndsIt) {
  load(1);
  models = {0, 1};
  begin(throughput(100), 2);
  host.put(host.line_of(host.begin(THIL_SLOT_MODEL, 1, {1})));
  EXPECT_EQ(types_of(host.settle()), (Types{THIL_ID_run_ended, THIL_ID_done}));
}

TEST_F(Throughput, APushIntoASlotOfTheSameNumberButAnotherKindDoesNotEndIt) {
  begin(throughput(100), 2);
  host.put(host.line_of(host.begin(THIL_SLOT_VECTORS, 0, {1})));
  EXPECT_EQ(host.settle().back().as<thil_run_ended>().results, 300u);
}

TEST_F(Throughput, ARefusedBeginDoesNotEndIt) {
  begin(throughput(100), 2);
  auto wrong = host.begin(THIL_SLOT_VECTORS, kVectors, {1});
  wrong.size = 4049;
  host.put(host.line_of(wrong));
  EXPECT_EQ(host.settle().back().as<thil_run_ended>().results, 300u);
}

TEST_F(Throughput, ALoadOrAnotherRunEndsIt) {
  begin(throughput(100), 2);
  host.put(host.line_of(thil_load{0, 1}));
  EXPECT_EQ(host.settle().at(0).as<thil_run_ended>().results, 2u);
  begin(throughput(100), 2);
  const auto frames = start(run(0, 1));
  EXPECT_EQ(types_of(frames), (Types{THIL_ID_run_ended, THIL_ID_done, THIL_ID_results, THIL_ID_run_ended}));
}

}  // namespace
}  // namespace agent_test
