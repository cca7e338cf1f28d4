// SPDX-License-Identifier: Apache-2.0
// Words of one speaker hang together: they are not as many vectors as they seem.
#include <gmock/gmock.h>

#include "testing/evidence.hpp"

namespace tinyhil::gate {
namespace {

using testing::HasSubstr;
using testing::Not;

// Speakers of ten vectors each; `lost` of 600, whole speakers first.
test::TestCase speakers(std::size_t lost) {
  test::TestCase made = test::comparable_case();
  made.vectors.slices = {{"accent", {"us"}, {}}};
  made.vectors.group_unit = "speaker";
  made.add_pairs(lost, 0, 600);
  for (std::uint32_t i = 0; i < 600; ++i) made.vectors.group.push_back(i / 10);
  return made;
}

Finding judged_groups(const test::TestCase& made, const char* yaml = "margin: 2 %") {
  return test::rule_of("noninferiority", yaml)->judge(made.evidence());
}

TEST(Groups, AreFewerThanTheirVectors) {
  test::TestCase independent = speakers(0);
  independent.vectors.group.clear();
  EXPECT_EQ(judged_groups(independent).outcome, Outcome::pass);
  const Finding finding = judged_groups(speakers(0));
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_THAT(finding.method,
              HasSubstr("bounds over groups, one group more taken to be the worst, for vectors of "
                        "one speaker are not independent"));
  EXPECT_THAT(finding.reason, HasSubstr("600 vectors from 60 speakers, as much evidence as "));
  EXPECT_THAT(finding.reason,
              HasSubstr("; with 60 speakers a loss of 4.87 points cannot be excluded even if none is "
                        "seen: 149 are needed; undecided: about 89 more speakers would be expected"));
  EXPECT_EQ(finding.checks.at(0).more_groups, 89u);
  EXPECT_EQ(finding.checks.at(0).more_vectors, std::nullopt);
}

TEST(Groups, PassWhereThereAreEnoughOfThem) {
  EXPECT_EQ(judged_groups(speakers(0), "margin: 5 %").outcome, Outcome::pass);
}

TEST(Groups, OfOneVectorEachChangeNothing) {
  test::TestCase made = speakers(0);
  for (std::uint32_t i = 0; i < 600; ++i) made.vectors.group[i] = i;
  const Finding alone = judged_groups(made);
  made.vectors.group.clear();
  EXPECT_EQ(alone.reason, judged_groups(made).reason);
  EXPECT_EQ(alone.method, judged_groups(made).method);
}

TEST(Groups, DoNotFailACandidateOnAFewBadSpeakers) {
  test::TestCase made = speakers(30);  // three of them lost as a whole
  EXPECT_EQ(judged_groups(made).outcome, Outcome::inconclusive);
  made.vectors.group.clear();
  EXPECT_EQ(judged_groups(made).outcome, Outcome::fail);
  EXPECT_THAT(judged_groups(made).reason, Not(HasSubstr("speaker")));
}

TEST(Groups, FailACandidateThatManySpeakersLoseWith) {
  EXPECT_EQ(judged_groups(speakers(120)).outcome, Outcome::fail);
}

TEST(Groups, FewerThanTenSayNothing) {
  for (const std::size_t lost : {0, 90}) {
    test::TestCase made = test::comparable_case();
    made.add_pairs(lost, 0, 90);
    for (std::uint32_t i = 0; i < 90; ++i) made.vectors.group.push_back(i / 10);
    const Finding finding = judged_groups(made, "margin: 50 %");
    EXPECT_EQ(finding.outcome, Outcome::inconclusive) << lost;
    EXPECT_THAT(finding.reason,
                HasSubstr("; too few groups: 9 say nothing of others, at least 10 are needed"));
    EXPECT_EQ(finding.checks.at(0).more_groups, 1u);
  }
}

TEST(Groups, CountWithinEachSliceValue) {
  const Finding finding =
      test::rule_of("worst_slice", "{over: accent, margin: 2 %}")->judge(speakers(0).evidence());
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_THAT(finding.reason, HasSubstr("600 vectors from 60 speakers"));
}

TEST(Groups, SayThatVectorsWereInTheFileTwice) {
  test::TestCase made = speakers(0);
  made.vectors.copies = 540;
  EXPECT_THAT(judged_groups(made).method, HasSubstr("540 vectors equal an earlier one and are in its group"));
}

// One loss and one gain in each of 24 speakers: vectors within a speaker look independent.
TEST(Groups, AreAskedForAlsoWhereEvidenceMayBeLookedAtAtAnyTime) {
  for (const StopRule stop : {StopRule::e_process, StopRule::sprt}) {
    test::TestCase made = test::comparable_case();
    made.sample.sampling.order = DrawOrder::random;
    made.sample.sampling.stop = stop;
    made.sample.sampling.discordance = 0.1;
    for (std::uint32_t speaker = 0; speaker < 24; ++speaker) {
      made.add_pairs(1, 1, 50);
      made.vectors.group.insert(made.vectors.group.end(), 50, speaker);
    }
    const Finding finding = judged_groups(made, "margin: 6 %");
    EXPECT_EQ(finding.outcome, Outcome::inconclusive) << static_cast<int>(stop);
    EXPECT_THAT(finding.reason, HasSubstr("; with 24 groups a loss of 11.7 points cannot be excluded"));
    made.sample.sampling.claim = Claim::this_set;
    made.sample.order.resize(1200);
    for (std::uint32_t i = 0; i < 1200; ++i) made.sample.order[i] = i * 7 % 1200;
    if (stop == StopRule::e_process) {
      EXPECT_EQ(judged_groups(made, "margin: 6 %").outcome, Outcome::pass);
    }
    made.sample.sampling.claim = Claim::unseen;
    made.vectors.group.clear();
    EXPECT_EQ(judged_groups(made, "margin: 6 %").outcome, Outcome::pass);
  }
}

}  // namespace
}  // namespace tinyhil::gate
