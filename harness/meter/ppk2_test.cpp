// SPDX-License-Identifier: Apache-2.0
// The driver against the simulated meter, through a pseudo-terminal.
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <optional>

#include "base/temporary_folder.hpp"
#include "meter/internal/ppk2_samples_builder.hpp"
#include "meter/meter.hpp"
#include "sim/near_end.hpp"
#include "sim/ppk2_bench.hpp"
#include "testing/await.hpp"
#include "testing/complaint.hpp"
#include "testing/emulated_activity.hpp"

namespace tinyhil::meter {

namespace {

// Stops the meter after so many samples.
struct Trace : SampleSink {
  Trace(Meter& meter, std::uint64_t wanted) : meter_(meter), wanted_(wanted) {}

  void samples(const SampleBlock& block) override {
    current_a.insert(current_a.end(), block.current_a.begin(), block.current_a.end());
    lines.insert(lines.end(), block.lines.begin(), block.lines.end());
    if (current_a.size() >= wanted_) meter_.stop();
  }
  void gap(const Gap& gap) override { gaps.push_back(gap); }

  double mean_a() const {
    return std::accumulate(current_a.begin(), current_a.end(), 0.0) / static_cast<double>(current_a.size());
  }

  std::vector<float> current_a;
  std::vector<std::uint8_t> lines;
  std::vector<Gap> gaps;

 private:
  Meter& meter_;
  std::uint64_t wanted_;
};

class Ppk2Driver : public ::testing::Test {
 protected:
  std::unique_ptr<Meter> open(const std::string& port, const std::string& more = "") {
    const Section section =
        Section::parse("driver: ppk2\nport: " + port + "\nsupply: 3.3 V\n" + more, "bench.yaml");
    return open_meter(section, io_.get_executor());
  }

  std::string refusal(const std::string& port) {
    const auto meter = open(port);
    const Error error = test::error_of([&] { await_identity(*meter); });
    EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
    EXPECT_EQ(error.where(), port);
    EXPECT_FALSE(error.remedy().empty());
    return error.what();
  }

  // Simulators go on in the same loop, so it is left when the task is done.
  template <class T>
  T await(
      asio::awaitable<T> task, const std::function<void()>& meanwhile = [] {}) {
    std::optional<T> result;
    std::exception_ptr failure;
    asio::co_spawn(io_, std::move(task), [&](std::exception_ptr thrown, T value) {
      failure = thrown;
      result.emplace(std::move(value));
      io_.stop();
    });
    io_.restart();
    meanwhile();
    io_.run();
    if (failure) std::rethrow_exception(failure);
    return std::move(*result);
  }
  MeterIdentity await_identity(Meter& meter) { return await(meter.prepare()); }

