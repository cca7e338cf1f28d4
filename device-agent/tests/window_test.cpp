// SPDX-License-Identifier: Apache-2.0
// Energy windows: what a current meter would see of one, and what the host is told.
#include "running.hpp"
#include "thil/fault.h"

namespace agent_test {

namespace {

struct Window : Running {
  Window() { fake_engine_tell_layers(0, nullptr); }

  thil_window window(std::uint8_t kind, std::uint32_t invokes, std::uint32_t length_ms = 0) {
    thil_window made{};
    made.window = 77;
    made.kind = kind;
    made.vector_slot = kVectors;
    made.invokes = invokes;
    made.length_ms = length_ms;
    made.rest_ms = 100;
    return made;
  }

  // Asks for it, and takes its `done` and its end.
  Frame ended(const thil_window& asked) {
    const std::vector<Frame> frames = start(asked);
    EXPECT_EQ(types_of(frames), (Bytes{THIL_ID_done, THIL_ID_window_ended}));
    return frames.size() == 2 ? frames[1] : Frame{};
  }

  std::vector<Frame> start(const thil_window& asked) {
    host.put(host.line_of(asked));
    return host.settle();
  }

  static std::vector<std::uint32_t> layers_of(const thil_window_ended& ended) {
    std::vector<std::uint32_t> layers;
    thil_reader from{ended.layers.bytes, ended.layers.size, false};
    while (from.left > 0 && !from.failed) thil_u32_get(&from, &layers.emplace_back());
    EXPECT_FALSE(from.failed);
    return layers;
  }

