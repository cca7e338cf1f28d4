// SPDX-License-Identifier: Apache-2.0
// Each row of window_stream.hpp's table, over the real agent in virtual time. Vector i is one byte, i.
#include "window_stream.hpp"

#include "base/digest.hpp"
#include "fake_engine.h"
#include "testing/run_stream_fixture.hpp"
#include "thil/agent.h"

namespace tinyhil::device {
using test::RunStreamTest;

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class WindowStreamTest : public RunStreamTest {
 protected:
  WindowStreamTest() { fake_engine_tell_layers(0, nullptr); }

  static WindowRequest asked(WindowKind kind = WindowKind::inference) {
    WindowRequest request;
    request.kind = kind;
    request.vector = 7;
    request.invokes = 500;
    request.length = milliseconds(900);
    request.rest = milliseconds(100);
    request.inference_limit = milliseconds(1);
    request.tag = 9;
    return request;
  }

  Result<WindowReport> window(const WindowRequest& request) {
    WindowStream windows(request);
    const Time begin = line.now;
    const Result<void> done = line.drive({&windows});
    took = line.now - begin;
    if (!done) return done.error();
    return windows.report();
  }

  std::size_t edges() const { return line.port.trigger.size(); }

  std::chrono::nanoseconds took{};
};

TEST_F(WindowStreamTest, OfInferencesIsReportedAsTheDeviceProvedIt) {
  const Result<WindowReport> report = window(asked());
  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->proven, 500U);
  EXPECT_EQ(report->timer_ticks, 500U * (50 * 32768 / 1'000'000));
  EXPECT_EQ(report->output, sha256(std::vector<std::uint8_t>{7}));
  EXPECT_TRUE(report->layer_ends.empty());
  EXPECT_EQ(report->attempts, 1U);
  EXPECT_EQ(edges(), 2U);
  EXPECT_EQ(line.requests[THIL_ID_window], 1);
}

TEST_F(WindowStreamTest, OfIdleAndOfSleepTakeTheirTime) {
  for (const WindowKind kind : {WindowKind::idle, WindowKind::sleep}) {
    const Result<WindowReport> report = window(asked(kind));
    ASSERT_TRUE(report) << report.error().what;
    EXPECT_EQ(report->timer_ticks, 900U * 32768 / 1000);
    EXPECT_EQ(report->proven, 0U);
    EXPECT_GE(took, milliseconds(1100));
    EXPECT_LT(took, milliseconds(1200));
  }
}

TEST_F(WindowStreamTest, TellsTheLayersOfTheLastInference) {
  fake_engine_tell_layers(2, [] { fake_port->clock += 30; });
  WindowRequest request = asked();
  request.layers = true;
  const Result<WindowReport> report = window(request);
  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->layer_ends, (std::vector<std::uint32_t>{80, 110}));
}

TEST_F(WindowStreamTest, EndsWithAFailedInferenceAndSaysHowManyWereGood) {
  const std::vector<std::uint8_t> poison{FAKE_POISON};
  PushStream push({{SlotKind::vectors, 1, poison, sha256(poison), 0}}, seconds(5));
  ASSERT_TRUE(line.drive({&push}));
  WindowRequest request = asked();
  request.vector_slot = 1;
  request.vector = 0;
  const Result<WindowReport> report = window(request);
  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->proven, 0U);
  EXPECT_EQ(report->output, Digest{});
}

TEST_F(WindowStreamTest, ALostRequestIsSentAgainWhenItsAnswerIsOverdue) {
  loses_request = nth(THIL_ID_window, 0);
  const Result<WindowReport> report = window(asked());
  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(edges(), 2U);
  EXPECT_EQ(line.requests[THIL_ID_window], 2);
  EXPECT_GE(took, milliseconds(700 + 225)) << "not before the window could have been over";
  EXPECT_LE(report->attempts, 2U);
}

