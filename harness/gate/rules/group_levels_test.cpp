// SPDX-License-Identifier: Apache-2.0
// How often each rule passes a candidate that is exactly at its limit, by simulation: 100 speakers of ten
// vectors that are all alike, the hardest there is, and 24 speakers who differ.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>

#include "stats/seeded_random.hpp"
#include "testing/evidence.hpp"

namespace tinyhil::gate {
namespace {

constexpr int kRunsOfLevel = 200;
constexpr std::uint32_t kSpeakers = 100, kEach = 10;

// With 5 % each, so many or fewer pass in 997 of 1000 simulations.
constexpr int kMostPasses = 19;

int passes(const char* test, const char* yaml,
           const std::function<test::TestCase(stats::SeededRandom&)>& draw) {
  const std::unique_ptr<Rule> rule = test::rule_of(test, yaml);
  stats::SeededRandom random(1);
  int passed = 0;
  for (int run = 0; run < kRunsOfLevel; ++run) {
    const test::TestCase made = draw(random);
    passed += rule->judge(made.evidence()).outcome == Outcome::pass;
  }
  return passed;
}

test::TestCase with_speakers(std::uint32_t speakers, std::uint32_t each, std::uint16_t code,
                             const std::function<std::uint32_t()>& lost_of,
                             test::TestCase made = test::comparable_case()) {
  const auto first = static_cast<std::uint32_t>(made.vectors.group.size());
  for (std::uint32_t speaker = 0; speaker < speakers; ++speaker) {
    made.add_pairs(lost_of(), 0, each, code);
    made.vectors.group.insert(made.vectors.group.end(), each, first + speaker);
  }
  return made;
}

// All vectors of one in `rate` speakers are lost.
test::TestCase alike(stats::SeededRandom& random, double rate, std::uint16_t code = 0,
                     test::TestCase made = test::comparable_case()) {
  return with_speakers(
      kSpeakers, kEach, code, [&] { return random.uniform() < rate ? kEach : 0; }, std::move(made));
}

void drift_where_lost(test::TestCase& made) {
  std::vector<std::int32_t> steps;
  for (std::size_t i = 0; i < made.vectors.count; ++i)
    steps.push_back(made.candidate.predicted[i] != made.baseline.predicted[i] ? 9 : 0);
  made.comparison.drift.n = made.vectors.count;
  made.comparison.drift.flipped =
      static_cast<std::uint64_t>(std::accumulate(steps.begin(), steps.end(), 0) / 9);
  made.comparison.drift.largest_step = {{0, made.vectors.count - made.comparison.drift.flipped},
                                        {9, made.comparison.drift.flipped}};
  made.comparison.largest_steps = [steps] { return steps; };
}

TEST(LevelsOverGroups, OfPairedAccuracy) {
  EXPECT_LE(passes("noninferiority", "margin: 5 %",
                   [](stats::SeededRandom& random) { return alike(random, 0.05); }),
            kMostPasses);
  const auto with_gains = [](stats::SeededRandom& random) {
    test::TestCase made = test::comparable_case();
    for (std::uint32_t speaker = 0; speaker < kSpeakers; ++speaker) {
      const double u = random.uniform();
      made.add_pairs(u < 0.1 ? kEach : 0, u > 0.95 ? kEach : 0, kEach);
      made.vectors.group.insert(made.vectors.group.end(), kEach, speaker);
    }
    return made;
  };
  EXPECT_LE(passes("noninferiority", "margin: 5 %", with_gains), kMostPasses);
}

// A share of losses for each speaker that is mostly near 0 and sometimes near 1: a uniform number to a high
// power, whose mean is 1 / (1 + power).
TEST(LevelsOverGroups, OfPairedAccuracyWithFewUnlikeSpeakers) {
  const auto unlike = [](stats::SeededRandom& random) {
    return with_speakers(24, 46, 0, [&] {
      return static_cast<std::uint32_t>(random.binomial(46, std::pow(random.uniform(), 1 / 0.06 - 1)));
    });
  };
  EXPECT_EQ(passes("noninferiority", "margin: 6 %", unlike), 0);
}

TEST(LevelsOverGroups, OfScoreDrift) {
  const auto drifting = [](stats::SeededRandom& random) {
    test::TestCase made = alike(random, 0.1);
    drift_where_lost(made);
    return made;
  };
  EXPECT_LE(passes("score_drift", "max_flips: 10 %", drifting), kMostPasses);
  EXPECT_LE(passes("score_drift", "{max_lsb: 2, allow_fraction: 10 %}", drifting), kMostPasses);
}

TEST(LevelsOverGroups, OfFlakiness) {
  const auto flaky = [](stats::SeededRandom& random) {
    test::TestCase made = alike(random, 0.1);
    made.candidate.info.repeats = 3;
    made.candidate.by_right_repeats.resize(4);
    for (std::size_t i = 0; i < made.vectors.count; ++i) {
      const bool right = made.candidate.predicted[i] == made.vectors.labels[i];
      made.candidate.right_repeats.push_back(right ? 3 : 0);
      ++made.candidate.by_right_repeats[right ? 3 : 0];
    }
    return made;
  };
  EXPECT_LE(passes("flakiness", "{k: 3, at_least: 90 %}", flaky), kMostPasses);
}

TEST(LevelsOverGroups, OfStress) {
  const auto stressed = [](stats::SeededRandom& random) {
    test::TestCase made = test::comparable_case();
    made.vectors.slices = {{"scenario", {"nominal", "noisy"}, {}}};
    made = alike(random, 0.1, 0, std::move(made));
    return alike(random, 0.2, 1, std::move(made));
  };
  EXPECT_LE(passes("stress", "{scenario: noisy, margin: 10 %}", stressed), kMostPasses);
}

test::TestCase timed(stats::SeededRandom& random, double rate, std::uint32_t slower) {
  test::TestCase made = alike(random, rate);
  for (std::size_t i = 0; i < made.vectors.count; ++i) {
    const bool slow = made.candidate.predicted[i] != made.vectors.labels[i];
    const auto own = static_cast<std::uint32_t>(1000 + i % 7);
    made.baseline.latency.by_vector.push_back(own);
    made.candidate.latency.by_vector.push_back(own + (slow ? slower : 0));
  }
  for (Scorecard* card : {&made.candidate, &made.baseline}) {
    card->latency.repeatable = true;
    card->latency.sorted = card->latency.by_vector;
    std::sort(card->latency.sorted.begin(), card->latency.sorted.end());
  }
  return made;
}

TEST(LevelsOverGroups, OfALatencyQuantile) {
  const auto slow = [](stats::SeededRandom& random) { return timed(random, 0.1, 1000); };
  EXPECT_LE(passes("latency_quantile", "{quantile: 0.9, limit: 1.5 ms}", slow), kMostPasses);
  EXPECT_GT(passes("latency_quantile", "{quantile: 0.9, limit: 1.5 ms, groups: ignore}", slow), kMostPasses);
}

// Half of the speakers take as much longer as is allowed, half a tick more: the centre is at the limit.
TEST(LevelsOverGroups, OfALatencyShift) {
  const auto shifted = [](stats::SeededRandom& random) {
    test::TestCase made = timed(random, 0.5, 21);
    std::map<std::int64_t, std::uint64_t> change, own;
    for (std::size_t i = 0; i < made.vectors.count; ++i) {
      ++change[std::int64_t{made.candidate.latency.by_vector[i]} - made.baseline.latency.by_vector[i]];
      ++own[made.baseline.latency.by_vector[i]];
    }
    for (const auto& [value, count] : change) made.comparison.latency.change.push_back({value, count});
    for (const auto& [value, count] : own) {
      made.comparison.latency.baseline.push_back({value, count});
      made.comparison.latency.candidate.push_back({value, count});
    }
    return made;
  };
  EXPECT_LE(passes("latency_shift", "growth: 1 %", shifted), kMostPasses);
}

TEST(RateOfFaults, IsBoundedOverGroups) {
  stats::SeededRandom random(1);
  const test::TestCase made = alike(random, 0);  // 100 speakers, no fault: 2.95 % cannot be excluded
  const auto outcome = [&](const char* yaml) {
    return test::rule_of("no_faults", yaml)->judge(made.evidence()).outcome;
  };
  EXPECT_EQ(outcome("rate_upper_bound: 2.9 %"), Outcome::inconclusive);
  EXPECT_EQ(outcome("rate_upper_bound: 3 %"), Outcome::pass);
}

}  // namespace
}  // namespace tinyhil::gate
