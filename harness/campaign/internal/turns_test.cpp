// SPDX-License-Identifier: Apache-2.0
#include "turns.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tinyhil::campaign {
namespace {

// "0A 0B 1B": wave 0 through groups A and B, then wave 1 through B.
std::string turns(const std::vector<std::uint64_t>& waves, const std::vector<std::uint64_t>& groups,
                  bool backwards = false) {
  std::string text;
  for (const Turn& turn : plan_turns({waves, groups}, backwards)) {
    text += (text.empty() ? "" : " ") + std::to_string(turn.wave) + static_cast<char>('A' + turn.group);
  }
  return text;
}

TEST(Turns, OneGroupTakesTheWavesInTurn) { EXPECT_EQ(turns({10, 10, 10}, {100}), "0A 1A 2A"); }

TEST(Turns, WhereModelsAreDearEachStaysForAllVectors) {
  EXPECT_EQ(turns({10, 10, 10}, {100, 100}), "0A 1A 2A 0B 1B 2B");
}

TEST(Turns, WhereVectorsAreDearTheGroupsAlternateAndTheResidentOneStays) {
  EXPECT_EQ(turns({100, 100, 100}, {10, 10}), "0A 0B 1B 1A 2A 2B");
}

TEST(Turns, TheNextLookBeginsWithTheGroupThatIsResident) {
  EXPECT_EQ(turns({10, 10}, {100, 100}, true), "0B 1B 0A 1A");
}

TEST(Turns, OneWaveServesAllGroups) { EXPECT_EQ(turns({1000}, {1, 1, 1}), "0A 0B 0C"); }

TEST(Turns, WhatIsDoneIsLeftOut) { EXPECT_EQ(turns({0, 10, 0}, {5}), "1A"); }

TEST(Turns, NothingToMoveIsNoTurn) {
  EXPECT_EQ(turns({}, {5}), "");
  EXPECT_EQ(turns({5}, {}), "");
}

}  // namespace
}  // namespace tinyhil::campaign
