// SPDX-License-Identifier: Apache-2.0
#include "nearest.hpp"

#include <gtest/gtest.h>

namespace tinyhil {
namespace {

TEST(EditDistance, CountsInsertionsDeletionsSubstitutionsAndSwaps) {
  EXPECT_EQ(edit_distance("baseline", "baseline"), 0u);
  EXPECT_EQ(edit_distance("basline", "baseline"), 1u);
  EXPECT_EQ(edit_distance("baselinee", "baseline"), 1u);
  EXPECT_EQ(edit_distance("bazeline", "baseline"), 1u);
  EXPECT_EQ(edit_distance("baselnie", "baseline"), 1u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
}

TEST(EditDistance, OfVeryLongWordsIsBoundedWork) {
  EXPECT_EQ(edit_distance(std::string(100'000, 'a'), "a"), 100'000u);
}

TEST(Nearest, FindsTheSlipOfTheFingers) {
  EXPECT_EQ(nearest("candidate", {"baseline", "candidates", "campaign"}), "candidates");
  EXPECT_EQ(nearest("gaet", {"gate", "bench"}), "gate");
}

TEST(Nearest, SuggestsNothingThatIsFarAway) {
  EXPECT_EQ(nearest("colour", {"baseline", "gate"}), std::nullopt);
}

TEST(Suggestion, NamesTheNearestAndListsTheRest) {
  EXPECT_EQ(suggestion("slm", {"shipped", "slim"}), "did you mean `slim`? choose one of `shipped`, `slim`");
  EXPECT_EQ(suggestion("other", {"shipped", "slim"}), "choose one of `shipped`, `slim`");
}

}  // namespace
}  // namespace tinyhil
