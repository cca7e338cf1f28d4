// SPDX-License-Identifier: Apache-2.0
#include "trigger_edges.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace tinyhil::meter {
namespace {

std::vector<std::uint8_t> levels(std::string_view text, int line = 0) {
  std::vector<std::uint8_t> lines;
  for (const char c : text) lines.push_back(static_cast<std::uint8_t>((c == '1') << line));
  return lines;
}

TEST(EdgeFinder, FindsWhereTheLevelChanges) {
  EdgeFinder finder(2);
  finder.add(0, levels("000111100000", 2));
  ASSERT_EQ(finder.found().edges.size(), 2);
  EXPECT_EQ(finder.found().edges[0].sample, 3);
  EXPECT_TRUE(finder.found().edges[0].rising);
  EXPECT_EQ(finder.found().edges[1].sample, 7);
  EXPECT_NEAR(finder.found().edges[1].sigma_samples, 1 / std::sqrt(12.0), 1e-12);
  EXPECT_FALSE(finder.found().high_at_start);
}

TEST(EdgeFinder, IgnoresOtherLines) {
  EdgeFinder finder(1);
  finder.add(0, levels("000111100000", 2));
  EXPECT_TRUE(finder.found().edges.empty());
}

TEST(EdgeFinder, LeavesOutAndCountsGlitches) {
  EdgeFinder finder(0);
  finder.add(0, levels("0001001100001110111000000"));
  ASSERT_EQ(finder.found().edges.size(), 2);
  EXPECT_EQ(finder.found().edges[0].sample, 12);
  EXPECT_EQ(finder.found().edges[1].sample, 19);
  EXPECT_EQ(finder.found().glitches, 3);
}

TEST(EdgeFinder, IsTheSameInPieces) {
  const std::vector<std::uint8_t> lines = levels("0001001100001110111000000");
  EdgeFinder finder(0);
  for (std::size_t i = 0; i < lines.size(); ++i) finder.add(i, {&lines[i], 1});
  ASSERT_EQ(finder.found().edges.size(), 2);
  EXPECT_EQ(finder.found().edges[0].sample, 12);
  EXPECT_EQ(finder.found().glitches, 3);
}

TEST(EdgeFinder, PutsAChangeWithinAGapIntoItsMiddle) {
  EdgeFinder finder(0);
  finder.add(0, levels("0000"));
  finder.add(104, levels("1111"));
  ASSERT_EQ(finder.found().edges.size(), 1);
  EXPECT_EQ(finder.found().edges[0].sample, 54);
  EXPECT_NEAR(finder.found().edges[0].sigma_samples, 101 / std::sqrt(12.0), 1e-9);
}

TEST(EdgeFinder, BeginsWithTheLevelThatItFinds) {
  EdgeFinder finder(0);
  finder.add(1'000, levels("11110000"));
  ASSERT_EQ(finder.found().edges.size(), 1);
  EXPECT_FALSE(finder.found().edges[0].rising);
  EXPECT_EQ(finder.found().edges[0].sample, 1'004);
  EXPECT_TRUE(finder.found().high_at_start);
}

}  // namespace
}  // namespace tinyhil::meter
