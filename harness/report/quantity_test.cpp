// SPDX-License-Identifier: Apache-2.0
// A quantity beside latency in every form of the report that tells of latency.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "testing/report_sample.hpp"

namespace tinyhil::report {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr Quantity kEnergy{"energy", "energies", Unit::microjoules, Unit::microjoules, "meter"};

test::ReportSample metered() {
  test::ReportSample sample = test::wake_word_sample();
  Measured energy;
  energy.quantity = kEnergy;
  energy.steps_per_base = 1'000'000'000;
  energy.sorted = {20'000, 20'000, 21'500};
  sample.scorecards[0].further = {energy};
  return sample;
}

TEST(QuantityReport, IsInTheJsonOnlyWhereItWasMeasured) {
  const auto cards = nlohmann::json::parse(render_json(metered().report()))["scorecards"];
  const auto energy = cards[0]["quantities"][0];
  EXPECT_EQ(energy["name"], "energy");
  EXPECT_EQ(energy["unit"], "uJ");
  EXPECT_EQ(energy["base"], "joules");
  EXPECT_EQ(energy["source"], "meter");
  EXPECT_EQ(energy["steps"]["max"], 21'500);
  EXPECT_EQ(energy["distribution"], nlohmann::json::parse("[[20000, 2], [21500, 1]]"));
  EXPECT_FALSE(cards[1].contains("quantities"));
}

TEST(QuantityReport, IsAFamilyOfItsOwnForMonitoring) {
  const std::string text = render_openmetrics(metered().report());
  EXPECT_THAT(text, HasSubstr("# UNIT tinyhil_energy_joules joules\n"));
  EXPECT_THAT(text, HasSubstr("# HELP tinyhil_energy_joules Energy of an inference at a quantile.\n"));
  EXPECT_THAT(text, HasSubstr("tinyhil_latency_seconds"));
  EXPECT_THAT(render_openmetrics(test::wake_word_sample().report()), Not(HasSubstr("joules")));
}

UncertainFigure figure(double value, double low, double high) { return {value, 1, {low, high}, {}}; }

TEST(EnergyReport, IsAGaugeWithItsIntervalByBoardMeterAndModel) {
  const test::ReportSample sample = test::wake_word_sample();
  Report report = sample.report();
  BoardEnergyFigures board;
  board.board = "m4";
  board.meter.driver = "ppk2";
  board.meter.simulated = true;
  board.meter.range_mode = "auto";
  board.meter.supply_v = 3;
  board.sleep_ua = figure(2.1, 2, 2.25);
  board.models.resize(2);
  board.models[0].model = "slim";
  board.models[0].gross = figure(38, 36, 40);
  board.models[1].model = "too short";  // nothing of it counts
  report.energies = {board};
  const std::string text = render_openmetrics(report);
  EXPECT_THAT(text, HasSubstr("# UNIT tinyhil_inference_energy_joules joules\n"));
  EXPECT_THAT(text, HasSubstr("board=\"m4\",meter=\"ppk2\",meter_range=\"auto\",supply_volts=\"3\","
                              "simulated=\"true\",model=\"slim\",energy=\"gross\",part=\"low\"} 3.6e-05\n"));
  EXPECT_THAT(text, HasSubstr("state=\"sleep\",part=\"estimate\"} 2.1e-06\n"));
  EXPECT_THAT(text, Not(HasSubstr("too short")));
  EXPECT_THAT(text, Not(HasSubstr("energy=\"net\"")));
  EXPECT_THAT(render_openmetrics(sample.report()), Not(HasSubstr("inference_energy")));
}

TEST(QuantityReport, IsDrawnOnThePage) {
  const std::string page = render_html(metered().report());
  EXPECT_THAT(page, HasSubstr(">Energy</h3>"));
  EXPECT_THAT(page, HasSubstr("This board has no meter that can measure energy."));
  EXPECT_THAT(render_html(test::wake_word_sample().report()), Not(HasSubstr(">Energy</h3>")));
}

}  // namespace
}  // namespace tinyhil::report
