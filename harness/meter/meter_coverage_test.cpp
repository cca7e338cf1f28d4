// SPDX-License-Identifier: Apache-2.0
// Each kind of simulated meter through its own driver, over 200 units that are off within what their maker
// states: the 95 % interval of a window's charge holds the true charge as often as it says. In the time of an
// emulated board.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <functional>
#include <memory>

#include "base/temporary_folder.hpp"
#include "meter/trace_writer.hpp"
#include "meter/window_charge.hpp"
#include "sim/powershield_bench.hpp"
#include "sim/ppk2_bench.hpp"
#include "stats/seeded_random.hpp"
#include "testing/emulated_activity.hpp"

namespace tinyhil::meter {
namespace {

constexpr std::size_t kUnits = 200;
constexpr std::uint32_t kTicks = 1'000'000;  // a second of the board's timer

double within(stats::SeededRandom& random, double limit) { return limit * (2 * random.uniform() - 1); }

// A simulated meter that is plugged in.
struct Plugged {
  std::shared_ptr<void> bench;  // shared: it is one type or the other
  std::string port;
  std::function<bool()> recording;
  std::function<std::deque<sim::TrueWindow>()> truth;
};

template <class Bench>
Plugged plugged(const std::shared_ptr<Bench>& bench) {
  return {bench, bench->port(), [bench] { return bench->recording(); }, [bench] { return bench->truth(); }};
}

struct Kind {
  std::string name;
  std::string keys;
  double window_s = 0;
  // A unit of its own, whose board speaks at the socket.
  Plugged (*plug)(asio::io_context& io, stats::SeededRandom& random, const std::filesystem::path& socket);
};

std::ostream& operator<<(std::ostream& out, const Kind& kind) { return out << kind.name; }

Plugged plug_ppk2(asio::io_context& io, stats::SeededRandom& random, const std::filesystem::path& socket) {
  sim::Ppk2Bench::Options options;
  options.activity_socket = socket;
  options.settings.seed = random.below(1U << 31);
  options.settings.errors = sim::drawn_errors(options.settings.seed);
  options.settings.clock_ppm = within(random, 50);
  return plugged(std::make_shared<sim::Ppk2Bench>(io.get_executor(), options));
}

Plugged plug_lpm01a(asio::io_context& io, stats::SeededRandom& random, const std::filesystem::path& socket) {
  sim::PowershieldBench::Options options;
  options.activity_socket = socket;
  options.settings.seed = random.below(1U << 31);
  options.settings.gain = 1 + within(random, 0.02);
  options.settings.offset_a = within(random, 100e-9);
  options.settings.clock_ppm = within(random, 50);
  return plugged(std::make_shared<sim::PowershieldBench>(io.get_executor(), options));
}

// Stops the meter when the board's day is over.
struct Recorder : SampleSink {
  Recorder(Meter& recorded, TraceWriter& into, std::uint64_t most)
      : meter(recorded), writer(into), enough(most) {}

  void samples(const SampleBlock& block) override {
    writer.samples(block);
    if (writer.end() >= enough) meter.stop();
  }
  void gap(const Gap& gap) override { writer.gap(gap); }

