// SPDX-License-Identifier: Apache-2.0
// What a run outlived, and how it was run, in every format.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "testing/report_sample.hpp"

namespace tinyhil::report {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(FaultsPage, TellsWhatTheRunOutlivedVectorByVector) {
  const std::string page = render_html(test::crash_sample().report());
  EXPECT_THAT(page, AllOf(HasSubstr("The device crashed or hung 3 times, and the run went on."),
                          HasSubstr("vector 17, <strong class=\"\">timeout</strong>: no result within 10 s"),
                          HasSubstr("vector 803, <strong class=\"\">reset</strong>"),
                          HasSubstr("HardFault: pc=0x00003a5e")));
}

TEST(FaultsPage, NamesTheQuarantinedVectors) {
  EXPECT_THAT(render_html(test::crash_sample().report()),
              HasSubstr("1 vector is quarantined, the device crashed or hung twice on it: 803. "));
}

TEST(FaultsPage, KeepsApartWhatWasNotTheDevices) {
  test::ReportSample sample = test::crash_sample();
  sample.scorecards.resize(1);  // the baseline
  EXPECT_THAT(render_html(sample.report()),
              AllOf(HasSubstr("1 trouble that was not shown to be the device&#39;s"),
                    HasSubstr("reset cause: pin"), Not(HasSubstr("and the run went on"))));
}

TEST(FaultsPage, IsNotThereWhenNothingHappened) {
  EXPECT_THAT(render_html(test::wake_word_sample().report()), Not(HasSubstr("id=\"faults\"")));
}

TEST(FaultsPage, StaysShortHoweverMuchHappened) {
  test::ReportSample sample = test::crash_sample();
  sample.scorecards[1].survived.assign(
      2000, {{FaultKind::reset, "again", std::string(10'000, 'x')}, VectorNumber{1}, true});
  for (std::uint32_t vector = 0; vector < 100'000; ++vector)
    sample.scorecards[1].quarantined.push_back(vector);
  const std::string page = render_html(sample.report());
  EXPECT_LT(page.size(), 150'000u);
  EXPECT_THAT(page, AllOf(HasSubstr("and 1,988 more in report.json"), HasSubstr("99,991 more.")));
  EXPECT_LT(render_markdown(sample.report()).size(), 65'536u);
}

TEST(GoldenPage, SaysThatAQuarantinedInferenceGaveNoOutput) {
  EXPECT_THAT(render_html(test::crash_sample().report()),
              HasSubstr("bit-exact in all 2,398 inferences; 2 gave no output"));
}

TEST(LatencyPage, SaysHowManyTimingsWereDisturbed) {
  EXPECT_THAT(render_html(test::crash_sample().report()),
              HasSubstr("3 left out: bytes arrived or something else ran meanwhile"));
}

TEST(LatencyPage, SaysWhyThroughputModeHasNone) {
  test::ReportSample sample = test::wake_word_sample();
  for (Scorecard& card : sample.scorecards) {
    card.info.mode = RunMode::throughput;
    card.latency.sorted.clear();
  }
  EXPECT_THAT(render_html(sample.report()),
              HasSubstr("Not measured: in throughput mode transfer and inference overlap."));
}

TEST(ProvenancePage, SaysHowTheModelWasRun) {
  test::ReportSample sample = test::wake_word_sample();
  sample.scorecards[1].info.mode = RunMode::throughput;
  sample.scorecards[1].info.top_k = 3;
  EXPECT_THAT(render_html(sample.report()),
              AllOf(HasSubstr("<dd>measure</dd>"), HasSubstr("<dd>whole outputs</dd>"),
                    HasSubstr("<dd>throughput</dd>"), HasSubstr("<dd>the 3 largest elements</dd>"),
                    HasSubstr("the 3 largest elements: bit-exact in all 1,200 inferences")));
}

TEST(Comment, TellsWhatTheRunOutlived) {
  EXPECT_THAT(render_markdown(test::crash_sample().report()),
              AllOf(HasSubstr("**v4-int4**: 1 vector is quarantined"),
                    HasSubstr("**v4-int4**: The device crashed or hung 3 times, and the run went on."),
                    HasSubstr("**v1-shipped**: 1 trouble that was not shown to be the device's"),
                    HasSubstr(" | measure | ")));
}

TEST(JUnit, HoldsModeFaultsAndQuarantineAsProperties) {
  EXPECT_THAT(render_junit(test::crash_sample().report()),
              AllOf(HasSubstr("<property name=\"mode\" value=\"measure\"/>"),
                    HasSubstr("<property name=\"survived_faults\" value=\"4\"/>"),
                    HasSubstr("<property name=\"quarantined_vectors\" value=\"1\"/>")));
}

TEST(ReportJson, HoldsEverySurvivedFault) {
  const nlohmann::json card =
      nlohmann::json::parse(render_json(test::crash_sample().report()))["scorecards"][1];
  ASSERT_EQ(card["survived_faults"].size(), 4u);
  EXPECT_EQ(card["survived_faults"][0]["vector"], 17);
  EXPECT_EQ(card["survived_faults"][0]["fault"]["kind"], "timeout");
  EXPECT_EQ(card["survived_faults"][0]["of_the_device"], true);
  EXPECT_TRUE(card["survived_faults"][3]["vector"].is_null());
  EXPECT_EQ(card["survived_faults"][3]["of_the_device"], false);
  EXPECT_EQ(card["quarantined_vectors"], nlohmann::json::parse("[803]"));
  EXPECT_EQ(card["quarantined_inferences"], 2);
  EXPECT_EQ(card["latency"]["disturbed"], 3);
  EXPECT_EQ(card["trial"]["mode"], "measure");
  EXPECT_EQ(card["trial"]["top_k"], 0);
}

}  // namespace
}  // namespace tinyhil::report
