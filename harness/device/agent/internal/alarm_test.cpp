// SPDX-License-Identifier: Apache-2.0
#include "alarm.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

namespace tinyhil::device {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

class AlarmTest : public ::testing::Test {
 protected:
  // Lets everything happen that happens until then.
  void wait_until(Time time) {
    boost::asio::steady_timer end(io_, time);
    bool is_over = false;
    end.async_wait([&](auto) { is_over = true; });
    io_.restart();
    while (!is_over) io_.run_one();
  }

  boost::asio::io_context io_;
  std::vector<Time> rung_;
  std::optional<Alarm> alarm_{std::in_place, io_.get_executor(),
                              [this] { rung_.push_back(steady_clock::now()); }};
};

TEST_F(AlarmTest, RingsOnceWhenItsDeadlineHasPassed) {
  const Time deadline = steady_clock::now() + milliseconds(5);
  alarm_->set(deadline);
  wait_until(deadline + milliseconds(20));
  ASSERT_EQ(rung_.size(), 1U);
  EXPECT_GE(rung_[0], deadline);
}

TEST_F(AlarmTest, DoesNotRingBeforeADeadlineThatWasMovedAway) {
  const Time begin = steady_clock::now();
  alarm_->set(begin + milliseconds(5));
  alarm_->set(begin + milliseconds(40));
  wait_until(begin + milliseconds(80));
  ASSERT_EQ(rung_.size(), 1U);
  EXPECT_GE(rung_[0], begin + milliseconds(40));
}

TEST_F(AlarmTest, RingsForADeadlineThatWasMovedNearer) {
  const Time begin = steady_clock::now();
  alarm_->set(Time::max());
  alarm_->set(begin + milliseconds(5));
  wait_until(begin + milliseconds(30));
  EXPECT_EQ(rung_.size(), 1U);
}

TEST_F(AlarmTest, RingsAtOnceForADeadlineOfThePast) {
  alarm_->set(steady_clock::now() - milliseconds(1));
  io_.run_one();
  EXPECT_EQ(rung_.size(), 1U);
}

TEST_F(AlarmTest, RingsAgainForTheNextDeadline) {
  const Time begin = steady_clock::now();
  alarm_->set(begin + milliseconds(2));
  wait_until(begin + milliseconds(10));
  alarm_->set(begin + milliseconds(12));
  wait_until(begin + milliseconds(30));
  EXPECT_EQ(rung_.size(), 2U);
}

TEST_F(AlarmTest, IsSilentWhenItIsNoMore) {
  alarm_->set(steady_clock::now() + milliseconds(2));
  alarm_.reset();
  wait_until(steady_clock::now() + milliseconds(10));
  EXPECT_TRUE(rung_.empty());
}

// Both expire at once, so the alarm's handler waits for its turn while the other destroys the alarm.
TEST_F(AlarmTest, IsSilentWhenItIsDestroyedBetweenItsExpiryAndItsHandler) {
  const Time past = steady_clock::now() - milliseconds(5);
  boost::asio::steady_timer earlier(io_, past);
  earlier.async_wait([&](auto) { alarm_.reset(); });
  alarm_->set(past + milliseconds(1));
  io_.run();
  EXPECT_TRUE(rung_.empty());
}

}  // namespace
}  // namespace tinyhil::device