  static std::uint64_t ticks_of(const thil_window_ended& ended) {
    return std::uint64_t{ended.ticks_high} << 32 | ended.ticks_low;
  }
};

TEST_F(Window, HoldsAsManyInferencesAsWereAskedForBetweenTwoEdges) {
  fake_engine_on_invoke([] {
    of_callback->port.timer += 10;
    EXPECT_EQ(of_callback->port.trigger, std::vector<bool>{true});
  });
  const Frame frame = ended(window(THIL_WINDOW_INFERENCE, 1000));
  const auto told = frame.as<thil_window_ended>();
  EXPECT_EQ(told.window, 77u);
  EXPECT_EQ(told.kind, THIL_WINDOW_INFERENCE);
  EXPECT_EQ(told.status, THIL_WINDOW_WHOLE);
  EXPECT_EQ(told.proven, 1000u);
  EXPECT_EQ(ticks_of(told), 10'000u);
  EXPECT_EQ(host.port.trigger, (std::vector<bool>{true, false}));
  EXPECT_EQ(told.layers.size, 0u);
  EXPECT_TRUE(told.output == digest_of({14, 15}));  // 4 * 1 + 10, though the engine overwrites its input
}

TEST_F(Window, RestsIdleBeforeAndAfterItWithNothingOnTheLine) {
  const Frame frame = ended(window(THIL_WINDOW_INFERENCE, 1));
  ASSERT_EQ(host.port.rests.size(), 2u);
  for (const FakePort::Rest& rest : host.port.rests) {
    EXPECT_EQ(rest.kind, THIL_REST_IDLE);
    EXPECT_EQ(rest.ms, 100u);
    EXPECT_EQ(rest.sent, host.port.rests[0].sent);
  }
  EXPECT_GT(host.port.rests[0].sent, 0u);  // `done` has left
  EXPECT_EQ(ticks_of(frame.as<thil_window_ended>()), 0u);
}

TEST_F(Window, SleepsInPiecesWhoseTicksNeedMoreThan32Bits) {
  host.port.info.timer_hz = 25'000'000;
  host.start();
  host.epoch = 6;
  host.hello();
  thil_window sleep = window(THIL_WINDOW_SLEEP, 0, 1'000'000);
  sleep.rest_ms = 5000;
  const Frame frame = ended(sleep);
  const auto told = frame.as<thil_window_ended>();
  EXPECT_EQ(ticks_of(told), 25'000'000'000u);
  ASSERT_EQ(host.port.rests.size(), 2u + 250u + 2u);
  EXPECT_EQ(host.port.rests[0].ms, 4000u);
  EXPECT_EQ(host.port.rests[1].ms, 1000u);
  EXPECT_EQ(host.port.rests[2].kind, THIL_REST_SLEEP);
  EXPECT_EQ(host.port.rests[2].ms, 4000u);
  EXPECT_EQ(host.port.rests[252].kind, THIL_REST_IDLE);
  EXPECT_GE(host.port.alive, 250u);
  EXPECT_TRUE(told.output == thil_digest{});
}

TEST_F(Window, CountsItsClockWhereThereIsNoSecondTimer) {
  host.port.info.timer_hz = 0;
  const Frame frame = ended(window(THIL_WINDOW_IDLE, 0, 250));
  EXPECT_EQ(ticks_of(frame.as<thil_window_ended>()), 250'000u);
}

TEST_F(Window, TellsWhenTheLayersOfTheLastInferenceEnded) {
  fake_engine_tell_layers(3, [] { of_callback->port.clock += 7; });
  thil_window asked = window(THIL_WINDOW_INFERENCE, 5);
  asked.flags = THIL_WINDOW_LAYERS;
  const Frame frame = ended(asked);
  EXPECT_EQ(layers_of(frame.as<thil_window_ended>()), (std::vector<std::uint32_t>{7, 14, 21}));
  EXPECT_EQ(frame.as<thil_window_ended>().proven, 5u);
  asked.window++;
  asked.flags = 0;
  const Frame plain = ended(asked);
  EXPECT_EQ(plain.as<thil_window_ended>().layers.size, 0u);
}

TEST_F(Window, LeavesOutLayersThatFitNoFrame) {
  thil_window asked = window(THIL_WINDOW_INFERENCE, 1);
  asked.flags = THIL_WINDOW_LAYERS;
  fake_engine_tell_layers(243, nullptr);
  const Frame most = ended(asked);
  EXPECT_EQ(layers_of(most.as<thil_window_ended>()).size(), 243u);
  asked.window++;
  fake_engine_tell_layers(244, nullptr);
  const Frame more = ended(asked);
  EXPECT_EQ(more.as<thil_window_ended>().layers.size, 0u);
  EXPECT_EQ(more.as<thil_window_ended>().proven, 1u);
}

TEST_F(Window, EndsAtAnInferenceThatFails) {
  thil_window asked = window(THIL_WINDOW_INFERENCE, 10);
  asked.vector = 3;  // poison
  const Frame frame = ended(asked);
  const auto told = frame.as<thil_window_ended>();
  EXPECT_EQ(told.status, THIL_WINDOW_INVOKE_FAILED);
  EXPECT_EQ(told.proven, 0u);
  EXPECT_TRUE(told.output == thil_digest{});
  EXPECT_EQ(host.port.trigger, (std::vector<bool>{true, false}));
}

TEST_F(Window, EndsAsDisturbedWhenAByteArrivesAmongItsInferences) {
  static int made;
  made = 0;
  fake_engine_on_invoke([] {
    if (++made == 3) of_callback->port.to_device.push_back(0);
  });
  const Frame frame = ended(window(THIL_WINDOW_INFERENCE, 1000));
  const auto told = frame.as<thil_window_ended>();
  EXPECT_EQ(told.status, THIL_WINDOW_DISTURBED);
  EXPECT_EQ(told.proven, 3u);
  EXPECT_EQ(host.port.trigger, (std::vector<bool>{true, false}));
}

TEST_F(Window, DoesNotBeginWhenAByteArrivesBeforeIt) {
  host.port.on_rest = [] { of_callback->port.to_device.push_back(0); };
  const Frame frame = ended(window(THIL_WINDOW_IDLE, 0, 250));
  EXPECT_EQ(frame.as<thil_window_ended>().status, THIL_WINDOW_DISTURBED);
  EXPECT_TRUE(host.port.trigger.empty());
  EXPECT_EQ(host.port.rests.size(), 1u);
}

TEST_F(Window, IsDisturbedByWhatElseRuns) {
  host.port.disturbed = true;
  const Frame frame = ended(window(THIL_WINDOW_IDLE, 0, 250));
  EXPECT_EQ(frame.as<thil_window_ended>().status, THIL_WINDOW_DISTURBED);
  EXPECT_EQ(host.port.quiet_begun, 1u);
}

TEST_F(Window, IsToldOfAgainAndNotRunAgainUnderTheSameNumber) {
  const thil_window asked = window(THIL_WINDOW_INFERENCE, 4);
  const Frame first = ended(asked);
  const Frame again = host.ask(asked);
  EXPECT_EQ(again.payload, first.payload);
  EXPECT_EQ(host.ask(asked).payload, first.payload);
  EXPECT_EQ(host.port.trigger.size(), 2u);
  host.ask(thil_check{}).as<thil_health>();  // takes the buffer
  ended(asked).as<thil_window_ended>();
  EXPECT_EQ(host.port.trigger.size(), 4u);
}

TEST_F(Window, OfAnotherNumberIsRun) {
  thil_window asked = window(THIL_WINDOW_INFERENCE, 1);
  ended(asked);
  asked.window++;
  ended(asked);
  EXPECT_EQ(host.port.trigger.size(), 4u);
}

TEST_F(Window, IsRefusedWhenItIsNoWindow) {
  std::vector<thil_window> wrong(6, window(THIL_WINDOW_INFERENCE, 1));
  wrong[0].window = 0;
  wrong[1].kind = 0;
  wrong[2].kind = 4;
  wrong[3].invokes = THIL_WINDOW_MAX + 1;
  wrong[4].length_ms = THIL_WINDOW_MAX + 1;
  wrong[5].rest_ms = UINT32_MAX;
  for (const thil_window& asked : wrong) EXPECT_EQ(host.refusal(asked).reason, THIL_REFUSED_MALFORMED);
}

TEST_F(Window, IsRefusedAsARunIsWhenSomethingIsMissing) {
  thil_window asked = window(THIL_WINDOW_INFERENCE, 1);
  asked.vector = 5;
  EXPECT_EQ(host.refusal(asked).reason, THIL_REFUSED_RANGE);
  asked = window(THIL_WINDOW_INFERENCE, 1);
  asked.model = 1;
  EXPECT_EQ(host.refusal(asked).reason, THIL_REFUSED_NOT_LOADED);
  asked = window(THIL_WINDOW_INFERENCE, 1);
  asked.vector_slot = 3;
  EXPECT_EQ(host.refusal(asked).reason, THIL_REFUSED_EMPTY_SLOT);
  EXPECT_TRUE(host.port.trigger.empty());
}

TEST_F(Window, IsRefusedWhereTheBoardHasNoSuchState) {
  host.port.can_sleep = false;
  EXPECT_EQ(host.refusal(window(THIL_WINDOW_SLEEP, 0, 10)).reason, THIL_REFUSED_REST);
  host.port.can_rest = false;
  EXPECT_EQ(host.refusal(window(THIL_WINDOW_IDLE, 0, 10)).reason, THIL_REFUSED_REST);
  EXPECT_EQ(host.refusal(window(THIL_WINDOW_INFERENCE, 1)).reason, THIL_REFUSED_REST);
}

TEST_F(Window, OfACrashIsNamedByItsRecord) {
  fake_engine_on_invoke([] { thil_fault_save(THIL_FAULT_PROCESSOR, 0, 0x1234, 0, 0); });
  thil_window asked = window(THIL_WINDOW_INFERENCE, 2);
  asked.vector = 2;
  ended(asked);
  EXPECT_EQ(thil_fault_last()->run, 77u);
  EXPECT_EQ(thil_fault_last()->vector, 2u);
  EXPECT_EQ(thil_fault_last()->repeat, 1u);
}

TEST_F(Window, IsAmongWhatTheIdentityTells) {
  const auto told = [this] {
    const Frame frame = host.hello();
    return frame.as<thil_identity>().capabilities & std::uint32_t{0x70};
  };
  EXPECT_EQ(told(), std::uint32_t{THIL_CAN_RUN_WINDOWS | THIL_CAN_SLEEP});
  fake_engine_tell_layers(2, nullptr);
  host.port.can_sleep = false;
  EXPECT_EQ(told(), std::uint32_t{THIL_CAN_RUN_WINDOWS | THIL_TELLS_LAYERS});
  host.port.can_rest = false;
  EXPECT_EQ(told(), 0u);
}

TEST_F(Window, EndsARun) {
  begin(run(0, 3, 100), 2);
  const std::vector<Frame> frames = start(window(THIL_WINDOW_IDLE, 0, 10));
  const Bytes types = types_of(frames);
  ASSERT_GE(types.size(), 3u);
  EXPECT_EQ(types[types.size() - 3], THIL_ID_run_ended);
  EXPECT_EQ(types.back(), THIL_ID_window_ended);
}

}  // namespace

}  // namespace agent_test
