// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "base/error.hpp"
#include "gate.hpp"
#include "gate/internal/registry.hpp"
#include "testing/folder.hpp"

namespace tinyhil::gate {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

constexpr const char* kWakeWord = R"(policy: wake-word-release
alpha: 2.5 %
rules:
  - {id: accuracy,    test: noninferiority, margin: 2 %, severity: critical}
  - {id: worst-slice, test: worst_slice, over: [sex, accent, noise], margin: 6 %, min_n: 30}
  - {id: latency-p99, test: latency_quantile, quantile: 0.99, limit: 20 ms, growth: 2 %}
  - {id: arena,       test: memory, metric: arena_used, limit: 32 KiB, severity: major}
  - {id: golden,      test: golden, max_lsb: 0, allow_fraction: 0 %, severity: minor}
  - {id: no-faults,   test: no_faults}
)";

Policy loaded(std::string_view yaml) {
  const test::TestFolder folder;
  return load_policy(folder.write("gate.yaml", yaml));
}

std::string complaint_about(std::string_view yaml) {
  try {
    loaded(yaml);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.where() + " | " + error.what() + " | " + error.remedy();
  }
  return "no error";
}

std::string with_rules(const std::string& rules) { return "policy: p\nrules:\n" + rules; }

TEST(LoadPolicy, SharesAlphaAmongTheCandidatesWhereItIsForAllTogether) {
  Policy each = loaded(kWakeWord), together = loaded(std::string("candidates: together\n") + kWakeWord);
  share_alpha(each, 5);
  share_alpha(together, 5);
  EXPECT_NEAR(each.alpha, 0.025, 1e-12);
  EXPECT_NEAR(together.alpha, 0.005, 1e-12);
  EXPECT_THAT(complaint_about(std::string("candidates: all\n") + kWakeWord), HasSubstr("together"));
}

TEST(LoadPolicy, RefusesALimitThatNothingCouldExceed) {
  EXPECT_THAT(complaint_about(with_rules("  - {id: d, test: score_drift, max_flips: 100 %}")),
              HasSubstr("`max_flips` must be 0 % or more and less than 100 %, which nothing could exceed"));
}

TEST(LoadPolicy, ReadsEveryRuleInOrder) {
  const Policy policy = loaded(kWakeWord);
  EXPECT_EQ(policy.name, "wake-word-release");
  EXPECT_EQ(policy.digest, sha256(std::string_view(kWakeWord)));
  EXPECT_NEAR(policy.alpha, 0.025, 1e-12);
  std::vector<std::string> ids, tests;
  std::vector<Severity> severities;
  for (const PolicyRule& rule : policy.rules) {
    ids.push_back(rule.id);
    tests.push_back(rule.test);
    severities.push_back(rule.severity);
  }
  EXPECT_THAT(ids, ElementsAre("accuracy", "worst-slice", "latency-p99", "arena", "golden", "no-faults"));
  EXPECT_THAT(tests, ElementsAre("noninferiority", "worst_slice", "latency_quantile", "memory", "golden",
                                 "no_faults"));
  EXPECT_THAT(severities, ElementsAre(Severity::critical, Severity::critical, Severity::critical,
                                      Severity::major, Severity::minor, Severity::critical));
}

TEST(LoadPolicy, TakesFivePercentWhenNoLevelIsGiven) {
  EXPECT_EQ(loaded(with_rules("  - {id: a, test: no_faults}\n")).alpha, 0.05);
}

TEST(LoadPolicy, NamesTheNearestTest) {
  EXPECT_THAT(
      complaint_about(with_rules("  - {id: a, test: worst_slices, over: x, margin: 2 %}\n")),
      AllOf(HasSubstr("gate.yaml:3"), HasSubstr("worst_slices"), HasSubstr("did you mean `worst_slice`")));
}

TEST(LoadPolicy, NamesTheMissingMargin) {
  EXPECT_THAT(complaint_about(with_rules("  - {id: a, test: noninferiority}\n")), HasSubstr("margin"));
}

TEST(LoadPolicy, RefusesAMisspeltKey) {
  EXPECT_THAT(complaint_about(with_rules("  - {id: a, test: golden, max_lbs: 1}\n")),
              AllOf(HasSubstr("max_lbs"), HasSubstr("max_lsb")));
}

TEST(LoadPolicy, RefusesTwoRulesWithOneId) {
  EXPECT_THAT(complaint_about(with_rules("  - {id: a, test: no_faults}\n  - {id: a, test: golden}\n")),
              AllOf(HasSubstr("gate.yaml:4"), HasSubstr("two rules `a`")));
}

TEST(LoadPolicy, RefusesAPolicyThatCouldNeverStopARelease) {
  EXPECT_THAT(complaint_about("policy: p\nrules: []\n"), HasSubstr("no rule could stop a release"));
  EXPECT_THAT(complaint_about(with_rules("  - {id: a, test: no_faults, severity: minor}\n")),
              HasSubstr("no rule could stop a release"));
  EXPECT_NE(complaint_about("policy: p\n"), "no error");
}

TEST(LoadPolicy, RefusesAnErrorLevelThatProvesNothing) {
  EXPECT_THAT(complaint_about("alpha: 0 %\n" + with_rules("  - {id: a, test: no_faults}\n")),
              HasSubstr("error level"));
  EXPECT_THAT(complaint_about("alpha: 50 %\n" + with_rules("  - {id: a, test: no_faults}\n")),
              HasSubstr("error level"));
}

TEST(LoadPolicy, WithoutSamplingTheWholeSetIsLookedAtOnce) {
  const std::string rules = with_rules("  - {id: a, test: no_faults}\n");
  EXPECT_EQ(loaded(rules).sampling.stop, StopRule::never);
  EXPECT_EQ(loaded("sampling: {min_vectors: 100}\n" + rules).sampling.stop, StopRule::e_process);
  EXPECT_THAT(complaint_about("sampling: {stop: sometimes}\n" + rules), HasSubstr("e-process"));
}

TEST(Registry, KnowsARuleByEveryFileInRules) {
  EXPECT_THAT(rule_names(),
              UnorderedElementsAre("noninferiority", "worst_slice", "latency_quantile", "memory", "golden",
                                   "no_faults", "disparity", "auc", "score_drift", "latency_shift", "stress",
                                   "energy", "battery_life", "flakiness", "accuracy"));
}

}  // namespace
}  // namespace tinyhil::gate
