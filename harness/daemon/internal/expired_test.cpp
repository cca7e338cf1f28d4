// SPDX-License-Identifier: Apache-2.0
#include "expired.hpp"

#include <gmock/gmock.h>

namespace tinyhil::daemon {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

const Moment kLeaseStart{std::chrono::hours(500'000)};
const HeartbeatRule kHeartbeats{.ttl = 30s};

Lease lease_of_an_hour(std::uint64_t request) {
  return {.request = {request},
          .board = "board-" + std::to_string(request),
          .owner = "ann",
          .granted_at = kLeaseStart,
          .expires_at = kLeaseStart + 1h,
          .last_heartbeat = kLeaseStart};
}

std::vector<Expired> expired_at(Moment now, const Lease& lease, const HeartbeatRule& rule = kHeartbeats) {
  return expired({.leases = {lease}}, rule, now);
}

TEST(ExpiredLeases, HadNoHeartbeatForTheTimeToLive) {
  Lease lease = lease_of_an_hour(1);
  EXPECT_THAT(expired_at(kLeaseStart + 30s - 1us, lease), IsEmpty());
  EXPECT_THAT(expired_at(kLeaseStart + 30s, lease), ElementsAre(Expired{{1}, LeaseEnd::silent}));
  lease.last_heartbeat = kLeaseStart + 20s;
  EXPECT_THAT(expired_at(kLeaseStart + 49s, lease), IsEmpty());
  EXPECT_THAT(expired_at(kLeaseStart + 50s, lease), ElementsAre(Expired{{1}, LeaseEnd::silent}));
}

TEST(ExpiredLeases, CameToTheirHardEndInSpiteOfHeartbeats) {
  Lease lease = lease_of_an_hour(1);
  lease.last_heartbeat = kLeaseStart + 1h - 1s;
  EXPECT_THAT(expired_at(kLeaseStart + 1h - 1us, lease), IsEmpty());
  EXPECT_THAT(expired_at(kLeaseStart + 1h, lease), ElementsAre(Expired{{1}, LeaseEnd::over}));
  lease.last_heartbeat = kLeaseStart;
  EXPECT_THAT(expired_at(kLeaseStart + 2h, lease), ElementsAre(Expired{{1}, LeaseEnd::over}));
}

TEST(ExpiredLeases, HaveTheWholeTimeToLiveAgainAfterTheDaemonWasAway) {
  const Lease lease = lease_of_an_hour(1);
  const HeartbeatRule back{.ttl = 30s, .listening_since = kLeaseStart + 10min};
  EXPECT_THAT(expired_at(kLeaseStart + 10min + 29s, lease, back), IsEmpty());
  EXPECT_THAT(expired_at(kLeaseStart + 10min + 30s, lease, back),
              ElementsAre(Expired{{1}, LeaseEnd::silent}));
  EXPECT_THAT(expired_at(kLeaseStart + 2h, lease, {.ttl = 30s, .listening_since = kLeaseStart + 2h}),
              ElementsAre(Expired{{1}, LeaseEnd::over}));
}

TEST(ExpiredLeases, AreNoneWhenTheClockGoesBack) {
  EXPECT_THAT(expired_at(kLeaseStart - 5h, lease_of_an_hour(1)), IsEmpty());
}

TEST(ExpiredLeases, ComeByRequest) {
  const Farm farm{.leases = {lease_of_an_hour(3), lease_of_an_hour(1)}};
  EXPECT_THAT(expired(farm, kHeartbeats, kLeaseStart + 1min),
              ElementsAre(Expired{{1}, LeaseEnd::silent}, Expired{{3}, LeaseEnd::silent}));
}

TEST(ExpiredLeases, SayWhenToLookAgain) {
  Lease lease = lease_of_an_hour(1);
  EXPECT_EQ(ends_at(lease, kHeartbeats), kLeaseStart + 30s);
  lease.last_heartbeat = kLeaseStart + 1h - 1s;
  EXPECT_EQ(ends_at(lease, kHeartbeats), kLeaseStart + 1h);
}

}  // namespace
}  // namespace tinyhil::daemon