  Meter& meter;
  TraceWriter& writer;
  std::uint64_t enough;
};

struct Measured {
  AlignedWindow window;
  Interval charge_c;
  double truth_c = 0;
};

// One window of this length behind a rest, and a rest of the same length behind it.
void tell(test::EmulatedActivity& board, double rest_s, double window_s) {
  const auto at = [](double second) { return static_cast<std::uint32_t>(second * kTicks); };
  board.say(test::EmulatedActivity::kStart, kTicks);
  board.say(0x02, 0);
  board.say(0x01, at(rest_s));
  board.say(0x02, at(rest_s + window_s));
  board.say(0x02, at(2 * rest_s + window_s));
}

asio::awaitable<void> speak_once_recorded(asio::io_context& io, const Plugged& plugged,
                                          std::filesystem::path socket, double window_s) {
  asio::steady_timer timer(io);
  while (!plugged.recording()) {
    timer.expires_after(std::chrono::milliseconds(2));
    co_await timer.async_wait(asio::use_awaitable);
  }
  test::EmulatedActivity board(io, socket);
  tell(board, window_s / 2, window_s);
}

Alignment alignment_of(const TraceReader& trace, const Meter& meter, double window_s) {
  const DeviceWindow device{.length_s = window_s};
  const AlignmentLimits limits{.sample_s = trace.sample_s()};
  const int line = trace.start().identity.trigger;
  if (meter.trigger_kind() == TriggerKind::rising)
    return align_rising(rising_edges(trace, line), {&device, 1}, limits);
  return align(trigger_edges(trace, line), {&device, 1}, limits);
}

// From its recording.
Measured measured_in(const TraceReader& trace, const Meter& meter, double window_s) {
  const Alignment alignment = alignment_of(trace, meter, window_s);
  EXPECT_EQ(alignment.finding, "");
  const stats::MeasuredWindow window = measured_window(trace, alignment.windows.at(0), 0);
  const stats::WindowShare share{&window};
  return {alignment.windows[0], stats::energy_of({&share, 1}, {.volt = 1}).interval(0.95)};
}

asio::awaitable<void> measure_unit(asio::io_context& io, const Kind& kind, std::uint64_t seed,
                                   std::vector<Measured>& all) {
  stats::SeededRandom random(seed);
  const TemporaryFolder folder;
  const std::filesystem::path socket = folder.path() / "activity", file = folder.path() / "run.trace";
  const Plugged plugged = kind.plug(io, random, socket);
  const double window_s = kind.window_s * (1 + random.uniform());
  const auto meter =
      open_meter(Section::parse(kind.keys + "port: " + plugged.port + "\n", "bench.yaml"), io.get_executor());
  const MeterIdentity identity = co_await meter->prepare();
  const TraceStart start{identity, meter->word_format(), 0};
  TraceWriter writer(file, start);
  Recorder recorder(*meter, writer, static_cast<std::uint64_t>(1.9 * window_s * identity.rate_hz));
  asio::co_spawn(io, speak_once_recorded(io, plugged, socket, window_s), asio::detached);
  const Result<void> outcome = co_await meter->record(recorder);
  EXPECT_TRUE(outcome);
  writer.finish();
  Measured measured = measured_in(TraceReader(file), *meter, window_s);
  measured.truth_c = plugged.truth().at(0).charge_c;
  all.push_back(std::move(measured));
}

// Some at a time: most of it is waiting for a meter to answer.
std::vector<Measured> measured_units(const Kind& kind) {
  constexpr std::uint64_t kAtOnce = 20;
  std::vector<Measured> all;
  for (std::uint64_t seed = 1; seed <= kUnits;) {
    asio::io_context io;
    std::uint64_t running = 0;
    for (; running < kAtOnce; ++running, ++seed)
      asio::co_spawn(io, measure_unit(io, kind, seed, all), [&](std::exception_ptr thrown) {
        EXPECT_FALSE(thrown);
        if (--running == 0) io.stop();
      });
    io.run();
  }
  return all;
}

class MeterCoverage : public testing::TestWithParam<Kind> {};

TEST_P(MeterCoverage, TheIntervalHoldsTheTrueChargeAsOftenAsItSays) {
  std::size_t held = 0;
  const std::vector<Measured> all = measured_units(GetParam());
  EXPECT_EQ(all.size(), kUnits);
  for (const Measured& measured : all) {
    EXPECT_EQ(measured.window.incomplete, "");
    held += measured.charge_c.low <= measured.truth_c && measured.truth_c <= measured.charge_c.high;
  }
  EXPECT_GE(held, kUnits * 90 / 100);
  EXPECT_LE(held, kUnits * 99 / 100);
}

INSTANTIATE_TEST_SUITE_P(, MeterCoverage,
                         testing::Values(Kind{"ppk2", "driver: ppk2\nsupply: 3.3 V\n", 0.04, plug_ppk2},
                                         Kind{"lpm01a", "driver: lpm01a\nsupply: 3.3 V\ntrigger: d7\n", 0.1,
                                              plug_lpm01a}),
                         [](const auto& kind) { return kind.param.name; });

}  // namespace
}  // namespace tinyhil::meter
