// SPDX-License-Identifier: Apache-2.0
#include "waiver.hpp"
#include "model/exit_code.hpp"

#include <gmock/gmock.h>

#include "testing/complaint.hpp"
#include "testing/evidence.hpp"
#include "testing/folder.hpp"

namespace tinyhil::gate {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kRules = R"(policy: release
rules:
  - {id: accuracy, test: noninferiority, margin: 2 %}
  - {id: slices, test: worst_slice, over: [accent], margin: 6 %}
  - {id: arena, test: memory, metric: arena_used, limit: 1 KiB}
  - {id: golden, test: golden}
  - {id: no-faults, test: no_faults}
waivers:
)";

constexpr const char* kArena =
    "  - {rule: arena, reason: ECO-118, owner: j.doe, approved_by: qa-lead, expires: 2027-03-31, max_excess: "
    "100 B}\n";

Policy policy_with(const std::string& waivers) {
  const test::TestFolder folder;
  return load_policy(folder.write("gate.yaml", kRules + waivers));
}

std::string complaint_about_waivers(const std::string& waivers) {
  const test::TestFolder folder;
  const auto file = folder.write("gate.yaml", kRules + waivers);
  return test::complaint([&] { load_policy(file); }, folder.path());
}

std::string with(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

Moment at(const char* text) { return *parse_moment(text); }

// 400 equal vectors; the arena is `arena` bytes.
test::TestCase whole_case(std::uint32_t arena) {
  test::TestCase made = test::comparable_case();
  made.vectors.slices = {{"accent", {"south", "north"}, {}}};
  made.add_pairs(0, 0, 300, 0);
  made.add_pairs(0, 0, 300, 1);
  made.candidate.info.arena_used = arena;
  made.baseline.info.arena_used = arena;
  made.candidate.golden = GoldenScore{600, 0, 0, {}};
  return made;
}

Verdict judged_waiving(const test::TestCase& made, const std::string& waivers,
                       const char* now = "2026-11-23T12:00:00Z") {
  return judge(policy_with(waivers), made.facts(), at(now));
}

Finding finding_of(const Verdict& verdict, const std::string& rule) {
  for (const Finding& finding : verdict.findings) {
    if (finding.rule == rule) return finding;
  }
  ADD_FAILURE() << rule;
  return {};
}

TEST(Waiver, TurnsAFailIntoWaivedAndSaysWhoAnswersForIt) {
  const Verdict verdict = judged_waiving(whole_case(1100), kArena);
  EXPECT_EQ(verdict.outcome, Outcome::waived);
  EXPECT_EQ(exit_code(verdict.outcome), ExitCode::waived);
  EXPECT_EQ(verdict.judged_at, "2026-11-23T12:00:00Z");
  EXPECT_THAT(verdict.reason, StartsWith("arena: waived until 2027-03-31 (owner j.doe, approved by qa-lead: "
                                         "ECO-118): arena_used is 1100 B"));
  const Finding finding = finding_of(verdict, "arena");
  EXPECT_EQ(finding.checks.at(0).outcome, Outcome::waived);
  ASSERT_EQ(finding.waivers.size(), 1u);
  EXPECT_TRUE(finding.waivers[0].applied);
  EXPECT_FALSE(finding.waivers[0].expires_soon);
}

TEST(Waiver, IsNotAskedWhenTheRulePasses) {
  const Verdict verdict = judged_waiving(whole_case(1024), kArena);
  EXPECT_EQ(verdict.outcome, Outcome::pass);
  EXPECT_TRUE(finding_of(verdict, "arena").waivers.empty());
}

TEST(Waiver, HoldsThroughItsLastDayAndNotOneSecondLonger) {
  const test::TestCase made = whole_case(1100);
  EXPECT_EQ(judged_waiving(made, kArena, "2027-03-31T00:00:00Z").outcome, Outcome::waived);
  EXPECT_EQ(judged_waiving(made, kArena, "2027-03-31T23:59:59Z").outcome, Outcome::waived);
  const Verdict after = judged_waiving(made, kArena, "2027-04-01T00:00:00Z");
  EXPECT_EQ(after.outcome, Outcome::fail);
  EXPECT_THAT(after.reason, HasSubstr("the waiver of j.doe does not apply: it expired on 2027-03-31"));
}

TEST(Waiver, TellsThatItExpiresWithinTwoWeeks) {
  const test::TestCase made = whole_case(1100);
  EXPECT_THAT(judged_waiving(made, kArena, "2027-03-17T23:59:59Z").reason, Not(HasSubstr("expires in")));
  EXPECT_THAT(judged_waiving(made, kArena, "2027-03-18T00:00:00Z").reason, HasSubstr("expires in 14 days"));
  EXPECT_THAT(judged_waiving(made, kArena, "2027-03-30T12:00:00Z").reason, HasSubstr("expires in 1 day"));
  EXPECT_THAT(judged_waiving(made, kArena, "2027-03-31T12:00:00Z").reason, HasSubstr("expires today"));
}

TEST(Waiver, CoversNoMoreThanItsExcess) {
  EXPECT_EQ(judged_waiving(whole_case(1124), kArena).outcome, Outcome::waived);
  const Verdict beyond = judged_waiving(whole_case(1125), kArena);
  EXPECT_EQ(beyond.outcome, Outcome::fail);
  EXPECT_THAT(beyond.reason,
              HasSubstr("`arena_used` may be 101 B beyond the limit, and max_excess is 100 B"));
}

TEST(Waiver, HoldsTheFarEndOfTheIntervalAgainstItsExcess) {
  test::TestCase made = whole_case(1000);
  made.add_pairs(60, 0, 300, 0);  // 60 of 900 lost: 6.7 points worse, at most 8.2
  const std::string waiver = with(with(kArena, "rule: arena", "rule: accuracy"), "100 B", "5 %");
  EXPECT_EQ(finding_of(judged_waiving(made, waiver), "accuracy").outcome, Outcome::fail);
  EXPECT_EQ(finding_of(judged_waiving(made, with(waiver, "5 %", "6.5 %")), "accuracy").outcome,
            Outcome::waived);
}

TEST(Waiver, OfAnotherUnitSaysNothing) {
  const Verdict verdict = judged_waiving(whole_case(1100), with(kArena, "100 B", "[50 %, 20 ms]"));
  EXPECT_EQ(verdict.outcome, Outcome::fail);
  EXPECT_THAT(verdict.reason, HasSubstr("its max_excess says nothing of `arena_used`, which is in B"));
}

TEST(Waiver, HoldsOnlyWithinItsScope) {
  const test::TestCase made = whole_case(1100);
  const auto scoped = [](const std::string& scope) {
    return with(kArena, "rule: arena", "rule: arena, scope: {" + scope + "}");
  };
  EXPECT_EQ(judged_waiving(made, scoped("board: m4, board_kind: nucleo-l4r5zi, candidate: slim")).outcome,
            Outcome::waived);
  for (const char* other : {"board: m7", "board_kind: mps2-an386", "candidate: quick"}) {
    const Verdict verdict = judged_waiving(made, scoped(other));
    EXPECT_EQ(verdict.outcome, Outcome::fail) << other;
    EXPECT_THAT(verdict.reason, HasSubstr("does not apply: it is for")) << other;
  }
}

TEST(Waiver, OneOfSeveralIsEnough) {
  const std::string other = with(kArena, "rule: arena", "rule: arena, scope: {board: m7}");
  const Verdict verdict = judged_waiving(whole_case(1100), other + kArena);
  EXPECT_EQ(verdict.outcome, Outcome::waived);
  EXPECT_EQ(finding_of(verdict, "arena").waivers.size(), 2u);
}

TEST(Waiver, TurnsNoErrorIntoAnything) {
  const Verdict verdict = judged_waiving(whole_case(0), kArena);  // not measured
  EXPECT_EQ(finding_of(verdict, "arena").outcome, Outcome::error);
  EXPECT_TRUE(finding_of(verdict, "arena").waivers.empty());
}

TEST(Waiver, LeavesAnUndecidedSliceUndecided) {
  test::TestCase made = test::comparable_case();
  made.vectors.slices = {{"accent", {"south", "north"}, {}}};
  made.add_pairs(150, 0, 300, 0);
  made.add_pairs(0, 0, 10, 1);  // too few to say
  const std::string waiver = with(with(kArena, "rule: arena", "rule: slices"), "100 B", "60 %");
  const Finding finding = finding_of(judged_waiving(made, waiver), "slices");
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_THAT(finding.reason, HasSubstr("more are needed"));
  EXPECT_THAT(finding.reason, HasSubstr("what failed is waived until 2027-03-31"));
}

TEST(Waiver, DoesNotCoverACrashThatEndedTheTrial) {
  test::TestCase made = whole_case(1100);
  made.candidate.state = TrialState::faulted;
  made.candidate.fault = Fault{FaultKind::reset, "it restarted", ""};
  const Finding finding = finding_of(judged_waiving(made, kArena), "arena");
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_THAT(finding.reason, HasSubstr("does not apply"));
}

TEST(Waiver, NeedsTheRulesLeaveForGoldenOutputsAndFaults) {
  const std::string waiver = with(kArena, "rule: arena", "rule: golden");
  EXPECT_THAT(complaint_about_waivers(waiver),
              HasSubstr("rule `golden` cannot be waived; remove the waiver, or"));
  EXPECT_THAT(complaint_about_waivers(with(kArena, "rule: arena", "rule: no-faults")),
              HasSubstr("cannot be waived"));

  const test::TestFolder folder;
  const std::string policy =
      with(with(kRules, "test: golden", "test: golden, waivable: true") + waiver, "100 B", "1 %");
  test::TestCase made = whole_case(1000);
  made.candidate.golden = GoldenScore{600, 3, 1, {}};
  made.candidate.golden->by_lsb.assign(GoldenScore::kLsbMax + 2, 0);
  made.candidate.golden->by_lsb[1] = 3;
  made.candidate.golden->by_lsb[0] = 597;
  const Verdict verdict =
      judge(load_policy(folder.write("gate.yaml", policy)), made.facts(), at("2026-11-23T12:00:00Z"));
  EXPECT_EQ(finding_of(verdict, "golden").outcome, Outcome::waived);
}

TEST(Waiver, CanBeForbiddenByAnyRule) {
  const test::TestFolder folder;
  const auto file =
      folder.write("gate.yaml", with(kRules, "test: memory", "test: memory, waivable: false") + kArena);
  EXPECT_THAT(test::complaint([&] { load_policy(file); }), HasSubstr("rule `arena` cannot be waived"));
}

TEST(ReadWaiver, WantsAnotherApproverThanTheOwner) {
  EXPECT_THAT(complaint_about_waivers(with(kArena, "qa-lead", "j.doe")), HasSubstr("cannot approve it"));
  EXPECT_THAT(complaint_about_waivers(with(kArena, "qa-lead", "' J.Doe '")), HasSubstr("cannot approve it"));
}

TEST(ReadWaiver, WantsARuleThatThereIs) {
  EXPECT_THAT(complaint_about_waivers(with(kArena, "rule: arena", "rule: arna")),
              HasSubstr("gate.yaml:9: the policy has no rule `arna`; did you mean `arena`"));
}

TEST(ReadWaiver, WantsADayThatExists) {
  for (const char* day : {"2027-02-29", "31.03.2027", "2027-3-31", "never"}) {
    EXPECT_THAT(complaint_about_waivers(with(kArena, "2027-03-31", day)), HasSubstr("is no day")) << day;
  }
}

TEST(ReadWaiver, WantsABoundWithUnit) {
  EXPECT_THAT(complaint_about_waivers(with(kArena, ", max_excess: 100 B", "")),
              HasSubstr("`max_excess` is missing"));
  for (const char* amount : {"5", "lots", "-1 B", "5 %%", "nan B"}) {
    EXPECT_THAT(complaint_about_waivers(with(kArena, "100 B", amount)), HasSubstr("is no amount")) << amount;
  }
  EXPECT_THAT(complaint_about_waivers(with(kArena, "100 B", "[1 KiB, 2 KiB]")), HasSubstr("the same unit"));
  EXPECT_EQ(policy_with(with(kArena, "100 B", "3 LSB")).waivers.at(0).max_excess.at(0).unit, Unit::lsb);
}

TEST(ReadWaiver, RefusesAMisspeltKeyAndAForgottenOwner) {
  EXPECT_THAT(complaint_about_waivers(with(kArena, "owner", "ovner")), HasSubstr("did you mean `owner`"));
  EXPECT_THAT(complaint_about_waivers(with(kArena, "rule: arena", "rule: arena, scope: {bord: m4}")),
              HasSubstr("did you mean `board`"));
  EXPECT_THAT(complaint_about_waivers(with(kArena, "owner: j.doe, ", "")),
              HasSubstr("key `owner` is missing"));
}

TEST(ExcessOf, IsNothingWithoutALimit) {
  Check check;
  check.outcome = Outcome::fail;
  check.estimate = 3;
  EXPECT_FALSE(excess_of(check));
  check.limit = 2;
  EXPECT_EQ(excess_of(check), 1.0);
  check.interval = Interval{2.5, 4.5};
  EXPECT_EQ(excess_of(check), 2.5);
}

}  // namespace
}  // namespace tinyhil::gate
