// SPDX-License-Identifier: Apache-2.0
// Shape and types are checked against the schema in report_schema_test.py; here, that no number changes.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "testing/report_sample.hpp"

namespace tinyhil::report {
namespace {

nlohmann::json parsed(const test::ReportSample& sample) {
  return nlohmann::json::parse(render_json(sample.report()));
}

TEST(ReportJson, KeepsDoublesBitForBit) {
  test::ReportSample sample = test::wake_word_sample();
  sample.verdicts[0].findings[0].checks[0].estimate = 0.1 + 0.2;
  sample.verdicts[0].findings[0].checks[0].interval = Interval{-1.0 / 3.0, 5e-324};
  const nlohmann::json check = parsed(sample)["verdicts"][0]["findings"][0]["checks"][0];
  EXPECT_EQ(check["estimate"].get<double>(), 0.1 + 0.2);
  EXPECT_EQ(check["interval"]["low"].get<double>(), -1.0 / 3.0);
  EXPECT_EQ(check["interval"]["high"].get<double>(), 5e-324);
}

TEST(ReportJson, KeepsCountsBeyondADouble) {
  test::ReportSample sample = test::wake_word_sample();
  sample.verdicts[0].findings[0].checks[0].n = 9'007'199'254'740'993;
  EXPECT_EQ(parsed(sample)["verdicts"][0]["findings"][0]["checks"][0]["n"].get<std::uint64_t>(),
            9'007'199'254'740'993u);
}

TEST(ReportJson, WritesNullForWhatIsAbsentOrNotANumber) {
  const nlohmann::json checks = parsed(test::hostile_sample())["verdicts"][0]["findings"][1]["checks"];
  EXPECT_TRUE(checks[1]["estimate"].is_null());
  EXPECT_TRUE(checks[1]["interval"].is_null());
  EXPECT_TRUE(checks[2]["estimate"].is_null());
  EXPECT_TRUE(checks[3]["interval"]["high"].is_null());
}

TEST(ReportJson, SaysWhatWouldChangeACheckAndWhatItCosts) {
  const nlohmann::json checks = parsed(test::wake_word_sample())["verdicts"][1]["findings"][1]["checks"];
  EXPECT_EQ(checks[4]["more_vectors"], 64);
  EXPECT_EQ(checks[4]["more_seconds"], 3.1);
  EXPECT_EQ(checks[4]["allowed"], "at least");
  EXPECT_EQ(checks[3]["would_change"],
            "would pass with a limit of -18.1 points; its lower bound is 13 points off");
  EXPECT_TRUE(checks[3]["more_seconds"].is_null());
}

TEST(ReportJson, HoldsTheWholeLatencyDistributionInTicks) {
  const nlohmann::json latency = parsed(test::wake_word_sample())["scorecards"][2]["latency"];
  EXPECT_EQ(latency["n"], 2400);
  EXPECT_EQ(latency["distribution"], nlohmann::json::parse("[[261480,2360],[261512,34],[261544,6]]"));
  EXPECT_EQ(latency["ticks"],
            nlohmann::json::parse(R"({"p50":261480,"p90":261480,"p99":261512,"max":261544})"));
}

TEST(ReportJson, CarriesTheExitCodeOfEachVerdict) {
  const nlohmann::json verdicts = parsed(test::hostile_sample())["verdicts"];
  EXPECT_EQ(verdicts[0]["exit_code"], 0);
  EXPECT_EQ(verdicts[1]["exit_code"], 5);
  EXPECT_EQ(verdicts[2]["exit_code"], 3);
  EXPECT_EQ(verdicts[3]["exit_code"], 1);
  EXPECT_EQ(verdicts[4]["exit_code"], 4);
}

TEST(ReportJson, TellsAnUnreadDigestFromADigest) {
  EXPECT_TRUE(parsed(test::empty_sample())["scorecards"][0]["trial"]["board"]["image_digest"].is_null());
  EXPECT_EQ(parsed(test::wake_word_sample())["vectors"]["digest"],
            test::wake_word_sample().vectors.digest.hex());
}

TEST(ReportJson, CarriesWhatTheControlSaid) {
  EXPECT_EQ(parsed(test::wake_word_sample())["verdicts"][0]["control"],
            "A/A control: 64 vectors run twice by the baseline, outputs equal, latency shift 0 us");
}

}  // namespace
}  // namespace tinyhil::report
