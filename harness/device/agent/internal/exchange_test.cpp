// SPDX-License-Identifier: Apache-2.0
#include "exchange.hpp"

#include <gtest/gtest.h>

#include "testing/virtual_line.hpp"

namespace tinyhil::device {
namespace {

using std::chrono::milliseconds;
using Bytes = std::vector<std::uint8_t>;

constexpr milliseconds kLimit{6'000};

class ExchangeTest : public ::testing::Test {
 protected:
  ExchangeTest() { EXPECT_TRUE(line.hello()); }

  Result<void> exchange(std::uint8_t type, const Bytes& payload, bool is_long_work = false) {
    const Time begin = line.now;
    exchange_.emplace(type, payload, Patience{kLimit, is_long_work});
    Result<void> done = line.drive({&*exchange_});
    took = std::chrono::duration_cast<milliseconds>(line.now - begin);
    return done;
  }
  Bytes load_slot_0() {
    thil_load load{};
    return pack(load);
  }
  // The first `count` of a type.
  static std::function<bool(const FrameView&)> first(std::uint8_t type, int count) {
    return [type, left = count](const FrameView& frame) mutable {
      return frame.header.type == type && left-- > 0;
    };
  }

  test::VirtualLine line;
  std::optional<Exchange> exchange_;
  milliseconds took{};
};

TEST_F(ExchangeTest, BringsTheAnswer) {
  ASSERT_TRUE(exchange(THIL_ID_echo, {1, 2, 3}));
  EXPECT_EQ(exchange_->reply().payload, (Bytes{1, 2, 3}));
  EXPECT_EQ(exchange_->attempts(), 1U);
  EXPECT_LT(took, milliseconds(5));
}

TEST_F(ExchangeTest, ARefusalIsAFaultWithItsReason) {
  const auto done = exchange(THIL_ID_load, load_slot_0());
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, FaultKind::refused);
  EXPECT_NE(done.error().what.find("the slot is empty"), std::string::npos) << done.error().what;
}

TEST_F(ExchangeTest, AnAnswerThatIsLateIsNotLost) {
  line.stall_answers(milliseconds(2'500));
  ASSERT_TRUE(exchange(THIL_ID_echo, {1, 2, 3}));
  EXPECT_GT(exchange_->attempts(), 1U);
  EXPECT_FALSE(exchange_->has_lost());
}

TEST_F(ExchangeTest, ALostRequestIsSentAgain) {
  line.loses_request = first(THIL_ID_echo, 2);
  ASSERT_TRUE(exchange(THIL_ID_echo, {1}));
  EXPECT_TRUE(exchange_->has_lost());
  EXPECT_EQ(exchange_->attempts(), 3U);
}

TEST_F(ExchangeTest, ALossIsSeenWithoutWaitingWhenTheDeviceAnswersSomethingLater) {
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(exchange(THIL_ID_echo, {1}));  // credit has come
  line.loses_request = first(THIL_ID_echo, 1);
  exchange_.emplace(THIL_ID_echo, Bytes{9}, Patience{kLimit});
  Exchange later(THIL_ID_check, {}, Patience{kLimit});
  const Time begin = line.now;
  ASSERT_TRUE(line.drive({&*exchange_, &later}));
  EXPECT_LT(line.now - begin, milliseconds(10)) << "patience is at least 50 ms";
  EXPECT_EQ(exchange_->attempts(), 2U);
}

TEST_F(ExchangeTest, ASilentDeviceIsATimeout) {
  line.loses_request = [](const FrameView&) { return true; };
  const auto done = exchange(THIL_ID_echo, {1});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, FaultKind::timeout);
  EXPECT_EQ(took, kLimit);
  EXPECT_GT(exchange_->attempts(), 2U);
}

TEST_F(ExchangeTest, LongWorkIsAskedAboutAndNotOrderedTwice) {
  line.loses_answer = first(THIL_ID_refused, 1);
  const auto done = exchange(THIL_ID_load, load_slot_0(), true);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, FaultKind::refused) << "the second answer came";
  EXPECT_EQ(line.requests[THIL_ID_check], 1) << "which showed that the device had gone past the first";
  EXPECT_EQ(line.requests[THIL_ID_load], 2);
}

TEST_F(ExchangeTest, LongWorkIsNotOrderedTwiceWhileTheDeviceIsSilent) {
  line.loses_request = [](const FrameView& frame) { return frame.header.type != THIL_ID_load; };
  line.loses_answer = [](const FrameView&) { return true; };
  const auto done = exchange(THIL_ID_load, load_slot_0(), true);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, FaultKind::timeout);
  EXPECT_EQ(line.requests[THIL_ID_load], 1);
  EXPECT_GT(line.requests[THIL_ID_check], 1);
}

// Frames of the session that answer nothing, as fast as they are looked at.
TEST(Exchange, ADeviceThatTalksButDoesNotAnswerIsATimeout) {
  for (const bool is_long_work : {false, true}) {
    Session session;
    session.open(5);
    Exchange exchange(THIL_ID_load, {0, 0}, Patience{kLimit, is_long_work});
    Time now = Time{} + std::chrono::hours(1);
    const Time begin = now;
    const FrameView chatter{{THIL_ID_received, 0, 5, 8, 0, 0}, {}};
    while (!exchange.finished()) {
      exchange.fill(session, now);
      exchange.take(chatter, session, now);
      now += milliseconds(10);
      ASSERT_LT(now - begin, 5 * kLimit);
    }
    EXPECT_EQ(exchange.fault()->kind, FaultKind::timeout);
    EXPECT_LT(exchange.attempts(), 20U);
  }
}

// As above, but it claims to have gone past whatever was sent, `often` times; then it falls silent.
void go_past_everything(Exchange& exchange, int often) {
  Session session;
  session.open(5);
  Time now = Time{} + std::chrono::hours(1);
  for (int sent = 1; !exchange.finished(); ++sent) {
    ASSERT_LT(sent, 1000);
    exchange.fill(session, now);
    if (sent > often) {
      now = std::max(now + milliseconds(1), exchange.wake(session));
      continue;
    }
    const thil_frame_header header{THIL_ID_booted, 0, 5, 8, 0, static_cast<std::uint16_t>(sent)};
    Bytes line(THIL_FRAME_LINE_MAX);
    line.resize(thil_frame_encode(&header, {nullptr, 0}, line.data(), line.size()));
    session.arrived(line);
    while (const auto frame = session.next()) exchange.take(*frame, session, now);
  }
}

TEST(Exchange, ADeviceThatGoesPastEverythingIsGivenUp) {
  Exchange exchange(THIL_ID_list, {1, 0, 0}, Patience{kLimit});
  go_past_everything(exchange, 1000);
  EXPECT_EQ(exchange.fault()->kind, FaultKind::corrupt);
  EXPECT_EQ(exchange.attempts(), 100U);
}

TEST(Exchange, TheLastAttemptIsTheLastInSilenceToo) {
  Exchange exchange(THIL_ID_list, {1, 0, 0}, Patience{kLimit});
  go_past_everything(exchange, 99);
  EXPECT_EQ(exchange.fault()->kind, FaultKind::timeout);
  EXPECT_EQ(exchange.attempts(), 100U);
}

}  // namespace
}  // namespace tinyhil::device
