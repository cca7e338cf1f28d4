// SPDX-License-Identifier: Apache-2.0
// Which frames came, and how the host learns of it.
#include "fake_host.hpp"

namespace agent_test {
namespace {

struct Link : testing::Test {
  Link() { host.hello(); }

  // Frames of the host that are lost on the way.
  void lose(std::uint16_t frames) { host.seq = static_cast<std::uint16_t>(host.seq + frames); }

  Frame check() {
    host.put(host.line_of(thil_check{}));
    const auto frames = host.settle();
    EXPECT_FALSE(frames.empty());
    if (frames.empty()) return {};
    EXPECT_EQ(frames[0].header.type, THIL_ID_health);
    return frames.back();
  }

  FakeHost host;
};

TEST_F(Link, AGapIsReportedAfterTheFrameThatShowsIt) {
  host.ask(thil_check{});  // 1
  lose(1);
  const Frame report = check();  // 3
  EXPECT_EQ(report.as<thil_received>().seen, 0xFFFFFFFDu);
  EXPECT_EQ(report.header.ack, 4);
  EXPECT_EQ(report.header.flags, 0);
}

TEST_F(Link, AGapIsReportedOnce) {
  lose(1);
  EXPECT_EQ(check().header.type, THIL_ID_received);
  EXPECT_EQ(check().header.type, THIL_ID_health);
}

TEST_F(Link, AFrameThatAsksIsReportedAtOnce) {
  host.flags = THIL_FRAME_ASK;
  const Frame report = check();
  EXPECT_EQ(report.as<thil_received>().seen, 0xFFFFFFFFu);
  EXPECT_EQ(report.header.ack, 2);
  const Bytes nothing;
  host.put(host.line_of(FakeHost::chunk(THIL_SLOT_VECTORS, 0, 0, nothing)));
  EXPECT_EQ(host.settle().back().header.ack, 3) << "a refused chunk is reported too";
}

TEST_F(Link, AGapOfThirtyFramesIsSeenWholeAndALongerOneHidesWhatWasBefore) {
  lose(30);
  EXPECT_EQ(check().as<thil_received>().seen, 0x80000001u) << "the hello and the last";
  host.epoch++;
  host.seq = 0;
  host.hello();
  lose(31);
  EXPECT_EQ(check().as<thil_received>().seen, 0x00000001u);
  lose(500);
  EXPECT_EQ(check().as<thil_received>().seen, 0x00000001u);
}

TEST_F(Link, AFrameThatFillsAGapIsServedAndTheReportKnowsIt) {
  const Bytes late = host.line_of(thil_check{});  // 1
  EXPECT_EQ(check().as<thil_received>().seen, 0xFFFFFFFDu);
  host.put(late);
  const auto frames = host.settle();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].header.ack, 1);
  host.flags = THIL_FRAME_ASK;
  EXPECT_EQ(check().as<thil_received>().seen, 0xFFFFFFFFu);
}

TEST_F(Link, ASecondCopyIsNotServed) {
  const Bytes newest = host.line_of(thil_check{});
  host.put(newest);
  EXPECT_EQ(host.settle().size(), 1u);
  host.put(newest);
  EXPECT_TRUE(host.settle().empty());
  host.ask(thil_check{});
  host.put(newest);
  EXPECT_TRUE(host.settle().empty());
  EXPECT_EQ(host.ask(thil_check{}).as<thil_health>().frames_good, 6u) << "they came, all the same";
}

TEST_F(Link, AFrameTooOldToTellIsNotServed) {
  const Bytes late = host.line_of(thil_check{});   // 1
  const Bytes older = host.line_of(thil_check{});  // 2
  lose(30);
  check();  // 33
  host.put(late);
  EXPECT_TRUE(host.settle().empty()) << "32 behind";
  host.put(older);
  EXPECT_EQ(host.settle().size(), 1u) << "31 behind";
}

TEST_F(Link, NumbersWrap) {
  host.epoch++;
  host.seq = 65534;
  host.hello();
  for (int i = 0; i < 3; ++i) host.ask(thil_check{});  // 65535, 0, 1
  host.epoch++;
  host.seq = 65534;
  host.hello();
  lose(1);
  const Frame report = check();  // 0
  EXPECT_EQ(report.header.ack, 1);
  EXPECT_EQ(report.as<thil_received>().seen, 0xFFFFFFFDu);
}

