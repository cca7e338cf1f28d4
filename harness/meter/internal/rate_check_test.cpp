// SPDX-License-Identifier: Apache-2.0
#include "meter/internal/rate_check.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <vector>

namespace tinyhil::meter {

namespace {

using std::chrono::duration;
using std::chrono::duration_cast;

// A meter that sends what it has each millisecond, and a host that reads it late by a random time.
struct Simulated {
  double clock_error = 0;      // relative, of the meter's clock
  double usual_delay = 50e-6;  // mean of an exponential one
  double loss_at = 1e9;        // s
  std::uint64_t loss = 0;
  double stall_at = 1e9;  // the host reads nothing for so long
  double stall = 0;
};

std::vector<RateCheck::Outcome> losses_in(const Simulated& by, double length_s, unsigned seed = 1) {
  std::mt19937_64 random(seed);
  std::exponential_distribution<double> delay(1 / by.usual_delay);
  RateCheck check({});
  std::vector<RateCheck::Outcome> losses;
  double read_at = 0;
  for (double sent_at = 1e-3; sent_at < length_s; sent_at += 1e-3) {
    auto end = static_cast<std::uint64_t>(std::llround(sent_at * 1e5 * (1 + by.clock_error)));
    if (sent_at >= by.loss_at) end -= by.loss;
    read_at = std::max(read_at, sent_at + delay(random));
    if (read_at >= by.stall_at && read_at < by.stall_at + by.stall) read_at = by.stall_at + by.stall;
    const auto outcome = check.arrival(end, duration_cast<RateCheck::Time>(duration<double>(read_at)));
    if (outcome.finding == RateCheck::Finding::loss) losses.push_back(outcome);
  }
  return losses;
}

TEST(RateCheck, FindsLossesThatTheCounterCannotShowAndTheirPlace) {
  for (const std::uint64_t loss : {64U, 128U, 512U, 1024U, 9984U}) {
    for (const double clock_error : {0.0, 50e-6, -50e-6}) {
      Simulated by;
      by.clock_error = clock_error;
      by.loss_at = 5;
      by.loss = loss;
      const auto losses = losses_in(by, 10);
      ASSERT_EQ(losses.size(), 1U) << loss << ' ' << clock_error;
      EXPECT_EQ(losses[0].lost, loss);
      EXPECT_GE(losses[0].end + loss, 499'900U);
      EXPECT_LE(losses[0].end + loss, 502'000U) << "within 20 ms of the loss";
    }
  }
}

TEST(RateCheck, SaysNothingOfASoundStreamForAnHourWithEitherClock) {
  for (const double clock_error : {-90e-6, 0.0, 90e-6}) {
    Simulated by;
    by.clock_error = clock_error;
    EXPECT_TRUE(losses_in(by, 3600).empty()) << clock_error;
  }
}

TEST(RateCheck, AHostThatStallsHasLostNothing) {
  for (const double stall : {0.01, 0.2, 0.9, 3.0}) {
    Simulated by;
    by.stall_at = 4;
    by.stall = stall;
    EXPECT_TRUE(losses_in(by, 12).empty()) << stall;
  }
}

TEST(RateCheck, FindsTwoLossesOneAfterTheOther) {
  RateCheck check({});
  std::uint64_t lost = 0;
  for (int n = 1; n < 4000; ++n) {
    const auto end = static_cast<std::uint64_t>(100 * n - (n > 1000 ? 512 : 0) - (n > 1100 ? 512 : 0));
    const auto outcome = check.arrival(end, std::chrono::milliseconds(n));
    lost += outcome.lost;
  }
  EXPECT_EQ(lost, 1024U);
}

TEST(RateCheck, ABusyHostNeedsOnlyAFewArrivalsInTime) {
  for (unsigned seed = 1; seed < 20; ++seed) {
    Simulated by;
    by.usual_delay = 2e-3;
    by.loss_at = 5;
    by.loss = 512;
    const auto losses = losses_in(by, 10, seed);
    std::uint64_t lost = 0;
    for (const auto& each : losses) lost += each.lost;
    EXPECT_EQ(lost, 512U) << seed;
  }
}

}  // namespace

}  // namespace tinyhil::meter
