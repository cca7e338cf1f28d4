// SPDX-License-Identifier: Apache-2.0
// Windows of one recording hang together: they are not as many vectors as they seem.
#include <gmock/gmock.h>

#include "gate/test_evidence.hpp"

namespace tinyhil {
namespace {

using testing::HasSubstr;
using testing::Not;

// Groups of ten vectors each; `lost` of 600, whole groups first.
TestCase recordings(std::size_t lost) {
  TestCase made = comparable_case();
  made.vectors.slices = {{"accent", {"us"}, {}}};
  made.add_pairs(lost, 0, 600);
  for (std::uint32_t i = 0; i < 600; ++i) made.vectors.group.push_back(i / 10);
  return made;
}

Finding judged(const TestCase& made) {
  return rule_of("noninferiority", "margin: 2 %")->judge(made.evidence());
}

TEST(Groups, AreWorthFewerVectorsThanTheyHave) {
  TestCase independent = recordings(0);
  independent.vectors.group.clear();
  EXPECT_EQ(judged(independent).outcome, Outcome::pass);
  const Finding finding = judged(recordings(0));
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);  // 60 recordings, all equal, cannot show 2 points
  EXPECT_THAT(finding.method, HasSubstr("scaled to what the groups are worth (design effect)"));
  EXPECT_THAT(finding.reason, HasSubstr("n = 600 in groups worth "));
  EXPECT_GT(finding.checks.at(0).more_vectors, 600u);
}

TEST(Groups, OfOneVectorEachChangeNothingMuch) {
  TestCase made = recordings(0);
  for (std::uint32_t i = 0; i < 600; ++i) made.vectors.group[i] = i;
  EXPECT_EQ(judged(made).outcome, Outcome::pass);
}

TEST(Groups, DoNotFailACandidateOnAFewBadRecordings) {
  TestCase made = recordings(30);  // three recordings lost as a whole
  EXPECT_EQ(judged(made).outcome, Outcome::inconclusive);
  made.vectors.group.clear();
  EXPECT_EQ(judged(made).outcome, Outcome::fail);
  EXPECT_THAT(judged(made).reason, Not(HasSubstr("groups")));
}

TEST(Groups, CountWithinEachSliceValue) {
  const Finding finding =
      rule_of("worst_slice", "{over: accent, margin: 2 %}")->judge(recordings(0).evidence());
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_THAT(finding.reason, HasSubstr("in groups worth"));
}

TEST(Groups, SayThatVectorsWereInTheFileTwice) {
  TestCase made = recordings(0);
  made.vectors.copies = 540;
  EXPECT_THAT(judged(made).method, HasSubstr("540 vectors equal an earlier one and are in its group"));
}

}  // namespace
}  // namespace tinyhil
