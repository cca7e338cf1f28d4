// SPDX-License-Identifier: Apache-2.0
#include "not_shown.hpp"

#include <gmock/gmock.h>

#include "attested.hpp"
#include "testing/report_sample.hpp"

namespace tinyhil::report {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> lines(const test::ReportSample& sample) {
  std::vector<std::string> lines;
  for (const NotShown& one : not_shown(sample.report())) lines.push_back(one.topic + ": " + one.why);
  return lines;
}

Check left_out(const char* subject) {
  Check check;
  check.subject = subject;
  check.outcome = Outcome::pass;
  return check;
}

TEST(NotShown, NamesTheEmulatedBoardAndWhatNobodyMeasured) {
  EXPECT_THAT(
      lines(test::wake_word_sample()),
      AllOf(
          Contains("silicon: board m4 is emulated"), Contains("other boards: one board was measured"),
          Contains("energy: it was not measured"), Contains(HasSubstr("other inputs: ")),
          Contains("latency of the product: Emulated board: latency is instruction-count time, not silicon."),
          Not(Contains(HasSubstr("accuracy: no rule")))));
}

TEST(NotShown, SaysNothingAboutSiliconOnARealBoard) {
  test::ReportSample sample = test::wake_word_sample();
  for (Scorecard& card : sample.scorecards) card.info.board.provenance = Provenance::real;
  EXPECT_THAT(lines(sample), AllOf(Not(Contains(HasSubstr("silicon"))), Contains(HasSubstr("other boards"))));
}

TEST(NotShown, NamesEachQuantityThatNoRuleLooksAt) {
  test::ReportSample sample = test::wake_word_sample();
  for (Verdict& verdict : sample.verdicts)
    std::erase_if(verdict.findings, [](const Finding& finding) { return finding.kind != "golden"; });
  EXPECT_THAT(lines(sample), AllOf(Contains("accuracy: no rule of the policy looks at it"),
                                   Contains("latency: no rule of the policy looks at it"),
                                   Contains("memory: no rule of the policy looks at it"),
                                   Not(Contains(HasSubstr("outputs as computed beforehand")))));
}

TEST(NotShown, NamesGroupsThatThePolicyLeavesOutAndSlicesThatNoRuleLooksAt) {
  test::ReportSample sample = test::wake_word_sample();
  sample.vectors.slices.push_back({"voice", {"a"}, {}});
  sample.verdicts[0].findings[0].checks.push_back(left_out("accent = welsh"));
  EXPECT_THAT(lines(sample),
              AllOf(Contains("small groups: too few vectors, left out by the policy: accent = welsh"),
                    Contains("slices: no rule looks at sex, noise, voice")));
}

TEST(NotShown, CountsBoardsAndVectorsThatWereNotRun) {
  test::ReportSample sample = test::wake_word_sample();
  sample.run.boards = {"a", "b"};
  sample.scorecards[1].drawn = 300;
  EXPECT_THAT(lines(sample), AllOf(Contains("other boards: 2 boards were measured"),
                                   Contains(HasSubstr("was run on 300 of 1,200"))));
}

TEST(NotShown, IsEmptyWhereNothingWasJudged) { EXPECT_THAT(lines(test::empty_sample()), IsEmpty()); }

TEST(EarlierRuns, AreCountedAndSayHowTheyEnded) {
  test::ReportSample sample = test::wake_word_sample();
  sample.run.models = {{"v1", {}, false, 0, {}},
                       {"v2", {}, true, 0, {}},
                       {"v3", {}, true, 2, {"fail", "not finished"}},
                       {"v4", {}, true, 30, {"fail"}}};
  EXPECT_THAT(earlier_runs_of(sample.report()),
              ElementsAre("v2: run 1 of it on these vectors",
                          "v3: run 3 of it on these vectors; the earlier ones ended: fail, not finished",
                          "v4: run 31 of it on these vectors; the earlier ones ended: ..., fail"));
}

TEST(EarlierRuns, AreInEveryFormatForPeople) {
  test::ReportSample sample = test::wake_word_sample();
  sample.run.models = {{"v2-wide", {}, true, 1, {"fail"}}};
  const std::string line = "v2-wide: run 2 of it on these vectors; the earlier one ended: fail";
  EXPECT_THAT(render_html(sample.report()), HasSubstr(line));
  EXPECT_THAT(render_markdown(sample.report()), HasSubstr(line));
  EXPECT_THAT(render_json(sample.report()), HasSubstr(R"("earlier":1,"earlier_ended":["fail"])"));
}

TEST(Retries, AreInEveryFormatAndNowhereWhenThereWereNone) {
  test::ReportSample sample = test::wake_word_sample();
  const Report report = sample.report();
  EXPECT_THAT(render_json(report), testing::Not(HasSubstr("failed_attempts")));
  EXPECT_THAT(render_junit(report), testing::Not(HasSubstr("failed_attempt")));
  sample.run.failed_attempts = {{{"m4", "m7"}, "bench", "the port is gone"}};
  const std::string line = "tried again: an attempt on m4, m7 failed, of the bench: the port is gone";
  EXPECT_THAT(render_html(report), HasSubstr(line));
  EXPECT_THAT(render_markdown(report), HasSubstr(line));
  EXPECT_THAT(render_junit(report), HasSubstr(line));
  EXPECT_THAT(render_detail({report, {}, {}, "", "", {}}), HasSubstr("the port is gone"));
  EXPECT_THAT(
      render_json(report),
      HasSubstr(R"("failed_attempts":[{"boards":["m4","m7"],"class":"bench","what":"the port is gone"}])"));
}

TEST(NotShown, IsInEveryFormatForPeople) {
  EXPECT_THAT(render_html(test::wake_word_sample().report()), HasSubstr("board m4 is emulated"));
  EXPECT_THAT(render_markdown(test::wake_word_sample().report()),
              HasSubstr("- silicon: board m4 is emulated\n"));
  EXPECT_THAT(render_json(test::wake_word_sample().report()),
              HasSubstr(R"({"topic":"silicon","why":"board m4 is emulated"})"));
}

TEST(Order, SaysWhereItsSeedIsFrom) {
  RunRecord run;
  EXPECT_EQ(order_of(run), "");
  run.sampling = RunSampling{};
  run.order_seed = 7;
  run.seed_origin = SeedOrigin::drawn;
  EXPECT_EQ(order_of(run), "seed 7, drawn after the models were stored");
  run.seed_origin = SeedOrigin::chosen;
  EXPECT_EQ(order_of(run), "seed 7, chosen by the policy");
}

}  // namespace
}  // namespace tinyhil::report
