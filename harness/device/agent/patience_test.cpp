// SPDX-License-Identifier: Apache-2.0
// How often is asked again: one packet of a USB adapter holds several small frames, and is lost whole.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "device/agent/internal/exchange.hpp"
#include "model/inference_rows.hpp"
#include "run_stream.hpp"

namespace tinyhil::device {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kFramesOfAPacket = 5;  // of 14 bytes in 64
constexpr milliseconds kPatienceLimit{6'000};

class PatienceTest : public ::testing::Test {
 protected:
  PatienceTest() { session.open(5); }

  void until_finished(Activity& activity) {
    while (true) {
      activity.fill(session, now);
      if (activity.finished()) return;
      ASSERT_LT(now - begin, std::chrono::minutes(2));
      now = std::max(now + milliseconds(1), activity.wake(session));
    }
  }

  Session session;
  const Time begin = Time{} + std::chrono::hours(1);
  Time now = begin;
};

TEST_F(PatienceTest, ADamagedAnswerIsAskedForAgainBeforeItIsOverdue) {
  Exchange exchange(THIL_ID_echo, {1}, Patience{kPatienceLimit});
  exchange.fill(session, now);
  const Time overdue = exchange.wake(session);
  const std::array<std::uint8_t, 5> damaged{4, 1, 2, 3, 0};
  session.arrived(damaged);
  ASSERT_FALSE(session.next());
  exchange.fill(session, now + milliseconds(1));
  EXPECT_EQ(exchange.attempts(), 1U) << "a line that babbles is not answered in kind";
  ASSERT_LT(exchange.wake(session), overdue);
  exchange.fill(session, exchange.wake(session));
  EXPECT_EQ(exchange.attempts(), 2U);
}

TEST_F(PatienceTest, ARequestIsSentMoreOftenThanAPacketHoldsIt) {
  Exchange exchange(THIL_ID_list, {1, 0, 0}, Patience{kPatienceLimit});
  until_finished(exchange);
  EXPECT_GT(exchange.attempts(), kFramesOfAPacket);
  EXPECT_LT(exchange.attempts(), 20U);
}

TEST_F(PatienceTest, ARunIsAskedAfterMoreOftenThanAPacketHoldsQuestions) {
  RunRequest request;
  Tensor output;
  output.rank = 1;
  request.models = {RunModel{0, output, {}, {}}};
  request.count = 10;
  request.inference_timeout = milliseconds(10'000);
  RunStream run(
      {request}, [] { return 1; }, [](std::size_t, std::size_t, const InferenceRows&) {});
  run.fill(session, now);
  session.written(session.outgoing().size());
  until_finished(run);
  const auto frames = std::count(session.outgoing().begin(), session.outgoing().end(), 0);
  EXPECT_GT(frames, 2 * static_cast<std::ptrdiff_t>(kFramesOfAPacket));
  EXPECT_LT(frames, 60);
  EXPECT_EQ(run.fault()->kind, FaultKind::timeout);
  EXPECT_EQ(now - begin, milliseconds(24'000)) << "the limit, and as long again for a line that stalled";
}

}  // namespace
}  // namespace tinyhil::device