  asio::io_context io_;
};

TEST_F(Ppk2Driver, RecordsTheBuiltInPatternInTheHostsTime) {
  sim::Ppk2Bench::Options options;
  options.settings.stale = 17'412;
  const sim::Ppk2Bench bench(io_.get_executor(), options);
  const auto meter = open(bench.port());
  const MeterIdentity identity = await_identity(*meter);
  EXPECT_TRUE(identity.simulated);
  EXPECT_FALSE(identity.virtual_time);
  EXPECT_EQ(identity.supply_v, 3.3);
  EXPECT_EQ(identity.voltage, VoltageSource::set_point);
  EXPECT_NE(identity.calibration.find("VDD: 3300\n"), std::string::npos);
  EXPECT_EQ(identity.ranges.size(), 5U);
  Trace trace(*meter, 60'000);
  ASSERT_TRUE(await(meter->record(trace)));
  EXPECT_GT(std::ranges::count(trace.lines, 1), 10'000);
  EXPECT_NEAR(
      trace.current_a[static_cast<std::size_t>(std::ranges::find(trace.lines, 1) - trace.lines.begin()) + 50],
      6.2e-3, 3e-4);
}

TEST_F(Ppk2Driver, FollowsAnEmulatedBoardsTimeAndMeasuresItsTrueCharge) {
  const TemporaryFolder folder;
  sim::Ppk2Bench::Options options;
  options.activity_socket = folder.path() / "activity";
  const sim::Ppk2Bench bench(io_.get_executor(), options);
  EXPECT_EQ(bench.activity(), "unix:" + options.activity_socket->string());
  const auto meter = open(bench.port());
  EXPECT_TRUE(await_identity(*meter).virtual_time);
  for (int start = 0; start < 2; ++start) {  // the emulator is started anew for the second
    test::EmulatedActivity board(io_, *options.activity_socket);
    Trace trace(*meter, 49'000);
    const auto act = [&] {
      while (!bench.recording()) io_.run_one();
      board.say(test::EmulatedActivity::kStart, 1'000'000);
      board.say(0x02, 10'000);
      board.say(0x01, 100'000);  // a window of 250 ms
      board.say(0x02, 350'000);
      board.say(0x00, 500'000);
    };
    ASSERT_TRUE(await(meter->record(trace), act));
    EXPECT_TRUE(trace.gaps.empty());
    double charge = 0;
    for (std::size_t n = 0; n < trace.lines.size(); ++n)
      if (trace.lines[n] == 1) charge += trace.current_a[n] * 1e-5;
    const auto windows = bench.truth();
    ASSERT_EQ(windows.size(), static_cast<std::size_t>(start + 1));
    EXPECT_NEAR(windows.back().end_s - windows.back().start_s, 0.25, 1e-12);
    EXPECT_NEAR(charge, windows.back().charge_c, 1e-3 * charge);
  }
}

TEST_F(Ppk2Driver, AnUnpluggedMeterIsGone) {
  sim::Ppk2Bench::Options options;
  options.unplug_at_s = 0.05;
  const sim::Ppk2Bench bench(io_.get_executor(), options);
  const auto meter = open(bench.port());
  await_identity(*meter);
  Trace trace(*meter, 1'000'000);
  const Result<void> outcome = await(meter->record(trace));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, FaultKind::gone);
  EXPECT_FALSE(outcome.error().remedy.empty());
  EXPECT_GT(trace.current_a.size(), 1000U);
}

// In the time of this machine, which may be too busy to tell a loss from a late arrival; ppk2_coverage_test
// has the same in virtual time, where it must be found every time.
TEST_F(Ppk2Driver, LossesOfOneBlockAreGapsAndTheRestGoesOn) {
  constexpr int kAttempts = 3;
  bool is_found = false;
  for (int attempt = 0; attempt < kAttempts && !is_found; ++attempt) {
    sim::Ppk2Bench::Options options;
    options.settings.lose = {{0.3, 512}};
    const sim::Ppk2Bench bench(io_.get_executor(), options);
    const auto meter = open(bench.port());
    await_identity(*meter);
    Trace trace(*meter, 120'000);
    ASSERT_TRUE(await(meter->record(trace)));
    is_found = std::ranges::any_of(trace.gaps, [](const Gap& gap) {
      return gap.cause == GapCause::clock && gap.first <= 30'000 && gap.first + gap.count >= 30'512;
    });
  }
  EXPECT_TRUE(is_found);
}

TEST_F(Ppk2Driver, InAmpereModeABoardWithoutSupplyDrawsNothing) {
  for (const bool wired : {true, false}) {
    sim::Ppk2Bench::Options options;
    options.settings.is_wired = wired;
    const sim::Ppk2Bench bench(io_.get_executor(), options);
    const auto meter = open(bench.port(), "mode: ampere\n");
    EXPECT_EQ(await_identity(*meter).voltage, VoltageSource::stated);
    Trace trace(*meter, 5'000);
    ASSERT_TRUE(await(meter->record(trace)));
    EXPECT_EQ(trace.mean_a() > 1e-3, wired);
    EXPECT_EQ(std::abs(trace.mean_a()) < 0.2e-6, !wired);
  }
}

TEST_F(Ppk2Driver, EachWayNotToFindAMeterHasItsOwnMessage) {
  EXPECT_THAT(refusal("/dev/no_such_port"), ::testing::HasSubstr("cannot open the serial port"));
  const auto silent = sim::near_on_pty(io_.get_executor(), std::nullopt);
  EXPECT_EQ(refusal(silent->address()), "the meter does not answer");
  const sim::Ppk2Bench bench(io_.get_executor(), {});
  const auto holder = open(bench.port());
  await_identity(*holder);
  EXPECT_THAT(refusal(bench.port()), ::testing::HasSubstr("already in use"));
}

// Answers everything with a prompt.
asio::awaitable<void> prompt(sim::NearEnd& end) {
  std::array<std::uint8_t, 64> bytes{};
  const std::string text = "\r\nlogin: ";
  const std::vector<std::uint8_t> answer(text.begin(), text.end());
  while (co_await end.read(bytes) > 0) co_await end.write(answer);
}

TEST_F(Ppk2Driver, AnotherDeviceIsNoPpk2) {
  const auto other = sim::near_on_pty(io_.get_executor(), std::nullopt);
  asio::co_spawn(io_, prompt(*other), [](std::exception_ptr) {});
  EXPECT_THAT(refusal(other->address()), ::testing::HasSubstr("what answers is no PPK2: it said"));
  other->vanish();
}

TEST(Ppk2Keys, MistakesAreNamedWithTheirPlace) {
  asio::io_context io;
  const auto complaint = [&](const std::string& keys) {
    return test::complaint([&] {
      open_meter(Section::parse("driver: ppk2\nport: /dev/ttyACM1\n" + keys, "bench.yaml"),
                 io.get_executor());
    });
  };
  EXPECT_EQ(complaint("supply: 3.3 V\nserial: C1\ncalibrated: 2026-01-15\ncalibration_expires: 2027-01-15\n"
                      "supply_tolerance: 1 %\ntrigger: none\n"),
            "accepted");
  EXPECT_EQ(
      complaint("supply: 12 V\n"),
      "bench.yaml:3: a PPK2 does not supply `12 V`; write a voltage from 800 mV to 5 V, which the board "
      "bears");
  EXPECT_EQ(
      complaint("supply: 3.3\n"),
      "bench.yaml:3: `supply` is `3.3`, which is not an electric voltage; write a number and its unit (V, "
      "mV), such as `3.3 V`");
  EXPECT_EQ(
      complaint("supply: 3 V\ncalibrated: last year\n"),
      "bench.yaml:4: `calibrated` is `last year`, which is not a date; write a date such as 2026-01-15");
  EXPECT_EQ(
      complaint("supply: 3 V\ncalibrated: 2026-01-15\ncalibration_expires: 2025-01-15\n"),
      "bench.yaml:5: the calibration expires before the day on which it was made; correct `calibrated` or "
      "`calibration_expires`");
  EXPECT_THAT(complaint("supply: 3 V\ntrigger: D8\n"),
              ::testing::StartsWith("bench.yaml:4: `trigger` is `D8`"));
  EXPECT_THAT(complaint("supply: 3 V\nvoltage: 3 V\n"), ::testing::StartsWith("bench.yaml:4: "));
}

}  // namespace

}  // namespace tinyhil::meter
