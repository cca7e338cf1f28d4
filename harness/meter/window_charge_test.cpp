// SPDX-License-Identifier: Apache-2.0
#include "window_charge.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/temporary_folder.hpp"
#include "meter/internal/ppk2_dump.hpp"
#include "meter/internal/trace_samples.hpp"

namespace tinyhil::meter {
namespace {

class WindowCharge : public testing::Test {
 protected:
  TraceReader recorded(const TraceStart& start, const std::function<void(TraceWriter&)>& record) {
    TraceWriter writer(folder_.path() / "run.trace", start);
    record(writer);
    writer.finish();
    return TraceReader(folder_.path() / "run.trace");
  }

  TemporaryFolder folder_;
};

TEST_F(WindowCharge, GoesToTheRangesByTheCurrent) {
  TraceStart start = ampere_start();
  start.identity.ranges = {{1e-3, 0.1, 1e-7, 0}, {0.1, 0.02, 1e-5, 0}};
  std::vector<float> current(1'000, 5e-4F);
  std::fill(current.begin() + 500, current.end(), 0.01F);
  const TraceReader trace = recorded(start, [&](TraceWriter& writer) { add_samples(writer, 0, current); });
  const stats::MeasuredWindow measured = measured_window(trace, {.first = 100, .last = 600.5}, 0);
  ASSERT_EQ(measured.ranges.size(), 2);
  EXPECT_NEAR(measured.ranges[0].charge_c, 400 * 5e-4 * 1e-5, 1e-12);
  EXPECT_NEAR(measured.ranges[1].charge_c, 100.5 * 0.01 * 1e-5, 1e-12);
  EXPECT_NEAR(measured.ranges[1].length_s, 100.5e-5, 1e-12);
  EXPECT_EQ(measured.ranges[1].gain_limit, 0.02);
  EXPECT_NEAR(stats::recorded_c(measured), trace.charge_c(100, 600.5), 1e-12);
  EXPECT_NEAR(measured.length_s, 500.5e-5, 1e-12);
  EXPECT_EQ(measured.missing_s, 0);
}

TEST_F(WindowCharge, BoundsWhatIsMissingByWhatWasSeen) {
  const TraceReader trace = recorded(ampere_start(), [&](TraceWriter& writer) {
    add_samples(writer, 0, std::vector<float>(500, 0.01F));
    add_samples(writer, 700, std::vector<float>(300, 0.02F));
  });
  const stats::MeasuredWindow measured = measured_window(trace, {.first = 0, .last = 1'000}, 0);
  EXPECT_NEAR(measured.missing_s, 200e-5, 1e-12);
  EXPECT_NEAR(measured.missing_low_a, 0.01, 1e-9);
  EXPECT_NEAR(measured.missing_high_a, 0.02, 1e-9);
  EXPECT_NEAR(stats::coverage(measured), 0.8, 1e-9);
}

TEST_F(WindowCharge, CarriesOnWhatTheEdgesAndUnseenLossesLeave) {
  const TraceReader trace = recorded(
      ampere_start(), [&](TraceWriter& writer) { add_samples(writer, 0, std::vector<float>(500, 0.01F)); });
  const AlignedWindow window{
      .first = 0, .last = 400, .sigma_samples = 3, .unseen_samples = 4 * std::sqrt(3.0)};
  EXPECT_NEAR(measured_window(trace, window, 0).edge_s, 5e-5, 1e-12);
}

TEST_F(WindowCharge, CountsWhatThreeSamplesAfterAChangeOfRangeHaveWrong) {
  TraceStart start = ampere_start();
  start.format = WordFormat::ppk2_u32;
  start.identity.calibration = kPpk2Dump;
  start.identity.ranges.assign(5, start.identity.ranges[0]);
  std::vector<std::uint32_t> samples(20, 1'000 | 1U << 14);                                // range 1
  for (std::size_t i = 10; i < 20; ++i) samples[i] = (i < 13 ? 2'000 : 1'000) | 2U << 14;  // range 2
  std::vector<std::uint8_t> words(80), lines(20);
  std::memcpy(words.data(), samples.data(), 80);
  std::vector<float> current(20);
  word_reader(start.format, kPpk2Dump)->read(words, current, lines);
  const TraceReader trace = recorded(start, [&](TraceWriter& writer) {
    writer.samples({.first = 0, .words = words, .current_a = current, .lines = lines});
  });
  const stats::MeasuredWindow measured = measured_window(trace, {.first = 0, .last = 20}, 0);
  EXPECT_NEAR(measured.switching_c, 3e-5 * static_cast<double>(current[10] - current[13]), 1e-9);
  EXPECT_NEAR(measured.ranges[1].length_s, 10e-5, 1e-12);
  EXPECT_NEAR(measured.ranges[2].length_s, 10e-5, 1e-12);
}

TEST_F(WindowCharge, OfLayersAddsUpToTheWindow) {
  std::vector<float> current(2'000);
  for (std::size_t i = 0; i < current.size(); ++i) current[i] = i % 100 < 30 ? 0.01F : 0.002F;
  const TraceReader trace =
      recorded(ampere_start(), [&](TraceWriter& writer) { add_samples(writer, 0, current); });
  const std::vector<std::uint32_t> ends{100, 800};  // of 1 MHz, after 200 us between inferences
  const AlignedWindow window{.first = 100, .last = 1'100};
  const stats::LayerCharges charges = window_layers(trace, window, 10, {ends, 1e6});
  ASSERT_EQ(charges.layers.size(), 2);
  double sum = charges.between.charge_c;
  for (const stats::LayerCharge& layer : charges.layers) sum += layer.charge_c;
  EXPECT_NEAR(sum * 10, trace.charge_c(100, 1'100), 1e-12);
  EXPECT_NEAR(charges.between.charge_c, 20 * 0.01 * 1e-5, 1e-11);
  EXPECT_NEAR(charges.layers[0].charge_c, 10 * 0.01 * 1e-5, 1e-11);
  EXPECT_EQ(window_layers(trace, window, 0, {ends, 1e6}).folded, 0);
}

}  // namespace
}  // namespace tinyhil::meter
