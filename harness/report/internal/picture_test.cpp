// SPDX-License-Identifier: Apache-2.0
#include "picture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/report_sample.hpp"

namespace tinyhil::report {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Check ratio_check(const char* subject, Outcome outcome, double estimate, Interval interval) {
  Check check;
  check.subject = subject;
  check.outcome = outcome;
  check.n = 400;
  check.unit = Unit::ratio;
  check.estimate = estimate;
  check.interval = interval;
  check.limit = -0.02;
  check.would_change = std::string("more of ") + subject;
  return check;
}

Finding slices(std::size_t passing) {
  Finding finding;
  finding.kind = "worst_slice";
  finding.outcome = Outcome::fail;
  for (std::size_t i = 0; i < passing; ++i)
    finding.checks.push_back(
        ratio_check(("slice " + std::to_string(i)).c_str(), Outcome::pass, 0.01, {-0.01, 0.02}));
  finding.checks.push_back(ratio_check("bad", Outcome::fail, -0.1, {-0.15, -0.05}));
  return finding;
}

TEST(Picture, DrawsDotBarAndLimitOfEveryCheckOnOneScale) {
  const std::string picture = page::picture(slices(3)).str();
  EXPECT_EQ(test::count_of(picture, "<circle class=\"point\""), 4u);
  EXPECT_EQ(test::count_of(picture, "<line class=\"interval\""), 4u);
  EXPECT_EQ(test::count_of(picture, "<rect class=\"hatched\" x=\"0\""), 4u);
  EXPECT_EQ(test::count_of(picture, "class=\"scale\""), 1u);
  EXPECT_EQ(test::count_of(picture, "limit: at least −2 pts"), 1u);
}

TEST(Picture, GivesItsNumbersInWordsToo) {
  EXPECT_THAT(page::picture(slices(1)).str(),
              HasSubstr("<title>bad: fail; −10.00 pts, interval −15.00 to −5.00 pts, limit at least −2 pts, "
                        "n = 400; more of bad</title>"));
}

TEST(Picture, PutsTheWorstOnTop) {
  const std::string picture = page::picture(slices(3)).str();
  EXPECT_LT(picture.find("bad: fail"), picture.find("slice 0: pass"));
}

TEST(Picture, FoldsPassingRowsAwayWhereThereAreMany) {
  EXPECT_THAT(page::picture(slices(11)).str(), Not(HasSubstr("<details>")));
  const std::string picture = page::picture(slices(20)).str();
  EXPECT_THAT(picture, HasSubstr("13 more that pass"));
  EXPECT_EQ(test::count_of(picture.substr(0, picture.find("<details>")), "class=\"point\""), 8u);
  EXPECT_EQ(test::count_of(picture, "class=\"point\""), 21u);
}

TEST(Picture, NeverFoldsWhatDidNotPass) {
  Finding finding = slices(5);
  finding.checks.insert(finding.checks.end(), 20,
                        ratio_check("open", Outcome::inconclusive, -0.01, {-0.03, 0.01}));
  const std::string picture = page::picture(finding).str();
  EXPECT_EQ(test::count_of(picture.substr(0, picture.find("<details>")), "class=\"point\""), 21u);
}

TEST(Picture, HatchesTheForbiddenSideOfAnUndecidedCheckToo) {
  Finding finding;
  finding.checks = {ratio_check("open", Outcome::inconclusive, -0.01, {-0.03, 0.01})};
  EXPECT_THAT(page::picture(finding).str(), HasSubstr("<rect class=\"hatched\" x=\"0\""));
}

TEST(Picture, DrawsAnExactCheckAsADotAndALimit) {
  Finding finding;
  finding.checks = {ratio_check("failed inferences", Outcome::pass, 0, {})};
  Check& check = finding.checks[0];
  check.interval.reset();
  check.unit = Unit::inferences;
  check.limit = 0;
  const std::string picture = page::picture(finding).str();
  EXPECT_THAT(picture, AllOf(HasSubstr("class=\"point\""), HasSubstr("<line class=\"limit\""),
                             HasSubstr("limit: none allowed"), HasSubstr(">1 inferences</text>"),
                             Not(HasSubstr("class=\"interval\"")), Not(HasSubstr("0.5 inferences"))));
}

TEST(Picture, GivesLimitsFarApartTheirOwnScales) {
  Finding finding;
  finding.checks = {ratio_check("arena", Outcome::pass, 9216, {}),
                    ratio_check("growth", Outcome::pass, 100, {})};
  for (Check& check : finding.checks) {
    check.interval.reset();
    check.unit = Unit::bytes;
  }
  finding.checks[0].limit = 12'288;
  finding.checks[1].limit = 256;
  EXPECT_EQ(test::count_of(page::picture(finding).str(), "class=\"scale\""), 2u);
  finding.checks[1].limit = 8192;
  const std::string together = page::picture(finding).str();
  EXPECT_EQ(test::count_of(together, "class=\"scale\""), 1u);
  EXPECT_THAT(together, AllOf(HasSubstr("<span class=\"own-limit\">at most 8,192 B</span>"),
                              Not(HasSubstr("limit: at most"))));
}

TEST(Picture, SaysWhatWouldChangeTheLeadingCheckAndAllThatDidNotPass) {
  Finding finding = slices(3);
  finding.checks.push_back(ratio_check("open", Outcome::inconclusive, -0.01, {-0.03, 0.01}));
  const std::string changes = page::changes(finding).str();
  EXPECT_THAT(changes, AllOf(HasSubstr("more of bad"), HasSubstr("more of open"), Not(HasSubstr("slice 0"))));
  finding.checks = {finding.checks[0]};
  EXPECT_EQ(page::changes(finding).str(),
            "<p class=\"change\"><b class=\"\">What would change it:</b> more of slice 0</p>");
  finding.checks[0].would_change = "";
  EXPECT_TRUE(page::changes(finding).empty());
}

}  // namespace
}  // namespace tinyhil::report
