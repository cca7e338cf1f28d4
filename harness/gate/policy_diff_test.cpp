// SPDX-License-Identifier: Apache-2.0
#include "policy_diff.hpp"

#include <gmock/gmock.h>

#include "gate/internal/registry.hpp"
#include "testing/folder.hpp"

namespace tinyhil::gate {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kPolicyBefore = R"(policy: release
alpha: 5 %
rules:
  - {id: acc, test: noninferiority, margin: 2 %}
  - {id: slices, test: worst_slice, over: [sex, accent], margin: 6 %}
  - {id: p99, test: latency_quantile, quantile: 0.99, limit: 20 ms}
  - {id: arena, test: memory, metric: arena_used, limit: 32 KiB, severity: major}
  - {id: golden, test: golden}
waivers:
  - {rule: arena, reason: ECO, owner: a, approved_by: b, expires: 2027-03-31, max_excess: 1 KiB}
)";

std::vector<std::string> lines(const std::string& before, const std::string& after) {
  const test::TestFolder folder;
  const Policy from = load_policy(folder.write("old.yaml", before));
  const Policy to = load_policy(folder.write("new.yaml", after));
  std::vector<std::string> words;
  for (const PolicyChange& one : policy_diff(from, to))
    words.push_back(std::string(to_string(one.change)) + " | " + one.where + " | " + one.what);
  return words;
}

// What is said when `from` becomes `to`, and when it goes back.
struct BothWays {
  std::vector<std::string> there, back;
};

BothWays changed(const std::string& from, const std::string& to) {
  std::string after = kPolicyBefore;
  const std::size_t at = after.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  after.replace(at, from.size(), to);
  return {lines(kPolicyBefore, after), lines(after, kPolicyBefore)};
}

void expect_looser(const std::string& from, const std::string& to, const std::string& words) {
  const BothWays said = changed(from, to);
  EXPECT_THAT(said.there, ElementsAre(AllOf(HasSubstr("loosened | "), HasSubstr(words)))) << to;
  EXPECT_THAT(said.back, ElementsAre(HasSubstr("tightened | "))) << to;
}

TEST(PolicyDiff, TakesAlphaOfAllCandidatesTogetherForTighter) {
  const std::string together = std::string("candidates: together\n") + kPolicyBefore;
  EXPECT_THAT(lines(together, kPolicyBefore), ElementsAre("loosened | candidates | together -> each"));
  EXPECT_THAT(lines(kPolicyBefore, together), ElementsAre("tightened | candidates | each -> together"));
  EXPECT_THAT(lines(kPolicyBefore, std::string("candidates: each\n") + kPolicyBefore), IsEmpty());
}

TEST(PolicyDiff, ACheckThatOnlyWarnsIsLooser) {
  expect_looser("alpha: 5 %", "alpha: 5 %\nchecks: {chance: warn}", "checks | chance: error -> warn");
  expect_looser("alpha: 5 %", "alpha: 5 %\nchecks: {swapped: off}", "checks | swapped: warn -> off");
  EXPECT_THAT(changed("alpha: 5 %", "alpha: 5 %\nchecks: {chance: error}").there, IsEmpty());
}

TEST(PolicyDiff, OfOnePolicyIsEmpty) { EXPECT_THAT(lines(kPolicyBefore, kPolicyBefore), IsEmpty()); }

TEST(PolicyDiff, SeesNoChangeInSpellingAndDefaults) {
  EXPECT_THAT(changed("margin: 2 %", "margin: 2.0%").there, IsEmpty());
  EXPECT_THAT(changed("limit: 20 ms", "limit: 0.02 s").there, IsEmpty());
  EXPECT_THAT(changed("margin: 6 %", "margin: 6 %, min_n: 30").there, IsEmpty());
  EXPECT_THAT(changed("[sex, accent]", "[accent, sex]").there, IsEmpty());
}

