// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>

#include "base/error.hpp"
#include "base/temporary_folder.hpp"
#include "meter/internal/trace_samples.hpp"
#include "trace_reader.hpp"
#include "trace_writer.hpp"

namespace tinyhil::meter {
namespace {

// Repeats after 1000 samples; exact in float and in sums.
std::vector<float> wave(std::size_t n) {
  std::vector<float> current(n);
  for (std::size_t i = 0; i < n; ++i) current[i] = static_cast<float>(i % 1000) / 65536.0F;
  return current;
}

double plain_sum(std::span<const float> current) {
  double sum = 0;
  for (const float value : current) sum += value;
  return sum;
}

class TraceFile : public testing::Test {
 protected:
  std::filesystem::path file() const { return folder_.path() / "run.trace"; }

  std::vector<std::uint8_t> bytes() const {
    std::ifstream in(file(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  // 200,000 samples, 5,000 lost, 100,000 samples; in blocks of 777.
  void write_two_parts() {
    TraceWriter writer(file(), ampere_start());
    for (std::size_t at = 0; at < 200'000; at += 777)
      add(writer, at, std::min<std::size_t>(777, 200'000 - at));
    writer.gap({200'000, 5'000, GapCause::counter});
    for (std::size_t at = 205'000; at < 305'000; at += 777)
      add(writer, at, std::min<std::size_t>(777, 305'000 - at));
    writer.finish();
  }

  void add(TraceWriter& writer, std::size_t at, std::size_t count) {
    add_samples(writer, at, std::span<const float>(wave_).subspan(at, count));
  }

  double expected_c(std::size_t first, std::size_t last) const {
    return plain_sum(std::span<const float>(wave_).subspan(first, last - first)) * 1e-5;
  }

  TemporaryFolder folder_;
  std::vector<float> wave_ = wave(305'000);
};

TEST_F(TraceFile, GivesBackWhatTheMeterSaidOfItself) {
  TraceStart start = ampere_start();
  start.identity.calibration = "R0: 1003.3\nEND";
  start.identity.trigger = 3;
  start.identity.voltage = VoltageSource::stated;
  TraceWriter(file(), start).finish();
  const TraceReader trace(file());
  EXPECT_EQ(trace.start().identity.calibration, start.identity.calibration);
  EXPECT_EQ(trace.start().identity.trigger, 3);
  EXPECT_EQ(trace.start().identity.voltage, VoltageSource::stated);
  EXPECT_EQ(trace.start().identity.ranges[0].gain_limit, 0.1);
  EXPECT_EQ(trace.start().start_ns, 1'700'000'000'000'000'000);
  EXPECT_EQ(trace.start().format, WordFormat::amperes_f32);
  EXPECT_EQ(trace.end(), 0);
  EXPECT_EQ(trace.charge_c(0, 100), 0);
}

TEST_F(TraceFile, GivesBackEverySampleAndTheGap) {
  write_two_parts();
  const TraceReader trace(file());
  EXPECT_EQ(trace.end(), 305'000);
  EXPECT_EQ(trace.samples(), 300'000);
  ASSERT_EQ(trace.gaps().size(), 1);
  EXPECT_EQ(trace.gaps()[0].first, 200'000);
  EXPECT_EQ(trace.gaps()[0].count, 5'000);
  EXPECT_EQ(trace.gaps()[0].cause, GapCause::counter);
  std::vector<float> current(305'000);
  trace.current(0, current);
  for (std::size_t i = 0; i < current.size(); ++i) {
    const bool lost = i >= 200'000 && i < 205'000;
    ASSERT_TRUE(lost ? std::isnan(current[i]) : current[i] == wave_[i]) << i;
  }
}

TEST_F(TraceFile, KnowsTheChargeOfAnyWindow) {
  write_two_parts();
  const TraceReader trace(file());
  for (const auto& [first, last] : std::vector<std::pair<std::size_t, std::size_t>>{
           {0, 1}, {0, 65'536}, {5, 70'000}, {65'536, 131'072}, {131'000, 199'999}, {250'000, 305'000}})
    EXPECT_NEAR(trace.charge_c(static_cast<double>(first), static_cast<double>(last)),
                expected_c(first, last), 1e-12)
        << first;
  EXPECT_NEAR(trace.charge_c(0, 1e9), expected_c(0, 200'000) + expected_c(205'000, 305'000), 1e-12);
  EXPECT_NEAR(trace.charge_c(10.25, 12.5), (0.75 * wave_[10] + wave_[11] + 0.5 * wave_[12]) * 1e-5, 1e-15);
}

TEST_F(TraceFile, KnowsWhatOfAWindowIsCovered) {
  write_two_parts();
  const TraceReader trace(file());
  EXPECT_EQ(trace.covered(0, 200'000), 200'000);
  EXPECT_EQ(trace.covered(199'000, 206'000), 2'000);
  EXPECT_EQ(trace.covered(200'100, 204'900), 0);
  EXPECT_EQ(trace.charge_c(200'100, 204'900), 0);
  EXPECT_EQ(trace.covered(304'000, 400'000), 1'000);
  EXPECT_EQ(trace.covered(10.5, 11.25), 0.75);
}

TEST_F(TraceFile, SummarisesAnyStretchAtAnyZoom) {
  write_two_parts();
  const TraceReader trace(file());
  for (const std::size_t columns : {3UL, 50UL, 700UL, 9'000UL, 100'000UL}) {
    const std::vector<TraceColumn> drawn = trace.columns(1'000, 199'000, columns);
    double covered = 0, sum = 0;
    float high = 0;
    for (const TraceColumn& column : drawn) {
      covered += column.covered;
      sum += column.mean_a * column.covered;
      high = std::max(high, column.high_a);
      ASSERT_GE(column.mean_a, column.low_a);
      ASSERT_LE(column.mean_a, static_cast<double>(column.high_a));
    }
    EXPECT_NEAR(covered, 198'000, 4'096) << columns;
    EXPECT_EQ(high, 999.0F / 65536.0F) << columns;
    EXPECT_NEAR(sum / covered, 499.5 / 65536.0, 1e-4) << columns;
  }
}

TEST_F(TraceFile, DrawsSingleSamplesExactly) {
  write_two_parts();
  const std::vector<TraceColumn> drawn = TraceReader(file()).columns(199'990, 200'010, 10);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(drawn[i].low_a, wave_[199'990 + 2 * i]);
    EXPECT_EQ(drawn[i].high_a, wave_[199'991 + 2 * i]);
    EXPECT_EQ(drawn[i + 5].covered, 0);
  }
}

TEST_F(TraceFile, OpensUpToTheLastWholeChunkWhereverItIsCut) {
  write_two_parts();
  const std::vector<std::uint8_t> whole = bytes();
  std::uint64_t seen = 0;
  for (std::size_t size = 600; size < whole.size(); size += 9'973) {
    const TraceReader cut({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}, "cut");
    EXPECT_GE(cut.end(), seen);
    seen = cut.end();
    if (cut.samples() > 0) {
      EXPECT_NEAR(cut.charge_c(0, 1'000), expected_c(0, 1'000), 1e-12);
    }
  }
  EXPECT_GE(seen, 205'000);
}

TEST_F(TraceFile, SaysHowMuchItCannotRead) {
  write_two_parts();
  std::vector<std::uint8_t> damaged = bytes();
  EXPECT_EQ(TraceReader(damaged, "whole").unread_bytes(), 0);
  damaged[damaged.size() / 2 / 4 * 4] ^= 1;  // a sample
  damaged.resize(damaged.size() - 1);
  EXPECT_GT(TraceReader(damaged, "cut").unread_bytes(), 0);
}

TEST_F(TraceFile, KeepsLinesThatAreNotInTheWords) {
  std::vector<std::uint8_t> lines(1'003);
  for (std::size_t i = 0; i < lines.size(); ++i) lines[i] = static_cast<std::uint8_t>(i * 7);
  TraceWriter writer(file(), ampere_start());
  add_samples(writer, 0, std::span<const float>(wave_).first(1'003), lines);
  writer.finish();
  const TraceReader trace(file());
  EXPECT_TRUE(trace.has_lines());
  std::vector<std::uint8_t> read(1'003);
  trace.lines(0, read);
  EXPECT_EQ(read, lines);
}

TEST_F(TraceFile, TakesAJumpInTheNumbersAsAGapAndLeavesOutWhatItHas) {
  TraceWriter writer(file(), ampere_start());
  add(writer, 0, 10);
  add(writer, 5, 10);
  add(writer, 20, 10);
  writer.finish();
  const TraceReader trace(file());
  EXPECT_EQ(trace.samples(), 25);
  ASSERT_EQ(trace.gaps().size(), 1);
  EXPECT_EQ(trace.gaps()[0].first, 15);
  EXPECT_NEAR(trace.charge_c(0, 15), expected_c(0, 15), 1e-15);
}

TEST_F(TraceFile, CountsNoSampleThatIsNoNumber) {
  std::vector<float> current(64, 0.5F);
  current[3] = std::numeric_limits<float>::quiet_NaN();
  current[60] = std::numeric_limits<float>::infinity();
  TraceWriter writer(file(), ampere_start());
  add_samples(writer, 0, current);
  writer.finish();
  EXPECT_NEAR(TraceReader(file()).charge_c(0, 64), 62 * 0.5e-5, 1e-12);
}

TEST_F(TraceFile, CanBeReadWhileItGrows) {
  TraceWriter writer(file(), ampere_start());
  add(writer, 0, 100);
  writer.flush();
  EXPECT_EQ(TraceReader(file()).samples(), 100);
  add(writer, 100, 100);
  writer.finish();
  EXPECT_EQ(TraceReader(file()).samples(), 200);
}

TEST_F(TraceFile, IsNeverWrittenOver) {
  TraceWriter(file(), ampere_start()).finish();
  EXPECT_THROW(TraceWriter(file(), ampere_start()), Error);
}

TEST_F(TraceFile, ThatIsNoneIsRefused) {
  EXPECT_THROW(TraceReader{file()}, Error);
  EXPECT_THROW(TraceReader{folder_.path()}, Error);
  EXPECT_THROW(TraceReader({}, "empty"), Error);
  EXPECT_THROW(TraceReader({'T', 'I', 'N', 'Y', 'H', 'I', 'L', 'T', 9, 0, 0, 0, 0, 0, 0, 0}, "later"), Error);
}

}  // namespace
}  // namespace tinyhil::meter
