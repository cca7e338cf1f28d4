// SPDX-License-Identifier: Apache-2.0
#include "quantile_bounds.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "testing/evidence.hpp"

namespace tinyhil::gate {
namespace {

constexpr std::uint32_t kPerSpeaker = 10;

// Speakers of ten vectors, each vector with a time of its own, the first `without` with none at all.
test::TestCase timed(std::uint32_t vectors, std::uint32_t without, int repeats) {
  test::TestCase made = test::comparable_case();
  made.add_pairs(0, 0, vectors);
  made.vectors.group_unit = "speaker";
  made.candidate.info.repeats = static_cast<std::uint16_t>(repeats);
  Measured& latency = made.candidate.latency;
  for (std::uint32_t i = 0; i < vectors; ++i) {
    made.vectors.group.push_back(i / kPerSpeaker);
    latency.by_vector.push_back(i < without ? 0 : 1000 + (i * 7919) % vectors);
    if (i >= without) latency.sorted.insert(latency.sorted.end(), repeats, latency.by_vector.back());
  }
  std::sort(latency.sorted.begin(), latency.sorted.end());
  return made;
}

// Rows without a timing may be of vectors that have one in another row. What they could hide is a group of as
// many vectors as they would be, beside the vectors that have no timing anyway.
TEST(QuantitySample, TakesRowsWithoutATimingForAGroupOfVectors) {
  test::TestCase rows = timed(600, 30, 2);
  rows.candidate.latency.sorted.resize(rows.candidate.latency.sorted.size() - 400);

  test::TestCase vectors = timed(600, 30, 1);
  vectors.add_pairs(0, 0, 200);
  vectors.vectors.group.resize(800, 600);
  vectors.candidate.latency.by_vector.resize(800, 0);

  const QuantitySample of_rows(rows.candidate, kLatency, rows.vectors, false);
  const QuantitySample of_vectors(vectors.candidate, kLatency, vectors.vectors, false);
  for (const double quantile : {0.2, 0.3, 0.4}) {
    ASSERT_TRUE(of_rows.upper(quantile, 0.9)) << quantile;
    EXPECT_EQ(of_rows.upper(quantile, 0.9), of_vectors.upper(quantile, 0.9)) << quantile;
  }
  for (const double quantile : {0.6, 0.7, 0.8}) {
    ASSERT_TRUE(of_rows.lower(quantile, 0.9)) << quantile;
    EXPECT_EQ(of_rows.lower(quantile, 0.9), of_vectors.lower(quantile, 0.9)) << quantile;
  }
}

}  // namespace
}  // namespace tinyhil::gate
