// SPDX-License-Identifier: Apache-2.0
// Many seeded runs of a simulated PPK2 whose unit is off within what its maker states, in virtual time: what
// is recorded between the edges of the trigger line is the true charge within those limits, or there is a
// gap.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "meter/internal/ppk2_metadata.hpp"
#include "meter/ppk2_recording.hpp"
#include "sim/ppk2.hpp"

namespace tinyhil::meter {

namespace {

using Nanoseconds = std::chrono::nanoseconds;

constexpr double kSample = 1e-5;  // s

// Charge of each window of the trigger line, and whether a sample of it is missing.
struct Windows : SampleSink {
  struct Window {
    double charge_c = 0;
    std::uint64_t samples = 0;
    bool has_gap = false;
  };

  void samples(const SampleBlock& block) override {
    for (std::size_t n = 0; n < block.current_a.size(); ++n) {
      const bool high = (block.lines[n] & 1) != 0;
      if (high && !high_) all.emplace_back();
      high_ = high;
      if (!high) continue;
      all.back().charge_c += block.current_a[n] * kSample;
      ++all.back().samples;
    }
  }
  void gap(const Gap& gap) override {
    gaps.push_back(gap);
    if (high_) all.back().has_gap = true;
  }

  std::vector<Window> all;
  std::vector<Gap> gaps;

 private:
  bool high_ = false;
};

struct MeterRun {
  Windows recorded;
  std::vector<sim::TrueWindow> truth;
};

// The meter's bytes reach the host each millisecond, late by a random time.
MeterRun run(const sim::Ppk2Settings& settings, const std::vector<sim::BoardEvent>& events, double length_s) {
  MeterRun result;
  sim::Ppk2 meter(settings);
  for (const sim::BoardEvent& event : events) meter.add(event);
  std::vector<std::uint8_t> bytes = {0x0D, 0x0C, 0xE4, 0x11, 0x02, 0x0C, 0x01, 0x19, 0x06};
  meter.receive(bytes);
  meter.take(bytes);
  const auto reader = word_reader(WordFormat::ppk2_u32, std::string(bytes.begin(), bytes.end()));
  Ppk2Recording recording(result.recorded, *reader, true);
  std::mt19937_64 random(settings.seed);
  std::exponential_distribution<double> delay(1 / 100e-6);
  double read_at = 0;
  // As the driver does, until it is known of the last sample that none is missing before it.
  for (double sent_at = 1e-3; sent_at < length_s || !recording.settled(); sent_at += 1e-3) {
    while (!meter.advance(sent_at, 1000)) {
    }
    meter.take(bytes);
    read_at = std::max(read_at, sent_at + delay(random));
    recording.push(bytes, Nanoseconds(std::llround(read_at * 1e9)));
  }
  recording.finish();
  result.truth.assign(meter.windows().begin(), meter.windows().end());
  return result;
}

// Two windows between idle times, and one in which the board sleeps, of random lengths.
std::vector<sim::BoardEvent> busy_board(std::mt19937_64& random) {
  std::uniform_real_distribution<double> length(0.02, 0.06);
  using sim::PowerState;
  double at = 0.03;
  std::vector<sim::BoardEvent> events;
  for (const PowerState state : {PowerState::active, PowerState::active, PowerState::sleep}) {
    events.push_back({at, state, true});
    events.push_back({at += length(random), PowerState::idle, false});
    at += length(random);
  }
  return events;
}

// What the maker states of a range, and one sample at each edge.
double limit_c(const sim::TrueWindow& window, bool sleeps) {
  const double length = window.end_s - window.start_s;
  const double settling = 2e-6;  // C: from idle to sleep the meter goes through all its ranges
  if (sleeps) return 0.1 * std::abs(window.charge_c) + 0.2e-6 * length + 2e-2 * settling;
  return 0.1 * window.charge_c + 50e-6 * length + 2 * kSample * 6.2e-3;
}

TEST(Ppk2Coverage, In200RunsTheRecordedChargeIsTrueWithinTheLimits) {
  double worst = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    std::mt19937_64 random(seed);
    sim::Ppk2Settings settings;
    settings.seed = seed;
    settings.errors = sim::drawn_errors(seed);
    settings.clock_ppm = std::uniform_real_distribution<double>(-50, 50)(random);
    const MeterRun result = run(settings, busy_board(random), 0.4);
    ASSERT_TRUE(result.recorded.gaps.empty()) << seed;
    ASSERT_EQ(result.recorded.all.size(), 3U);
    ASSERT_EQ(result.truth.size(), 3U);
    for (std::size_t n = 0; n < 3; ++n) {
      const auto& window = result.recorded.all[n];
      EXPECT_FALSE(window.has_gap);
      const double off =
          std::abs(window.charge_c - result.truth[n].charge_c) / limit_c(result.truth[n], n == 2);
      EXPECT_LE(off, 1) << seed << ' ' << n;
      worst = std::max(worst, off);
    }
  }
  EXPECT_GT(worst, 0.7) << "the errors of the units are exercised";
}

TEST(Ppk2Coverage, ALossInsideAWindowIsAlwaysAGapOfThatWindow) {
  int runs = 0;
  for (const std::uint64_t lost : {1U, 63U, 64U, 512U, 10'000U}) {
    for (std::uint64_t seed = 1; seed <= 40; ++seed, ++runs) {
      std::mt19937_64 random(seed);
      sim::Ppk2Settings settings;
      settings.seed = seed;
      settings.clock_ppm = std::uniform_real_distribution<double>(-50, 50)(random);
      settings.lose = {{std::uniform_real_distribution<double>(0.55, 0.75)(random), lost}};
      const MeterRun result =
          run(settings, {{0.5, sim::PowerState::active, true}, {0.9, sim::PowerState::idle, false}}, 2.5);
      ASSERT_FALSE(result.recorded.gaps.empty()) << lost << ' ' << seed;
      std::uint64_t missing = 0;
      for (const Gap& gap : result.recorded.gaps) missing += gap.count;
      EXPECT_GE(missing, lost);
      ASSERT_EQ(result.recorded.all.size(), 1U);
      EXPECT_TRUE(result.recorded.all[0].has_gap) << lost << ' ' << seed;
    }
  }
  EXPECT_EQ(runs, 200);
}

TEST(Ppk2Coverage, LostBytesAreAGapTooAndCostNothingElse) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    sim::Ppk2Settings settings;
    settings.seed = seed;
    settings.lose_bytes = {{0.1 + 0.001 * static_cast<double>(seed), 1 + seed % 3}};
    const MeterRun result = run(settings, {}, 0.5);
    std::uint64_t missing = 0;
    for (const Gap& gap : result.recorded.gaps) missing += gap.count;
    EXPECT_GE(missing, 1U);
    EXPECT_LE(missing, 5U);
  }
}

}  // namespace

}  // namespace tinyhil::meter