TEST_F(Link, AnUnaskedFrameDoesNotClaimTheRequestAtHandAnswered) {
  host.push(THIL_SLOT_MODEL, 0, fake_model(1, 1));
  host.push(THIL_SLOT_VECTORS, 0, Bytes(8, 1));
  host.ask(thil_load{0, 0});
  const Bytes models{0};
  const thil_run run{0, 1, 0, 0, 0, 8, 1, THIL_RUN_THROUGHPUT, THIL_RESULT_FULL, 0, 0, {models.data(), 1}};
  host.put(host.line_of(run));
  const auto after_run = host.seq;
  thil_agent_step();
  thil_agent_step();
  host.put(host.line_of(thil_check{}));
  const auto frames = host.settle();
  ASSERT_EQ(frames.size(), 5u);
  EXPECT_EQ(frames[1].header.type, THIL_ID_results) << "the row that waited, before the answer";
  EXPECT_EQ(frames[1].header.ack, after_run);
  EXPECT_EQ(frames[2].header.type, THIL_ID_health);
  EXPECT_EQ(frames[3].header.type, THIL_ID_results);
  EXPECT_EQ(frames[3].header.ack, after_run + 1);
}

TEST_F(Link, AHelloForgetsWhatCameBefore) {
  lose(3);
  check();
  host.epoch++;
  host.seq = 100;
  host.hello();
  host.flags = THIL_FRAME_ASK;
  const Frame report = check();
  EXPECT_EQ(report.as<thil_received>().seen, 0xFFFFFFFFu);
  EXPECT_EQ(report.header.ack, 102);
}

TEST(Booted, IsSaidAtStartWithoutASession) {
  FakeHost host;
  const auto frames = host.start();
  ASSERT_EQ(frames.size(), 1u);
  frames[0].as<thil_booted>();
  EXPECT_EQ(frames[0].header.epoch, 0);
  EXPECT_EQ(frames[0].header.flags, 0);
}

TEST(Booted, IsTheAnswerToWhatIsNoHello) {
  FakeHost host;
  for (std::uint8_t epoch : {0, 5}) {
    host.epoch = epoch;
    host.put(host.line_of(thil_check{}));
    host.put(host.line_of(thil_reset{}));
    const auto frames = host.settle();
    ASSERT_EQ(frames.size(), 2u);
    frames[1].as<thil_booted>();
  }
  EXPECT_EQ(host.port.resets, 0u);
}

TEST(Booted, IsNeverSaidInASession) {
  FakeHost host;
  host.hello();
  host.epoch = 6;
  host.put(host.line_of(thil_check{}));
  host.epoch = 0;
  host.put(host.line_of(thil_check{}));
  EXPECT_TRUE(host.settle().empty());
}

TEST(Rate, IsAnsweredBeforeItChanges) {
  FakeHost host;
  host.hello();
  host.put(host.line_of(thil_rate{0, 500000}));
  while (host.port.to_host.empty()) thil_agent_step();
  EXPECT_EQ(host.port.rates, (std::vector<std::uint32_t>{500000}));
  EXPECT_EQ(host.port.sent_before_rate, host.port.to_host.size());
  host.take().at(0).as<thil_done>();
}

TEST(Rate, OfZeroIsRefused) {
  FakeHost host;
  host.hello();
  EXPECT_EQ(host.refusal(thil_rate{0, 0}).reason, THIL_REFUSED_MALFORMED);
  EXPECT_TRUE(host.port.rates.empty());
}

// A frame takes 1043 bytes at most; the agent waits for 64 more.
TEST(Rate, IsTheFirstAgainAfterMoreNoiseThanAnyFrame) {
  FakeHost host;
  host.hello();
  host.ask(thil_rate{0, 500000});
  host.put(Bytes(1106, 0x55));
  host.settle();
  EXPECT_EQ(host.port.rates.size(), 1u);
  host.put({0x55});
  host.settle();
  EXPECT_EQ(host.port.rates, (std::vector<std::uint32_t>{500000, 0}));
  host.put(Bytes(5000, 0x55));
  host.settle();
  EXPECT_EQ(host.port.rates.size(), 2u) << "it is back already";
}

TEST(Rate, IsKeptWhileGoodFramesCome) {
  FakeHost host;
  host.hello();
  host.ask(thil_rate{0, 500000});
  for (int i = 0; i < 5; ++i) {
    host.put(Bytes(1000, 0x55));
    host.put({0});
    host.ask(thil_check{});
  }
  EXPECT_EQ(host.port.rates.size(), 1u);
}

TEST(Rate, NeverChangedIsNotChangedByNoise) {
  FakeHost host;
  host.hello();
  host.put(Bytes(5000, 0x55));
  host.settle();
  EXPECT_TRUE(host.port.rates.empty());
}

TEST(Rate, ThatTheBoardCannotDoIsNotWaitedFor) {
  FakeHost host;
  host.hello();
  host.ask(thil_rate{0, 2000000});
  host.put(Bytes(5000, 0x55));
  host.settle();
  EXPECT_TRUE(host.port.rates.empty());
}

}  // namespace
}  // namespace agent_test
