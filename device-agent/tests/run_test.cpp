// SPDX-License-Identifier: Apache-2.0
#include "running.hpp"

namespace agent_test {
namespace {

using Types = std::vector<std::uint8_t>;
const Types kWholeRun{THIL_ID_done, THIL_ID_results, THIL_ID_run_ended};

TEST_F(Running, ARangeGivesARowForEachVectorAndThenEnds) {
  const auto frames = start(run(1, 2));
  ASSERT_EQ(types_of(frames), kWholeRun);
  EXPECT_EQ(frames[0].as<thil_done>().request, THIL_ID_run);
  EXPECT_EQ(frames[1].as<thil_results>().run, 42u);
  const auto rows = rows_of(frames, 2);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].status, THIL_RESULT_OK);
  EXPECT_EQ(rows[0].output, (Bytes{18, 19}));
  EXPECT_EQ(rows[1].output, (Bytes{22, 23}));
  EXPECT_EQ(frames[2].as<thil_run_ended>().run, 42u);
  EXPECT_EQ(frames[2].as<thil_run_ended>().results, 2u);
}

TEST_F(Running, RepeatsOfAVectorFollowEachOtherAndGetTheInputAnew) {
  EXPECT_EQ(outputs_of(rows_of(start(run(0, 2, 3)), 2)), (Bytes{14, 14, 14, 18, 18, 18}));
}

TEST_F(Running, EveryInferenceBeginsWithTheStateOfTheLoadedModel) {
  const std::uint32_t before = fake_engine_resets();
  start(run(0, 2, 3));
  EXPECT_EQ(fake_engine_resets() - before, 6u);
}

TEST_F(Running, TwoModelsTakeTurnsForwardAndBackward) {
  host.push(THIL_SLOT_MODEL, 2, fake_model(4, 2, 110));
  load(2);
  models = {2, 0};
  EXPECT_EQ(outputs_of(rows_of(start(run(0, 2, 2)), 2)), (Bytes{114, 14, 14, 114, 118, 18, 18, 118}));
}

TEST_F(Running, ThreeModelsTakeTurnsForwardAndBackward) {
  host.push(THIL_SLOT_MODEL, 1, fake_model(4, 2, 60));
  host.push(THIL_SLOT_MODEL, 2, fake_model(4, 2, 110));
  load(1);
  load(2);
  models = {0, 1, 2};
  EXPECT_EQ(outputs_of(rows_of(start(run(0, 3)), 2)), (Bytes{14, 64, 114, 118, 68, 18, 22, 72, 122}));
}

TEST_F(Running, ModelsOfOtherShapesShareTheVectorsBytes) {
  host.push(THIL_SLOT_MODEL, 1, fake_model(2, 1, 100));
  load(1);
  models = {1};
  EXPECT_EQ(rows_of(start(run(0, 1)), 1).at(0).output, Bytes{102});
  models = {0};
  EXPECT_EQ(rows_of(start(run(0, 1)), 2).at(0).output, (Bytes{14, 15}));
}

TEST_F(Running, AsManyRowsAsFitGoIntoAFrame) {
  host.push(THIL_SLOT_VECTORS, kVectors, Bytes(4 * 200, 1));
  const auto frames = start(run(0, 200));
  ASSERT_EQ(frames.size(), 5u);
  EXPECT_EQ(frames[1].payload.size(), 8u + 92 * 11);
  EXPECT_EQ(frames[2].payload.size(), 8u + 92 * 11);
  EXPECT_EQ(rows_of(frames, 2).size(), 200u);
}

TEST_F(Running, TheBatchBoundsTheRowsOfAFrame) {
  auto request = run(0, 3, 3);
  request.batch = 4;
  const auto frames = start(request);
  ASSERT_EQ(frames.size(), 5u);
  EXPECT_EQ(frames[1].payload.size(), 8u + 4 * 11);
  EXPECT_EQ(frames[3].payload.size(), 8u + 1 * 11);
  EXPECT_EQ(rows_of(frames, 2).size(), 9u);
}

