// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/report_sample.hpp"

namespace tinyhil::report {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(Page, PutsTheVerdictBeforeEverythingElse) {
  const std::string page = render_html(test::wake_word_sample().report());
  EXPECT_LT(page.find("<strong class=\"\">fail</strong>"), page.find("id=\"rules\""));
  EXPECT_THAT(page, HasSubstr("<title>wake_word: v3-pruned fails, v2-wide passes</title>"));
  EXPECT_THAT(page, HasSubstr("<h1 class=\"\">wake_word: v3-pruned fails, v2-wide passes</h1>"));
}

TEST(Page, ShowsTheRuleThatDecidedAndItsPictureInTheVerdict) {
  const std::string page = render_html(test::wake_word_sample().report());
  const std::string fail = page.substr(page.find("<article class=\"verdict fail\">"));
  const std::string card = fail.substr(0, fail.find("</article>"));
  EXPECT_THAT(card,
              AllOf(HasSubstr("decided by </span>accuracy"), HasSubstr("<figure class=\"picture narrow\">"),
                    HasSubstr("<title>all vectors: fail; −3.00 pts, interval −3.94 to −2.11 pts"),
                    HasSubstr("would pass with a limit of -4 points")));
  EXPECT_THAT(page, HasSubstr("closest to its limit: </span>memory"));
}

TEST(Page, SaysOfEachRuleWhatWouldChangeIt) {
  const std::string page = render_html(test::wake_word_sample().report());
  EXPECT_THAT(page,
              AllOf(HasSubstr("about 64 more vectors of accent = nigerian would be expected to decide"),
                    HasSubstr("would stop passing if the value seen were above 20 ms, 9.53 ms from here")));
}

TEST(Page, ShowsEveryOutcomeByWordAndSymbol) {
  const std::string page = render_html(test::hostile_sample().report());
  for (const std::string outcome : {"pass", "fail", "inconclusive", "error", "waived"}) {
    EXPECT_THAT(page, HasSubstr("<article class=\"verdict " + outcome + "\">"));
    EXPECT_THAT(page, HasSubstr("<strong class=\"\">" + outcome + "</strong>"));
    EXPECT_THAT(page, HasSubstr("href=\"#o-" + outcome + "\""));
  }
}

TEST(Page, ListsARuleThatOnlyWarnsAfterThoseThatDecide) {
  test::ReportSample sample = test::hostile_sample();
  sample.verdicts = {
      sample.verdicts[2]};  // a minor fail, a critical inconclusive, a major pass, in this order
  const std::string page = render_html(sample.report());
  const std::size_t warns = page.find("<span class=\"name\">warns</span>");
  EXPECT_LT(page.find("<article class=\"finding inconclusive\">"), warns);
  EXPECT_LT(warns, page.find("<span class=\"name\">quiet</span>"));
}

TEST(Page, TellsFirstWhatIsWaivedAndWhoAnswersForIt) {
  test::ReportSample sample = test::wake_word_sample();
  Finding& late = sample.verdicts[0].findings.back();
  late.rule = "late";
  late.outcome = Outcome::waived;
  late.waivers = {{false, "ECO-117", "a.roe", "qa-lead", "2026-01-01", false, "it expired on 2026-01-01"},
                  {true, "ECO-118", "j.doe", "qa-lead", "2027-03-31", true, ""}};
  const std::string page = render_html(sample.report());
  const std::string banner =
      "<b class=\"\">v2-wide, late</b>: owner j.doe, approved by qa-lead, <b class=\"\">valid through "
      "2027-03-31, "
      "soon over</b>: ECO-118";
  EXPECT_THAT(page, AllOf(HasSubstr(banner),
                          HasSubstr("Waiver not applied, it expired on 2026-01-01: </b>owner a.roe")));
  EXPECT_LT(page.find(banner), page.find("<article class=\"verdict"));
  EXPECT_LT(page.find("<span class=\"name\">late</span>"),
            page.rfind("<span class=\"name\">accuracy</span>"));  // of the same candidate
}

TEST(Page, NeedsNoScriptAndNoNetwork) {
  const std::string page = render_html(test::wake_word_sample().report());
  EXPECT_THAT(page, AllOf(Not(HasSubstr("<script")), Not(HasSubstr("http")), Not(HasSubstr("@import")),
                          Not(HasSubstr("src="))));
  EXPECT_EQ(test::count_of(page, "url("), test::count_of(page, "url(#hatch)"));  // of the page itself
}

TEST(Page, EscapesEveryStringThatCameFromOutside) {
  const std::string page = render_html(test::hostile_sample().report());
  EXPECT_THAT(page, AllOf(Not(HasSubstr("<script")), Not(HasSubstr("<b>\"")), Not(HasSubstr("acc<ent>")),
                          Not(HasSubstr("\x01")), Not(HasSubstr("\xFF"))));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;co&#39;"));
}

TEST(Page, NeverDrawsWhatIsNotANumber) {
  const std::string page = render_html(test::hostile_sample().report());
  EXPECT_THAT(page, AllOf(Not(HasSubstr("\"nan")), Not(HasSubstr("\"-nan")), Not(HasSubstr("\"inf"))));
}

TEST(Page, SaysPlainlyThatEmulatedLatencyIsNotSilicon) {
  EXPECT_THAT(render_html(test::wake_word_sample().report()),
              HasSubstr("Emulated board: latency is instruction-count time, not silicon."));
}

TEST(Page, SaysNothingOfTheKindForARealBoard) {
  test::ReportSample sample = test::wake_word_sample();
  for (Scorecard& card : sample.scorecards) card.info.board.provenance = Provenance::real;
  EXPECT_THAT(render_html(sample.report()), AllOf(Not(HasSubstr("silicon")), HasSubstr("real board")));
}

TEST(Page, DrawsOneSpikeForOneDistinctLatency) {
  test::ReportSample sample = test::wake_word_sample();
  sample.scorecards = {sample.scorecards[1]};
  const std::string page = render_html(sample.report());
  EXPECT_EQ(test::count_of(page, "class=\"spike\""), 1u);
  EXPECT_THAT(
      page, AllOf(HasSubstr("p50 = p99 = max"), HasSubstr("one distinct value"), HasSubstr("341,204 ticks")));
}

TEST(Page, BinsManyDistinctLatencies) {
  test::ReportSample sample = test::hostile_sample();
  sample.scorecards = {sample.scorecards[0]};  // 3,000 distinct values
  const std::size_t spikes = test::count_of(render_html(sample.report()), "class=\"spike\"");
  EXPECT_GT(spikes, 20u);
  EXPECT_LE(spikes, 72u);
}

TEST(Page, SaysWhatWasNotMeasured) {
  const std::string page = render_html(test::empty_sample().report());
  EXPECT_THAT(page, AllOf(HasSubstr("No candidate was judged."), HasSubstr("No latency was measured."),
                          HasSubstr("no golden outputs named"), HasSubstr("No predictions."),
                          HasSubstr("not measured"), HasSubstr("The trial is interrupted")));
}

TEST(Page, SaysThatABoardCannotMeasureLatency) {
  test::ReportSample sample = test::wake_word_sample();
  sample.scorecards[1].latency = {};
  EXPECT_THAT(render_html(sample.report()), HasSubstr("This board has no clock that can measure latency."));
}

TEST(Page, ClaimsNoProvenanceForADeviceThatNeverIdentifiedItself) {
  EXPECT_THAT(render_html(test::empty_sample().report()),
              AllOf(HasSubstr("did not identify itself"), Not(HasSubstr("real board"))));
}

TEST(Page, TellsTheFaultAndItsEvidence) {
  EXPECT_THAT(
      render_html(test::hostile_sample().report()),
      AllOf(HasSubstr("The device restarted at vector 17 &amp; &lt;hung&gt;."), HasSubstr("pc=0x0800␀ lr")));
}

TEST(Page, NamesTheFirstGoldenMismatch) {
  EXPECT_THAT(render_html(test::hostile_sample().report()),
              AllOf(HasSubstr("13 of 900 inferences differ, by at most 2 LSB"),
                    HasSubstr("first at vector 17, element 1: expected -12, got -11")));
}

TEST(Page, GivesTheReasonInPlaceOfAnAbsentEstimate) {
  const std::string page = render_html(test::hostile_sample().report());
  EXPECT_THAT(page, HasSubstr("<p class=\"note unmeasured\">no rows</p>"));
}

TEST(Page, ShadesTheSideThatALimitForbids) {
  test::ReportSample sample = test::wake_word_sample();
  sample.verdicts = {sample.verdicts[0]};
  sample.verdicts[0].findings.resize(1);  // passes above its limit: the left is forbidden
  EXPECT_THAT(render_html(sample.report()), HasSubstr("<rect class=\"forbidden\" x=\"0\""));
}

TEST(Page, MarksTheLowestSliceOfEachModelOnce) {
  EXPECT_EQ(test::count_of(render_html(test::wake_word_sample().report()), "class=\"lowest\""), 3u);
}

TEST(Page, PrintsDigestsInFull) {
  const test::ReportSample sample = test::wake_word_sample();
  const std::string page = render_html(sample.report());
  EXPECT_THAT(page, AllOf(HasSubstr(sample.scorecards[0].info.board.image.hex()),
                          HasSubstr(sample.scorecards[2].info.model_digest.hex()),
                          HasSubstr(sample.vectors.digest.hex()), HasSubstr(sample.run.policy_digest.hex())));
}

TEST(Page, StaysBoundedWithThousandsOfSlicesAndClasses) {
  test::ReportSample sample = test::wake_word_sample();
  Scorecard& card = sample.scorecards[0];
  card.slices.assign(5000, {"speaker", "", {9, 10, {0.6, 0.98}}});
  for (std::size_t i = 0; i < 5000; ++i) card.slices[i].value = "s" + std::to_string(i);
  card.classes.assign(1000, "class");
  card.confusion.assign(1'000'000, 1);
  sample.verdicts[1].findings[1].checks.assign(5000, sample.verdicts[1].findings[1].checks[0]);
  const std::string page = render_html(sample.report());
  EXPECT_LT(page.size(), 400'000u);
  EXPECT_THAT(page, AllOf(HasSubstr("4,940 more in report.json"), HasSubstr("lowest of 5,011 slices"),
                          HasSubstr("most frequent mistakes of 1,000 classes")));
}

TEST(Page, TellsTheControlOnceForAllCandidates) {
  const std::string page = render_html(test::wake_word_sample().report());
  EXPECT_EQ(test::count_of(page, "A/A control: 64 vectors run twice by the baseline, outputs equal"), 1u);
  EXPECT_LT(page.find("A/A control"), page.find("id=\"rules\""));
}

}  // namespace
}  // namespace tinyhil::report
