// SPDX-License-Identifier: Apache-2.0
#include "energy.hpp"

#include <gmock/gmock.h>

#include "testing/recording.hpp"

namespace tinyhil::metric {
namespace {

using testing::ElementsAre;

// Ten inferences a window of 1e-4 C at 3 V, and of a tenth more, beside 1 mA awake.
Recording recorded() {
  Recording recording;
  recording.info = {"m4", test::bench_meter()};
  recording.end = {RecordingState::complete, {}, "traces/run-1-m4-1.trace"};
  recording.windows = {test::resting_window(WindowKind::sleep, 2e-6, 0.5),
                       test::resting_window(WindowKind::idle, 1e-3, 0.1),
                       test::inference_window("shipped", 3, 1e-4),
                       test::inference_window("slim", 3, 5e-5),
                       test::inference_window("slim", 8, 6e-5),
                       test::inference_window("shipped", 8, 1.1e-4)};
  return recording;
}

TEST(EnergyFigures, AreOfAnInferenceOfEachModel) {
  const Recording recording = recorded();
  const std::vector<BoardEnergyFigures> boards = energy_figures({&recording, 1}, {"shipped", "slim"});
  ASSERT_EQ(boards.size(), 1u);
  const ModelEnergy& shipped = boards[0].models.at(0);
  EXPECT_EQ(shipped.model, "shipped");
  EXPECT_EQ(shipped.windows, 2u);
  EXPECT_EQ(shipped.inferences, 20u);
  EXPECT_NEAR(shipped.gross->value, 31.5, 1e-9);
  EXPECT_NEAR(shipped.net->value, 31.5 - 6, 1e-9);  // 2 ms an inference at 1 mA and 3 V
  EXPECT_LT(shipped.gross->interval.low, 31.5);
  EXPECT_NEAR(shipped.lowest_uj, 30, 1e-9);
  EXPECT_NEAR(shipped.highest_uj, 33, 1e-9);
  EXPECT_NEAR(boards[0].models.at(1).gross->value, 16.5, 1e-9);
}

TEST(EnergyFigures, NameTheTermsOfTheirUncertainty) {
  const Recording recording = recorded();
  const UncertainFigure gross = *energy_figures({&recording, 1}, {"shipped"}).at(0).models.at(0).gross;
  double squares = 0;
  for (const UncertaintyTerm& term : gross.terms) squares += term.standard * term.standard;
  EXPECT_NEAR(squares, gross.standard * gross.standard, 1e-9);
  EXPECT_EQ(gross.terms.at(0).source, "gain");
  EXPECT_NEAR(gross.terms[0].standard, 31.5 * 0.15 / std::sqrt(3.0), 1e-9);
}

TEST(EnergyFigures, KnowTheCurrentsOfResting) {
  const Recording recording = recorded();
  const BoardEnergyFigures board = energy_figures({&recording, 1}, {"shipped"}).at(0);
  EXPECT_NEAR(board.sleep_ua->value, 2, 1e-9);
  EXPECT_NEAR(board.idle_ua->value, 1000, 1e-6);
  EXPECT_THAT(board.traces, ElementsAre("traces/run-1-m4-1.trace"));
}

TEST(EnergyFigures, SumLayersToTheInference) {
  const Recording recording = recorded();
  const ModelEnergy shipped = energy_figures({&recording, 1}, {"shipped"}).at(0).models.at(0);
  ASSERT_EQ(shipped.layers.size(), 3u);
  EXPECT_NEAR(shipped.layers[2].energy_uj, 31.5 * 10 / 16, 1e-9);
}

TEST(EnergyFigures, CountIncompleteWindowsAndSayWhy) {
  Recording recording = recorded();
  recording.windows[2].state = WindowState::incomplete;
  recording.windows[2].why = "640 samples are missing";
  const ModelEnergy shipped = energy_figures({&recording, 1}, {"shipped"}).at(0).models.at(0);
  EXPECT_EQ(shipped.windows, 1u);
  EXPECT_EQ(shipped.incomplete, 1u);
  EXPECT_EQ(shipped.why_incomplete, "640 samples are missing");
}

TEST(EnergyFigures, HaveNoMlperfFigureOfShortWindows) {
  const Recording recording = recorded();
  const ModelEnergy shipped = energy_figures({&recording, 1}, {"shipped"}).at(0).models.at(0);
  EXPECT_FALSE(shipped.mlperf_uj);
  EXPECT_FALSE(shipped.no_mlperf.empty());
}

TEST(EnergyFigures, KeepMetersApartThatCannotBeCompared) {
  std::vector<Recording> recordings = {recorded(), recorded(), recorded()};
  recordings[1].info.meter.serial = "another";
  const std::vector<BoardEnergyFigures> boards = energy_figures(recordings, {"shipped"});
  ASSERT_EQ(boards.size(), 2u);
  EXPECT_EQ(boards[0].models.at(0).windows, 4u);
  EXPECT_EQ(boards[1].models.at(0).windows, 2u);
}

}  // namespace
}  // namespace tinyhil::metric