TEST(PolicyDiff, KnowsTheLooserWayOfEachKey) {
  expect_looser("margin: 2 %", "margin: 3 %", "rule acc | margin: 2 % -> 3 %");
  expect_looser("[sex, accent]", "[accent]", "over: [sex, accent] -> [accent]");
  expect_looser("margin: 6 %", "margin: 6 %, min_n: 10", "min_n: not given -> 10");
  expect_looser("quantile: 0.99", "quantile: 0.95", "quantile: 0.99 -> 0.95");
  expect_looser("limit: 20 ms", "limit: 25 ms", "limit: 20 ms -> 25 ms");
  expect_looser("limit: 32 KiB", "limit: 33 KiB", "limit: 32 KiB -> 33 KiB");
  expect_looser("test: golden", "test: golden, max_lsb: 1", "max_lsb");
  expect_looser("test: golden", "test: golden, allow_fraction: 1 %", "allow_fraction");
}

TEST(PolicyDiff, TakesALimitThatIsGoneForLooser) {
  const std::string both = "limit: 20 ms, growth: 2 %";
  EXPECT_THAT(changed("limit: 20 ms", both).there, ElementsAre(HasSubstr("tightened | rule p99 | growth")));
  EXPECT_THAT(changed("limit: 20 ms", both).back,
              ElementsAre(HasSubstr("loosened | rule p99 | growth: 2 % -> not given")));
}

TEST(PolicyDiff, TakesANameExchangedForLooserBothWays) {
  const BothWays said = changed("[sex, accent]", "[sex, noise]");
  EXPECT_THAT(said.there, ElementsAre(HasSubstr("loosened")));
  EXPECT_THAT(said.back, ElementsAre(HasSubstr("loosened")));
}

TEST(PolicyDiff, TakesWhatItDoesNotKnowForLooserBothWays) {
  for (const auto& [from, to] : {std::pair{"metric: arena_used", "metric: model_size"},
                                 std::pair{"test: noninferiority", "test: worst_slice, over: [sex]"}}) {
    const BothWays said = changed(from, to);
    EXPECT_THAT(said.there, ElementsAre(AllOf(HasSubstr("loosened"), HasSubstr("not known")))) << to;
    EXPECT_THAT(said.back, ElementsAre(AllOf(HasSubstr("loosened"), HasSubstr("not known")))) << to;
  }
}

TEST(PolicyDiff, SeesAlphaSeverityAndWaivability) {
  expect_looser("alpha: 5 %", "alpha: 10 %", "alpha | 5 % -> 10 %");
  expect_looser("severity: major", "severity: minor", "severity: major -> minor");
  expect_looser("test: golden", "test: golden, waivable: true", "may be waived now");
}

TEST(PolicyDiff, SeesRulesThatCameAndWent) {
  const std::string golden = "  - {id: golden, test: golden}\n";
  expect_looser(golden, "", "rule golden | removed (golden)");
}

TEST(PolicyDiff, SeesWaivers) {
  expect_looser("waivers:\n",
                "waivers:\n  - {rule: p99, scope: {board: m4}, reason: r, owner: a, approved_by: b, "
                "expires: 2027-01-01, max_excess: 1 ms}\n",
                "waiver of p99, board m4 | added, until 2027-01-01");
  expect_looser("2027-03-31", "2027-04-30", "expires: 2027-03-31 -> 2027-04-30");
  expect_looser("max_excess: 1 KiB", "max_excess: 2 KiB", "max_excess raised (B)");
  expect_looser("max_excess: 1 KiB", "max_excess: [1 KiB, 1 %]", "max_excess raised (ratio)");
  EXPECT_THAT(changed("approved_by: b", "approved_by: c").there, ElementsAre(HasSubstr("loosened")));
}

TEST(PolicyDiff, PutsWhatIsLooserFirst) {
  std::string after = kPolicyBefore;
  after.replace(after.find("margin: 2 %"), 11, "margin: 1 %");
  after.replace(after.find("quantile: 0.99"), 14, "quantile: 0.90");
  after.replace(after.find("policy: release"), 15, "policy: renamed");
  EXPECT_THAT(lines(kPolicyBefore, after),
              ElementsAre(HasSubstr("loosened | rule p99"), HasSubstr("tightened | rule acc"),
                          HasSubstr("neutral | policy")));
}

}  // namespace
}  // namespace tinyhil::gate
