// SPDX-License-Identifier: Apache-2.0
// The tables above PushStream and RunStream, row by row: a device that says what the test tells it to say.
#include <gtest/gtest.h>

#include <algorithm>

#include "device/agent/internal/push_stream.hpp"
#include "model/inference_rows.hpp"
#include "run_stream.hpp"

namespace tinyhil::device {
namespace {

using std::chrono::milliseconds;
using Bytes = std::vector<std::uint8_t>;

constexpr std::uint8_t kEpoch = 5;
constexpr std::uint8_t kCredit = 8;
constexpr milliseconds kScriptedLimit{1'000};

// Writes down what the host sends, one letter per frame, and sends it what the test says.
class ScriptedDevice {
 public:
  ScriptedDevice() {
    session.open(kEpoch);
    thil_decoder_init(&decoder_, memory_.data(), memory_.size());
  }

  // Lets the activity send what it may.
  void fill(Activity& activity) {
    activity.fill(session, now);
    for (const std::uint8_t byte : session.outgoing()) {
      thil_frame frame{};
      if (!thil_decoder_push(&decoder_, byte, &frame)) continue;
      sequence = frame.header.seq;
      sent += letter(frame.header);
    }
    session.written(session.outgoing().size());
  }
  template <class Message>
  void reply(Activity& activity, std::uint16_t to, const Message& message) {
    say(activity, {Wire<Message>::kId, THIL_FRAME_REPLY, kEpoch, kCredit, 0, to}, pack(message));
  }
  // Unasked, and by it everything up to the last frame is answered, unless `answered` says how much.
  template <class Message>
  void say_unasked(Activity& activity, const Message& message, std::optional<std::uint16_t> answered = {}) {
    const auto all = static_cast<std::uint16_t>(sequence + 1);
    say(activity, {Wire<Message>::kId, 0, kEpoch, kCredit, 0, answered.value_or(all)}, pack(message));
  }
  // A frame that arrives with a bit flipped, which says nothing.
  void say_damaged(Activity& activity) {
    const thil_frame_header header{THIL_ID_results, 0, kEpoch, kCredit, 0, 0};
    Bytes line(THIL_FRAME_LINE_MAX);
    line.resize(thil_frame_encode(&header, {nullptr, 0}, line.data(), line.size()));
    line[line.size() / 2] ^= 0x80;
    session.arrived(line);
    while (session.next()) ADD_FAILURE() << "it was not damaged";
    fill(activity);
  }
  // Until the activity has something to do about it that nothing comes.
  void pass_time(Activity& activity) {
    now = std::max(now + milliseconds(1), activity.wake(session));
    fill(activity);
  }

  Session session;
  Time now = Time{} + std::chrono::hours(1);
  std::string sent;            // since the test looked last: B begin, c chunk, E end, R run, K check
  std::uint16_t sequence = 0;  // of the last frame

  std::string take_sent() { return std::exchange(sent, {}); }

 private:
  static char letter(const thil_frame_header& header) {
    switch (header.type) {
      case THIL_ID_push_begin:
        return 'B';
      case THIL_ID_push_chunk:
        return 'c';
      case THIL_ID_push_end:
        return 'E';
      case THIL_ID_run:
        return 'R';
      case THIL_ID_check:
        return 'K';
      default:
        return '?';
    }
  }
  void say(Activity& activity, const thil_frame_header& header, const Bytes& payload) {
    Bytes line(THIL_FRAME_LINE_MAX);
    line.resize(thil_frame_encode(&header, {payload.data(), payload.size()}, line.data(), line.size()));
    session.arrived(line);
    while (const auto frame = session.next()) activity.take(*frame, session, now);
    if (!activity.finished()) fill(activity);
  }

  Bytes memory_ = Bytes(THIL_FRAME_RAW_MAX);
  thil_decoder decoder_{};
};

// One block of four chunks at full size, which are numbered from 1 on: the beginning is frame 0.
class PushTransitions : public ::testing::Test {
 protected:
  static constexpr std::uint16_t kBegin = 0;
  static constexpr std::uint16_t kFirstChunk = 1;
  static constexpr std::uint16_t kLastChunk = 4;
  static constexpr std::uint16_t kEnd = 5;

  explicit PushTransitions(std::size_t size = 4'000)
      : content(size), push({{SlotKind::vectors, 0, content, sha256(content), 0}}, kScriptedLimit) {
    device.fill(push);
    EXPECT_EQ(device.take_sent(), "B");
  }
  void done(std::uint16_t to) { device.reply(push, to, thil_done{}); }
  void refuse(std::uint16_t to, thil_refusal reason) {
    thil_refused refused{};
    refused.reason = static_cast<std::uint8_t>(reason);
    device.reply(push, to, refused);
  }
  // Of the frames up to and with `last`; bit i of `seen` is frame last - i.
  void report(std::uint16_t last, std::uint32_t seen) {
    thil_received received{};
    received.seen = seen;
    device.say_unasked(push, received, static_cast<std::uint16_t>(last + 1));
  }
  void expect_sent(const std::string& letters) { EXPECT_EQ(device.take_sent(), letters); }
  void expect_complete() const {
    EXPECT_TRUE(push.finished());
    EXPECT_FALSE(push.fault());
  }

  ScriptedDevice device;
  Bytes content;
  PushStream push;
};

TEST_F(PushTransitions, ABlockIsBegunFilledAndEnded) {
  done(kBegin);
  expect_sent("ccccE");
  done(kEnd);
  expect_complete();
}

TEST_F(PushTransitions, ABeginningThatWasPassedOverIsSentAgain) {
  device.say_unasked(push, thil_run_ended{});
  expect_sent("B");
}

TEST_F(PushTransitions, ABeginningThatIsNotAnsweredForLongIsSentAgain) {
  device.pass_time(push);
  expect_sent("B");
}

TEST_F(PushTransitions, ABeginningThatIsRefusedForGoodIsAFault) {
  refuse(kBegin, THIL_REFUSED_NO_SLOT);
  EXPECT_EQ(push.fault()->kind, FaultKind::refused);
}

TEST_F(PushTransitions, AnEndThatWasPassedOverIsSentAgain) {
  done(kBegin);
  report(kLastChunk, 0b1111);
  device.take_sent();
  device.say_unasked(push, thil_run_ended{});
  expect_sent("E");
}

TEST_F(PushTransitions, AfterAnEndThatIsNotAnsweredTheDeviceIsAsked) {
  done(kBegin);
  report(kLastChunk, 0b1111);
  device.take_sent();
  device.pass_time(push);
  expect_sent("K");
}

TEST_F(PushTransitions, ALostChunkIsSentAgainInSmallerOnes) {
  done(kBegin);
  device.take_sent();
  report(kLastChunk, 0b1110);
  expect_sent("cc");
}

TEST_F(PushTransitions, AnEndIsSentAgainOnlyWhenSmallerChunksHaveBeenReported) {
  done(kBegin);
  report(kLastChunk, 0b1110);
  refuse(kEnd, THIL_REFUSED_DIGEST);
  EXPECT_EQ(device.take_sent(), "ccccEcc") << "the chunks are not reported yet";
  report(7, 0b11);
  expect_sent("E");
}

TEST_F(PushTransitions, AnEndThatIsDoneShowsThatNothingWasLost) {
  done(kBegin);
  report(kLastChunk, 0b1110);
  done(kEnd);
  expect_complete();
}

TEST_F(PushTransitions, AChunkThatIsNotReportedForLongIsSentAgain) {
  done(kBegin);
  device.take_sent();
  device.pass_time(push);
  expect_sent("cc");
}

TEST_F(PushTransitions, AChunkThatFindsTheSlotFullIsNotMissed) {
  done(kBegin);
  report(kLastChunk, 0b1110);
  device.take_sent();
  refuse(6, THIL_REFUSED_NOT_PUSHING);  // which shows that the end was passed over
  EXPECT_EQ(device.take_sent(), "E") << "asked whether the slot is full";
  done(device.sequence);
  expect_complete();
}

TEST_F(PushTransitions, ADigestThatDoesNotMatchAWholeBlockBeginsItAgain) {
  done(kBegin);
  report(kLastChunk, 0b1111);
  device.take_sent();
  refuse(kEnd, THIL_REFUSED_DIGEST);
  expect_sent("B");
}

TEST_F(PushTransitions, AnEndOfASlotThatIsNotOpenBeginsItAgain) {
  done(kBegin);
  device.take_sent();
  refuse(kEnd, THIL_REFUSED_NOT_PUSHING);
  expect_sent("B");
}

TEST_F(PushTransitions, TheNinthBeginningIsAFault) {
  for (int begun = 0; begun < 8; ++begun) {
    refuse(device.sequence, THIL_REFUSED_NOT_PUSHING);
    expect_sent("B");
  }
  refuse(device.sequence, THIL_REFUSED_NOT_PUSHING);
  EXPECT_EQ(push.fault()->kind, FaultKind::refused);
}

TEST_F(PushTransitions, NothingForTheLimitIsATimeout) {
  device.now += kScriptedLimit;
  device.fill(push);
  EXPECT_EQ(push.fault()->kind, FaultKind::timeout);
}

class EmptyPush : public PushTransitions {
 protected:
  EmptyPush() : PushTransitions(0) {}
};

TEST_F(EmptyPush, GoesFromItsBeginningToItsEnd) {
  done(kBegin);
  expect_sent("E");
}

class LongPush : public PushTransitions {
 protected:
  LongPush() : PushTransitions(20'000) {}
};

TEST_F(LongPush, AChunkOfASlotThatIsNotOpenBeginsItAgain) {
  done(kBegin);
  EXPECT_EQ(device.take_sent(), "cccccccc") << "no end yet";
  refuse(kFirstChunk, THIL_REFUSED_NOT_PUSHING);
  expect_sent("B");
}

TEST_F(LongPush, ManyLostInARowAreAFault) {
  done(kBegin);
  for (int i = 0; i < 100 && !push.finished(); ++i) report(device.sequence, 0);
  ASSERT_TRUE(push.fault());
  EXPECT_EQ(push.fault()->kind, FaultKind::corrupt);
}

TEST_F(LongPush, ReportsWithoutAnyArrivalAreNoProgress) {
  done(kBegin);
  for (int i = 0; i < 100 && !push.finished(); ++i) {
    device.now += kScriptedLimit / 10;
    report(kBegin, 0);
  }
  ASSERT_TRUE(push.fault());
  EXPECT_EQ(push.fault()->kind, FaultKind::timeout);
}

// One request of ten vectors for one model, with an output of one byte; the device's clock counts
// milliseconds.
class RunTransitions : public ::testing::Test {
 protected:
  static constexpr std::uint16_t kRun = 0;
  static constexpr std::uint16_t kVectors = 10;

  explicit RunTransitions(const RunRequest& wanted = request())
      : run(
            {wanted}, [] { return 1U; },
            [this](std::size_t, std::size_t, const InferenceRows& some) { rows += some.size(); }) {
    device.fill(run);
    EXPECT_EQ(device.take_sent(), "R");
  }
  static RunRequest request() {
    RunRequest request;
    Tensor output;
    output.rank = 1;
    request.models.push_back({0, output});
    request.count = kVectors;
    request.tag = 9;
    request.inference_timeout = kScriptedLimit;
    request.clock_hz = 1'000;
    return request;
  }
  std::uint32_t id() const { return run_id(9, runs); }
  void done() { device.reply(run, kRun, thil_done{}); }
  void ended() {
    thil_run_ended ended{};
    ended.run = id();
    device.say_unasked(run, ended);
  }
  // Rows `first` .. `first` + `count` - 1 of the run: status, clock, timer and an output of one byte each.
  void results(std::uint32_t first, std::uint32_t count, std::uint8_t clock_ms_256 = 0) {
    Bytes content(count * std::size_t{10});
    for (std::size_t row = 0; row < count; ++row) content[row * 10 + 2] = clock_ms_256;
    send_rows(first, content);
  }
  void send_rows(std::uint32_t first, const Bytes& content) {
    thil_results results{};
    results.run = id();
    results.first = first;
    results.rows = {content.data(), content.size()};
    device.say_unasked(run, results);
  }
  void health_of(std::uint32_t number) {
    thil_health health{};
    health.run = number;
    device.reply(run, device.sequence, health);
  }
  void expect_sent(const std::string& letters) { EXPECT_EQ(device.take_sent(), letters); }
  void wait_for_fault() {
    for (int i = 0; i < 1'000 && !run.finished(); ++i) device.pass_time(run);
    ASSERT_TRUE(run.fault());
  }

  ScriptedDevice device;
  std::uint8_t runs = 1;  // the number of the last run
  std::size_t rows = 0;   // that were handed over
  RunStream run;
};

TEST_F(RunTransitions, TheLastRowEndsTheRequest) {
  done();
  results(0, kVectors);
  EXPECT_TRUE(run.finished());
  EXPECT_FALSE(run.fault());
  EXPECT_EQ(rows, kVectors);
}

TEST_F(RunTransitions, ARunThatWasPassedOverIsSentAgain) {
  device.say_unasked(run, thil_received{});
  expect_sent("R");
}

TEST_F(RunTransitions, ARunThatIsRefusedIsAFault) {
  device.reply(run, kRun, thil_refused{});
  EXPECT_EQ(run.fault()->kind, FaultKind::refused);
}

TEST_F(RunTransitions, RowsAndHealthShowThatARunWasAccepted) {
  results(0, 1);
  device.say_unasked(run, thil_received{});
  EXPECT_EQ(device.take_sent(), "") << "it is under way";
}

TEST_F(RunTransitions, ARunThatEndsWithoutItsRowsIsFollowedByOneForThem) {
  done();
  results(0, 4);
  ended();
  expect_sent("R");
  ++runs;
  results(0, kVectors - 4);
  EXPECT_TRUE(run.finished());
  EXPECT_EQ(rows, kVectors);
}

TEST_F(RunTransitions, HealthOfNoRunShowsThatTheEndWasLost) {
  done();
  device.pass_time(run);
  expect_sent("K");
  health_of(0);
  expect_sent("R");
}

TEST_F(RunTransitions, RoundsThatBringNothingEndInAFault) {
  for (; !run.finished() && runs < 100; ++runs) ended();
  EXPECT_EQ(run.fault()->kind, FaultKind::corrupt);
  EXPECT_EQ(runs, 1 + 13);
}

TEST_F(RunTransitions, SilenceIsAskedAboutAndThenUnexplained) {
  done();
  wait_for_fault();
  EXPECT_EQ(run.fault()->kind, FaultKind::timeout);
  EXPECT_EQ(run.silence(), Silence::unexplained);
  EXPECT_NE(device.take_sent().find('K'), std::string::npos);
  EXPECT_GE(device.now - (Time{} + std::chrono::hours(1)), 4 * kScriptedLimit)
      << "the limit, and three times more";
}

TEST_F(RunTransitions, WhatComesLateIsTaken) {
  done();
  device.now += kScriptedLimit;
  device.fill(run);  // overdue
  results(0, kVectors);
  EXPECT_FALSE(run.fault());
  EXPECT_EQ(run.late().times, 1);
  EXPECT_EQ(rows, kVectors);
}

TEST_F(RunTransitions, SilenceAmongAnswersToNoQuestionIsTheDevices) {
  done();
  for (int i = 0; i < 16; ++i) device.say_unasked(run, thil_health{});
  wait_for_fault();
  EXPECT_EQ(run.silence(), Silence::of_the_device);
}

TEST_F(RunTransitions, TalkWithoutProgressIsUnexplained) {
  done();
  for (int i = 0; i < 100 && !run.finished(); ++i) {
    device.now += kScriptedLimit / 10;
    device.fill(run);
    if (!run.finished()) health_of(id());
  }
  ASSERT_TRUE(run.fault());
  EXPECT_EQ(run.silence(), Silence::unexplained);
  EXPECT_NE(run.fault()->what.find("talks"), std::string::npos);
}

TEST_F(RunTransitions, RowsThatCannotBeOfTheRunAreAFault) {
  done();
  results(kVectors, 1);
  ASSERT_TRUE(run.fault());
}

TEST_F(RunTransitions, ALateRowThatTookTooLongByTheDevicesClockIsAFault) {
  done();
  device.now += kScriptedLimit;
  device.fill(run);  // overdue
  results(0, 1, 5);  // 1,280 ms
  ASSERT_TRUE(run.fault());
  EXPECT_TRUE(run.slow());
  EXPECT_EQ(run.late().times, 0);
}

TEST_F(RunTransitions, DamageWithoutProgressIsTheLines) {
  done();
  for (int i = 0; i < 100 && !run.finished(); ++i) {
    device.now += kScriptedLimit / 10;
    device.say_damaged(run);
  }
  ASSERT_TRUE(run.fault());
  EXPECT_EQ(run.fault()->kind, FaultKind::corrupt);
}

class RunOfTwoRanges : public RunTransitions {
 protected:
  RunOfTwoRanges() : RunTransitions(without_the_middle()) {}
  static RunRequest without_the_middle() {
    RunRequest wanted = request();
    wanted.models.front().done.assign(kVectors, false);
    for (std::size_t vector : {3, 4, 5}) wanted.models.front().done[vector] = true;  // fewer are run again
    return wanted;
  }
};

TEST_F(RunOfTwoRanges, TheSecondFollowsTheFirst) {
  done();
  results(0, 3);
  expect_sent("R");
  ++runs;
  results(0, 4);
  EXPECT_TRUE(run.finished());
  EXPECT_EQ(rows, kVectors - 3U);
}

// One vector with an output of four bytes.
class RunInParts : public RunTransitions {
 protected:
  RunInParts() : RunTransitions(of_four_bytes()) {}
  static RunRequest of_four_bytes() {
    RunRequest wanted = request();
    wanted.models.front().output.only().dims[0] = 4;
    wanted.count = 1;
    return wanted;
  }
  void head() {
    Bytes content(9);
    content[0] = THIL_RESULT_IN_PARTS;
    const Digest digest = sha256(output);
    content.insert(content.end(), digest.bytes.begin(), digest.bytes.begin() + THIL_SHORT_DIGEST_SIZE);
    send_rows(0, content);
  }
  void part(std::uint32_t offset, std::uint32_t size) {
    thil_part part{};
    part.run = id();
    part.offset = offset;
    part.content = {output.data() + offset, size};
    device.say_unasked(run, part);
  }
  const Bytes output{1, 2, 3, 4};
};

TEST_F(RunInParts, TheLastPartMakesTheRow) {
  done();
  head();
  part(0, 2);
  EXPECT_FALSE(run.finished());
  part(2, 2);
  EXPECT_TRUE(run.finished());
  EXPECT_EQ(rows, 1U);
}

TEST_F(RunInParts, TheRunIsOverWhenItSaysSo) {
  done();
  head();
  expect_sent("");
  ended();
  expect_sent("R");
}

TEST_F(RunInParts, APartBeyondTheOutputIsAFault) {
  done();
  head();
  thil_part beyond{};
  beyond.run = id();
  beyond.offset = 4;
  beyond.content = {output.data(), 1};
  device.say_unasked(run, beyond);
  ASSERT_TRUE(run.fault());
  EXPECT_EQ(run.fault()->kind, FaultKind::corrupt);
}

TEST(RunTransitionsOfARequest, ItWaitsForRoomButNotForLong) {
  ScriptedDevice device;
  device.session.post(THIL_ID_check, {});
  RunRequest request;
  request.models.resize(1);
  request.count = 1;
  RunStream run(
      {request}, [] { return 1U; }, [](std::size_t, std::size_t, const InferenceRows&) {});
  device.fill(run);
  EXPECT_EQ(device.take_sent(), "K");
  device.pass_time(run);
  EXPECT_EQ(device.take_sent(), "R");
}

TEST(RunTransitionsOfARequest, ItWaitsForItsVectors) {
  ScriptedDevice device;
  RunRequest request;
  request.models.resize(1);
  request.count = 1;
  std::size_t available = 0;
  RunStream run(
      {request}, [&] { return available; }, [](std::size_t, std::size_t, const InferenceRows&) {});
  device.fill(run);
  EXPECT_EQ(device.take_sent(), "");
  available = 1;
  device.fill(run);
  EXPECT_EQ(device.take_sent(), "R");
}

}  // namespace
}  // namespace tinyhil::device
