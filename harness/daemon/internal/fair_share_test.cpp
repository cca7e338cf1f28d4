// SPDX-License-Identifier: Apache-2.0
#include "fair_share.hpp"

#include <gtest/gtest.h>

namespace tinyhil::daemon {
namespace {

using namespace std::chrono_literals;

const Moment kDawn{std::chrono::hours(500'000)};

TEST(FairShare, HalvesUseAfterEachHalfLife) {
  const OwnerUse use{"ann", 8h, kDawn};
  EXPECT_EQ(decayed(use, kDawn, 4h), 8h);
  EXPECT_EQ(decayed(use, kDawn + 4h, 4h), 4h);
  EXPECT_EQ(decayed(use, kDawn + 12h, 4h), 1h);
  EXPECT_EQ(decayed(use, kDawn + 40'000h, 4h), 0h);
}

TEST(FairShare, DoesNotGrowWhenTheClockGoesBack) {
  EXPECT_EQ(decayed({"ann", 8h, kDawn}, kDawn - 4h, 4h), 8h);
}

TEST(FairShare, AddsALeaseToWhatIsLeft) {
  Lease lease{.request = {1}, .board = "a", .owner = "ann"};
  lease.granted_at = kDawn + 3h;
  const OwnerUse after = with_lease({"ann", 8h, kDawn}, lease, kDawn + 4h, 4h);
  EXPECT_EQ(after.owner, "ann");
  EXPECT_EQ(after.used, 5h);
  EXPECT_EQ(after.as_of, kDawn + 4h);
}

TEST(FairShare, CountsALeaseThatEndedBeforeItBeganAsNone) {
  Lease lease{.request = {1}, .board = "a", .owner = "ann"};
  lease.granted_at = kDawn + 3h;
  const OwnerUse after = with_lease({"ann", 8h, kDawn}, lease, kDawn - 1h, 4h);
  EXPECT_EQ(after.used, 8h);
  EXPECT_EQ(after.as_of, kDawn);
}

TEST(FairShare, ChargesTheLongerOfWhatWasAndWhatIsExpected) {
  const SchedulePolicy policy{.least_charge = 1min};
  EXPECT_EQ(charge(10min, 5min, policy), 10min);
  EXPECT_EQ(charge(10min, 20min, policy), 20min);
  EXPECT_EQ(charge(10s, {}, policy), 1min);
  EXPECT_EQ(charge(-1h, 0s, policy), 1min);
  EXPECT_EQ(charge(0s, Span::max(), policy), std::chrono::days(30));
}

}  // namespace
}  // namespace tinyhil::daemon
