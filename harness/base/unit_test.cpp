// SPDX-License-Identifier: Apache-2.0
#include "unit.hpp"

#include <gtest/gtest.h>

#include <set>

namespace tinyhil {
namespace {

constexpr std::uint8_t kUnits = static_cast<std::uint8_t>(Unit::years) + 1;

TEST(Unit, HasAWordOfItsOwnThatNamesItAgain) {
  std::set<std::string_view> words;
  for (std::uint8_t value = 0; value < kUnits; ++value) {
    const Unit unit{value};
    EXPECT_TRUE(words.insert(to_string(unit)).second) << to_string(unit);
    EXPECT_EQ(unit_of(to_string(unit)), unit);
  }
}

TEST(Unit, OfAnUnknownWordIsNone) {
  EXPECT_FALSE(unit_of("parsec"));
  EXPECT_FALSE(unit_of("b"));
}

TEST(Unit, KnowsWhichOfThemAreDurations) {
  EXPECT_TRUE(is_duration(Unit::milliseconds));
  EXPECT_FALSE(is_duration(Unit::bytes));
  EXPECT_FALSE(is_duration(Unit::ratio));
}

TEST(Unit, HasABaseUnitForMonitoring) {
  EXPECT_EQ(base_of(Unit::milliseconds).name, "seconds");
  EXPECT_EQ(base_of(Unit::milliseconds).factor, 1e-3);
  EXPECT_EQ(base_of(Unit::bytes).name, "bytes");
  EXPECT_EQ(base_of(Unit::microjoules).name, "joules");
  EXPECT_EQ(base_of(Unit::none).name, "number");
}

TEST(Unit, CountsWholeThings) {
  EXPECT_TRUE(is_counted(Unit::bytes));
  EXPECT_TRUE(is_counted(Unit::faults));
  EXPECT_FALSE(is_counted(Unit::ratio));
  EXPECT_FALSE(is_counted(Unit::milliseconds));
}

}  // namespace
}  // namespace tinyhil
