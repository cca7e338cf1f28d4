// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "base/error.hpp"
#include "testing/evidence.hpp"

namespace tinyhil::gate {
namespace {

using testing::HasSubstr;

test::TestCase with_accents() {
  test::TestCase made = test::comparable_case();
  made.vectors.slices = {{"accent", {"us", "scottish", "indian"}, {}}};
  return made;
}

Finding judged_slices(const test::TestCase& made, const char* yaml = "{over: accent, margin: 6 %}") {
  return test::rule_of("worst_slice", yaml)->judge(made.evidence());
}

TEST(WorstSlice, PassesWhenEveryValuePasses) {
  test::TestCase made = with_accents();
  made.add_pairs(2, 2, 400, 0);
  made.add_pairs(1, 1, 150, 1);
  made.add_pairs(0, 1, 120, 2);
  const Finding finding = judged_slices(made);
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_EQ(finding.checks.size(), 3u);
}

// 30 vectors of `us`, on which the host foresaw a difference, come first.
TEST(WorstSlice, TellsChosenVectorsFromOthersWithinEachValue) {
  test::TestCase made = with_accents();
  made.add_pairs(25, 5, 30, 0);
  made.add_pairs(0, 0, 500, 0);
  made.add_pairs(0, 0, 500, 1);
  made.sample.sampling.order = DrawOrder::disagreement_first;
  made.sample.sampling.claim = Claim::this_set;
  made.sample.order.resize(1030);
  std::iota(made.sample.order.begin(), made.sample.order.end(), 0U);
  std::shuffle(made.sample.order.begin() + 30, made.sample.order.end(), std::mt19937(1));
  made.sample.chosen = 30;
  made.sample.drawn = 330;
  const Finding finding = judged_slices(made, "{over: accent, margin: 6 %, min_n: 30}");
  const auto of = [&](const std::string& subject) {
    return *std::ranges::find(finding.checks, subject, &Check::subject);
  };
  EXPECT_NEAR(of("accent = us").estimate.value_or(1), -20.0 / 530, 1e-9)
      << "of the 30 alone it would be -67 points";
  EXPECT_EQ(of("accent = scottish").outcome, Outcome::pass) << of("accent = scottish").reason;
}

TEST(WorstSlice, NamesTheValueThatLosesTooMuch) {
  test::TestCase made = with_accents();
  made.add_pairs(2, 3, 400, 0);
  made.add_pairs(25, 3, 121, 1);
  made.add_pairs(1, 1, 150, 2);
  const Finding finding = judged_slices(made);
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_THAT(finding.reason, HasSubstr("accent = scottish is 18.2 points worse (90 % interval -25."));
  EXPECT_THAT(finding.reason,
              HasSubstr("n = 121); at most 6 allowed; 97.5 % right became 79.3 %, 25 lost, 3 gained"));
  EXPECT_EQ(finding.checks.front().subject, "accent = scottish");
  EXPECT_EQ(finding.checks.front().outcome, Outcome::fail);
  EXPECT_LT(finding.checks.front().interval->high, -0.06);
  EXPECT_NEAR(*finding.checks.front().limit, -0.06, 1e-12);
}

TEST(WorstSlice, FailsOnlyBeyondChanceAmongManyValues) {
  test::TestCase alone = test::comparable_case();
  alone.vectors.slices = {{"accent", {"scottish"}, {}}};
  alone.add_pairs(13, 0, 100, 0);
  EXPECT_EQ(judged_slices(alone).outcome, Outcome::fail);  // p = 0.006

  test::TestCase among_twenty = test::comparable_case();
  Slice speaker{"accent", {}, {}};
  for (int i = 0; i < 20; ++i) speaker.values.push_back("speaker " + std::to_string(i));
  among_twenty.vectors.slices = {speaker};
  among_twenty.add_pairs(13, 0, 100, 0);
  for (std::uint16_t i = 1; i < 20; ++i) among_twenty.add_pairs(0, 0, 100, i);
  EXPECT_EQ(judged_slices(among_twenty).outcome, Outcome::inconclusive);
}

TEST(WorstSlice, IsUndecidedAboutAValueWithTooFewVectors) {
  test::TestCase made = with_accents();
  made.add_pairs(0, 0, 400, 0);
  made.add_pairs(0, 0, 29, 1);
  made.add_pairs(0, 0, 100, 2);
  const Finding finding = judged_slices(made);
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_EQ(finding.reason, "accent = scottish has 29 vectors, 1 more are needed for at least 30");
  EXPECT_EQ(finding.checks.size(), 3u);
}

TEST(WorstSlice, NeverDropsAValueWithoutVectors) {
  test::TestCase made = with_accents();
  made.add_pairs(0, 0, 400, 0);
  made.add_pairs(0, 0, 400, 1);
  const Finding finding = judged_slices(made);
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_THAT(finding.reason, HasSubstr("accent = indian has 0 vectors"));
}

TEST(WorstSlice, AnErrorNamesTheSliceThatIsNotThereAndTheNearest) {
  test::TestCase made = with_accents();
  made.add_pairs(0, 0, 400, 0);
  const Finding finding = judged_slices(made, "{over: [acent], margin: 6 %}");
  EXPECT_EQ(finding.outcome, Outcome::error);
  EXPECT_THAT(finding.reason, HasSubstr("no slice `acent`"));
  EXPECT_THAT(finding.reason, HasSubstr("did you mean `accent`?"));
}

TEST(WorstSlice, LooksAtEveryNamedSlice) {
  test::TestCase made = test::comparable_case();
  made.vectors.slices = {{"accent", {"us", "scottish"}, {}}, {"noise", {"quiet", "loud"}, {}}};
  made.add_pairs(0, 0, 200, 0);
  made.add_pairs(0, 0, 200, 1);
  EXPECT_EQ(judged_slices(made, "{over: [accent, noise], margin: 6 %}").checks.size(), 4u);
  EXPECT_EQ(judged_slices(made, "{over: [noise], margin: 6 %, min_n: 201}").outcome, Outcome::inconclusive);
}

TEST(WorstSlice, RefusesAPolicyThatNamesNoSlice) {
  EXPECT_THROW(test::rule_of("worst_slice", "margin: 6 %"), Error);
  EXPECT_THROW(test::rule_of("worst_slice", "{over: [], margin: 6 %}"), Error);
  EXPECT_THROW(test::rule_of("worst_slice", "{over: accent, margin: 6 %, min_n: 0}"), Error);
}

test::TestCase with_regions() {
  test::TestCase made = test::comparable_case();
  made.vectors.slices = {{"accent", {"us", "scottish", "manx"}, {}}};
  made.add_pairs(0, 0, 400, 0);
  made.add_pairs(0, 0, 200, 1);
  made.add_pairs(2, 0, 7, 2);
  Slice region{"region", {"america", "britain"}, std::vector<std::uint16_t>(607, 1)};
  std::fill_n(region.code.begin(), 400, std::uint16_t{0});
  made.vectors.slices.push_back(region);
  made.comparison.slices.push_back({{400, 0, 0, 0}, {205, 2, 0, 0}});
  return made;
}

TEST(WorstSlice, JudgesASmallValueWithItsParentAndSaysSo) {
  const Finding finding =
      judged_slices(with_regions(), "{over: accent, margin: 6 %, on_small: merge, parent: region}");
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_EQ(finding.checks.size(), 3u);
  EXPECT_THAT(finding.reason,
              HasSubstr("region = britain, which accent = manx (7 vectors) is judged with, is 1.0 "
                        "points worse"));
  EXPECT_EQ(finding.checks.at(0).n, 207u);
}

TEST(WorstSlice, LeavesASmallValueOutOnlyAsThePolicySaysAndSaysSo) {
  const test::TestCase made = with_regions();
  EXPECT_EQ(judged_slices(made).outcome, Outcome::inconclusive);
  EXPECT_EQ(judged_slices(made, "{over: accent, margin: 6 %, on_small: inconclusive}").outcome,
            Outcome::inconclusive);
  const Finding finding = judged_slices(made, "{over: accent, margin: 6 %, on_small: ignore}");
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_THAT(finding.reason,
              HasSubstr("accent = manx has 7 vectors, fewer than 30, and is left out as the policy says"));
}

TEST(WorstSlice, DoesNotPassWhereEveryValueIsLeftOut) {
  const Finding finding =
      judged_slices(with_regions(), "{over: accent, margin: 6 %, on_small: ignore, min_n: 2000}");
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_THAT(finding.reason, HasSubstr("more are needed for at least 2000"));
}

TEST(WorstSlice, DoesNotMergeAValueThatLiesInSeveralParents) {
  test::TestCase made = with_regions();
  made.vectors.slices[1].code[606] = 0;
  const Finding finding = judged_slices(made, "{over: accent, margin: 6 %, on_small: merge, parent: region}");
  EXPECT_EQ(finding.outcome, Outcome::error);
  EXPECT_THAT(finding.reason, HasSubstr("does not lie within one value of its parent `region`"));
}

TEST(WorstSlice, IsUndecidedWhenTheParentIsSmallToo) {
  const Finding finding = judged_slices(
      with_regions(), "{over: accent, margin: 6 %, min_n: 300, on_small: merge, parent: region}");
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
}

TEST(WorstSlice, WantsTheParentNamedWhereItMerges) {
  EXPECT_THROW(test::rule_of("worst_slice", "{over: accent, margin: 6 %, on_small: merge}"), Error);
  EXPECT_THROW(test::rule_of("worst_slice", "{over: accent, margin: 6 %, parent: region}"), Error);
  EXPECT_THROW(test::rule_of("worst_slice", "{over: accent, margin: 6 %, on_small: drop}"), Error);
}

}  // namespace
}  // namespace tinyhil::gate