TEST_F(WindowStreamTest, ALostDoneIsNotMissed) {
  line.loses_answer = nth(THIL_ID_done, 0);
  const Result<WindowReport> report = window(asked());
  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->attempts, 1U);
  EXPECT_EQ(line.requests[THIL_ID_window], 1);
}

TEST_F(WindowStreamTest, ALostAnswerIsAskedForAndTheWindowIsNotRunAgain) {
  line.loses_answer = nth(THIL_ID_window_ended, 0);
  const Result<WindowReport> report = window(asked());
  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->proven, 500U);
  EXPECT_EQ(report->attempts, 1U);
  EXPECT_EQ(edges(), 2U);
}

TEST_F(WindowStreamTest, AnAnswerThatTheDeviceNoLongerHasIsAnotherWindowAndCounted) {
  line.loses_answer = [left = 1](const FrameView& frame) mutable {
    if (frame.header.type != THIL_ID_window_ended || left-- <= 0) return false;
    thil_agent_log(THIL_LOG_INFO, "takes the buffer");
    return true;
  };
  const Result<WindowReport> report = window(asked());
  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(edges(), 4U);
  EXPECT_EQ(report->attempts, 2U);
  EXPECT_EQ(report->proven, 500U) << "of one of them";
}

TEST_F(WindowStreamTest, ADisturbedOneIsRunAgain) {
  line.on_rest = [this, left = 1]() mutable {
    if (left-- > 0) line.port.to_device.push_back(0);
  };
  const Result<WindowReport> report = window(asked(WindowKind::idle));
  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->attempts, 2U);
  EXPECT_EQ(line.requests[THIL_ID_window], 2);
}

TEST_F(WindowStreamTest, ALineThatIsNeverQuietIsAFault) {
  line.on_rest = [this] { line.port.to_device.push_back(0); };
  const Result<WindowReport> report = window(asked(WindowKind::idle));
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().kind, FaultKind::corrupt);
  EXPECT_EQ(line.requests[THIL_ID_window], 3);
}

TEST_F(WindowStreamTest, ADeviceThatSaysNothingMoreIsAFaultOfTime) {
  line.loses_answer = [](const FrameView&) { return true; };
  const Result<WindowReport> report = window(asked());
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().kind, FaultKind::timeout);
  EXPECT_LT(took, seconds(6));
}

TEST_F(WindowStreamTest, WhatTheDeviceRefusesIsAFault) {
  line.port.can_sleep = false;
  const Result<WindowReport> report = window(asked(WindowKind::sleep));
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().kind, FaultKind::refused);
  EXPECT_NE(report.error().what.find("no such power state"), std::string::npos) << report.error().what;
  EXPECT_EQ(edges(), 0U);
}

TEST_F(WindowStreamTest, AnAnswerThatCannotBeOfTheWindowIsCorrupt) {
  std::vector<thil_window_ended> wrong(5, thil_window_ended{});
  for (thil_window_ended& each : wrong) {
    each.kind = THIL_WINDOW_INFERENCE;
    each.proven = 500;
  }
  wrong[0].kind = THIL_WINDOW_IDLE;
  wrong[1].proven = 499;
  wrong[2].status = THIL_WINDOW_INVOKE_FAILED;
  wrong[3].status = 9;
  const std::vector<std::uint8_t> backwards{9, 0, 0, 0, 8, 0, 0, 0};
  wrong[4].layers = {backwards.data(), backwards.size()};
  for (thil_window_ended& each : wrong) {
    Session session;
    session.open(1);
    WindowStream windows(asked());
    windows.fill(session, Time{} + seconds(1));
    each.window = 9U << 8 | 1;
    const std::vector<std::uint8_t> payload = pack(each);
    FrameView frame;
    frame.header.type = THIL_ID_window_ended;
    frame.payload = payload;
    windows.take(frame, session, Time{} + seconds(2));
    ASSERT_TRUE(windows.fault());
    EXPECT_EQ(windows.fault()->kind, FaultKind::corrupt);
  }
}

}  // namespace
}  // namespace tinyhil::device
