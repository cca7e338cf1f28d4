// SPDX-License-Identifier: Apache-2.0
#include "deciding.hpp"

#include <gtest/gtest.h>

namespace tinyhil::report {
namespace {

Check latency_check(const char* subject, Outcome outcome, double estimate, double limit) {
  Check check;
  check.subject = subject;
  check.outcome = outcome;
  check.unit = Unit::milliseconds;
  check.estimate = estimate;
  check.limit = limit;
  return check;
}

Finding finding_of(const char* rule, Outcome outcome, std::vector<Check> checks) {
  Finding finding;
  finding.rule = rule;
  finding.outcome = outcome;
  finding.checks = std::move(checks);
  return finding;
}

Verdict verdict_of(Outcome outcome, std::vector<Finding> findings) {
  Verdict verdict;
  verdict.outcome = outcome;
  verdict.findings = std::move(findings);
  return verdict;
}

TEST(Deciding, IsTheFirstRuleOfTheVerdictsOutcomeThatDoesNotOnlyWarn) {
  Verdict verdict = verdict_of(
      Outcome::fail,
      {finding_of("warns", Outcome::fail, {latency_check("a", Outcome::fail, 2, 1)}),
       finding_of("fine", Outcome::pass, {latency_check("b", Outcome::pass, 0.5, 1)}),
       finding_of("late", Outcome::fail,
                  {latency_check("c", Outcome::pass, 0.5, 1), latency_check("d", Outcome::fail, 2, 1)})});
  verdict.findings[0].severity = Severity::minor;
  EXPECT_EQ(deciding(verdict).finding->rule, "late");
  EXPECT_EQ(deciding(verdict).check->subject, "d");
}

TEST(Deciding, OfAPassIsTheRuleWithTheLeastRoomForTheSizeOfItsLimit) {
  const Verdict verdict = verdict_of(
      Outcome::pass, {finding_of("half", Outcome::pass, {latency_check("a", Outcome::pass, 0.5, 1)}),
                      finding_of("tight", Outcome::pass,
                                 {latency_check("b", Outcome::pass, 500, 1000),
                                  latency_check("c", Outcome::pass, 990, 1000)}),
                      finding_of("none", Outcome::pass, {latency_check("d", Outcome::pass, 0, 0)})});
  EXPECT_EQ(deciding(verdict).finding->rule, "tight");
  EXPECT_EQ(deciding(verdict).check->subject, "c");
}

TEST(Deciding, HasNoRuleWhereNoneDecides) {
  EXPECT_EQ(deciding(verdict_of(Outcome::error, {})).finding, nullptr);
  const Deciding bare = deciding(verdict_of(Outcome::fail, {finding_of("a", Outcome::fail, {})}));
  EXPECT_NE(bare.finding, nullptr);
  EXPECT_EQ(bare.check, nullptr);
}

TEST(Deciding, OrdersChecksByUrgencyAndThenByRoom) {
  const Finding finding = finding_of(
      "slices", Outcome::fail,
      {latency_check("roomy", Outcome::pass, 1, 9), latency_check("tight", Outcome::pass, 8, 9),
       latency_check("bad", Outcome::fail, 10, 9), latency_check("worse", Outcome::fail, 12, 9), Check{}});
  std::vector<std::string> order;
  for (const Check* check : worst_first(finding)) order.push_back(check->subject);
  EXPECT_EQ(order, (std::vector<std::string>{"", "worse", "bad", "tight", "roomy"}));
}

}  // namespace
}  // namespace tinyhil::report