// At 1 MHz: a quarter of a second.
TEST_F(Running, RowsThatWaitedAQuarterOfASecondAreSent) {
  host.port.info.timer_hz = 0;
  fake_engine_on_invoke([] { of_callback->port.clock += 125000; });
  const auto frames = start(run(0, 3, 3));
  ASSERT_EQ(frames.size(), 7u);
  EXPECT_EQ(frames[1].payload.size(), 8u + 2 * 11);
  EXPECT_EQ(frames[5].payload.size(), 8u + 1 * 11);
  EXPECT_EQ(rows_of(frames, 2).size(), 9u);
}

TEST_F(Running, AFailedInvokeIsARowWithoutOutputAndTheRunGoesOn) {
  host.push(THIL_SLOT_VECTORS, kVectors, {FAKE_POISON, 0, 0, 0, 1, 1, 1, 1});
  const auto frames = start(run(0, 2));
  EXPECT_EQ(frames[1].payload.size(), 8u + 9 + 11);
  const auto rows = rows_of(frames, 2);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].status, THIL_RESULT_INVOKE_FAILED);
  EXPECT_EQ(rows[1].status, THIL_RESULT_OK);
  EXPECT_EQ(rows[1].output, (Bytes{14, 15}));
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

TEST_F(Running, WrongSlotsAreRefused) {
  auto wrong = run(0, 1);
  wrong.vector_slot = 40;
  EXPECT_EQ(host.refusal(wrong).value, 40u);
  wrong.vector_slot = 8;
  EXPECT_EQ(host.refusal(wrong).reason, THIL_REFUSED_EMPTY_SLOT);
  models = {0, 3};
  EXPECT_EQ(host.refusal(run(0, 1)).reason, THIL_REFUSED_NO_SLOT);
  models = {0, 1};
  EXPECT_EQ(host.refusal(run(0, 1)).reason, THIL_REFUSED_NOT_LOADED);
}

TEST_F(Running, ValuesOutOfRangeAreRefused) {
  for (std::uint8_t mode : {0, 3, 255}) {
    auto wrong = run(0, 1);
    wrong.mode = mode;
    EXPECT_EQ(host.refusal(wrong).reason, THIL_REFUSED_MALFORMED);
  }
  for (std::uint8_t form : {0, 2, 4}) {  // 2 is top-k, of none
    auto wrong = run(0, 1);
    wrong.form = form;
    EXPECT_EQ(host.refusal(wrong).reason, THIL_REFUSED_MALFORMED);
  }
  for (std::size_t count : {0, 9}) {
    models = Bytes(count, 0);
    EXPECT_EQ(host.refusal(run(0, 1)).reason, THIL_REFUSED_MALFORMED);
  }
  models = Bytes(8, 0);
  EXPECT_EQ(rows_of(start(run(0, 1)), 2).size(), 8u);
}

TEST_F(Running, AHelloEndsTheRunWithoutAWordOfTheOldSession) {
  begin(run(0, 3, 1000), 3);
  host.epoch = 9;
  host.hello().as<thil_identity>();
  EXPECT_TRUE(host.settle().empty());
}

TEST_F(Running, ModelsStayLoadedInANewSession) {
  host.epoch = 9;
  host.hello();
  EXPECT_EQ(types_of(start(run(0, 3))), kWholeRun);
}

TEST_F(Running, PushingIntoTheSlotOfALoadedModelUnloadsIt) {
  host.ask(host.begin(THIL_SLOT_MODEL, 0, fake_model(4, 2)));
  EXPECT_EQ(host.refusal(run(0, 1)).reason, THIL_REFUSED_NOT_LOADED);
  EXPECT_EQ(host.refusal(thil_load{0, 0}).reason, THIL_REFUSED_EMPTY_SLOT);
}

TEST_F(Running, ThePinIsHighAroundEachInvoke) {
  host.port.trigger.clear();
  start(run(0, 2));
  EXPECT_EQ(host.port.trigger, (std::vector<bool>{true, false, true, false}));
}

}  // namespace
}  // namespace agent_test
