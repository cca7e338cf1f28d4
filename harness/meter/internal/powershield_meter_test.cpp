// SPDX-License-Identifier: Apache-2.0
// The driver against the simulated meters, over pseudo-terminals.
#include "powershield_meter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "base/error.hpp"
#include "sim/near_end.hpp"
#include "sim/powershield_bench.hpp"
#include "testing/await.hpp"

namespace tinyhil::meter {
namespace {

using sim::PowershieldBench;
using sim::PowershieldFault;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

// Stops the meter after so many samples.
struct Recorded : SampleSink {
  Recorded(Meter& recorded, std::size_t most) : meter(recorded), enough(most) {}

  void samples(const SampleBlock& block) override {
    EXPECT_EQ(block.first, end);
    end = block.first + block.current_a.size();
    count += block.current_a.size();
    for (const float current : block.current_a) sum_a += current;
    for (const std::uint8_t lines : block.lines) edges += lines == 0x80 ? 1 : 0;
    if (count >= enough) meter.stop();
  }
  void gap(const Gap& gap) override {
    EXPECT_EQ(gap.first, end);
    end = gap.first + gap.count;
    gaps.push_back(gap);
  }

  Meter& meter;
  std::size_t enough;
  std::uint64_t end = 0;
  std::size_t count = 0;
  double sum_a = 0;
  int edges = 0;
  std::vector<Gap> gaps;
};

class PowershieldMeterTest : public testing::Test {
 protected:
  template <class T>
  T await(asio::awaitable<T> task) {
    return test::await_beside(io_, std::move(task));
  }

  std::unique_ptr<Meter> open(const std::string& port, const std::string& keys = "") {
    const std::string yaml =
        "port: " + port + "\nsupply: 3.3 V\n" + (keys.find("driver") == 0 ? "" : "driver: lpm01a\n") + keys;
    return open_meter(Section::parse(yaml, "bench.yaml"), io_.get_executor());
  }
  MeterIdentity prepare(Meter& meter) { return await(meter.prepare()); }
  std::string why_not(Meter& meter) {
    try {
      prepare(meter);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
      return error.what() + (": " + error.remedy());
    }
    return "it is prepared";
  }
  Result<void> record(Meter& meter, SampleSink& sink) { return await(meter.record(sink)); }

  boost::asio::io_context io_;
};

TEST_F(PowershieldMeterTest, RecordsAnAsciiRunWithItsTriggerEdges) {
  PowershieldBench bench(io_.get_executor(), {});
  const auto meter = open(bench.port(), "trigger: d7\ncalibrated: 2026-01-15\n");
  const MeterIdentity identity = prepare(*meter);
  EXPECT_TRUE(identity.simulated);
  EXPECT_THAT(identity.firmware, HasSubstr("1.0.6"));
  EXPECT_EQ(identity.rate_hz, 5000);
  EXPECT_EQ(identity.trigger, 7);
  EXPECT_EQ(identity.calibrated, "2026-01-15");
  Recorded sink(*meter, 2500);
  EXPECT_TRUE(record(*meter, sink));
  EXPECT_THAT(sink.gaps, IsEmpty());
  EXPECT_GE(sink.edges, 4);  // ten a second
}

TEST_F(PowershieldMeterTest, RecordsBinaryAtTheFullRateAndAgain) {
  PowershieldBench bench(io_.get_executor(), {});
  const auto meter = open(bench.port());
  prepare(*meter);
  for (int run = 0; run < 2; ++run) {
    Recorded sink(*meter, 1);  // a block is a second
    EXPECT_TRUE(record(*meter, sink));
    EXPECT_THAT(sink.gaps, IsEmpty());
    ASSERT_GE(sink.count, 100'000U);
    EXPECT_NEAR(sink.sum_a / static_cast<double>(sink.count), 3.38e-3, 0.15e-3);
  }
}

TEST_F(PowershieldMeterTest, EndsTheRecordingOfAnEarlierHostFirst) {
  PowershieldBench::Options options;
  options.settings.faults = {{PowershieldFault::Kind::stale}};
  PowershieldBench bench(io_.get_executor(), options);
  const auto meter = open(bench.port());
  EXPECT_EQ(prepare(*meter).driver, "lpm01a");
}

TEST_F(PowershieldMeterTest, RecordsFromAStlinkWithTheAccuracyThatIsStated) {
  PowershieldBench::Options options;
  options.settings.is_stlink = true;
  PowershieldBench bench(io_.get_executor(), options);
  const auto meter = open(bench.port(), "driver: stlink_v3pwr\nrate: 1k\naccuracy: 2 %\noffset: 100 nA\n");
  const MeterIdentity identity = prepare(*meter);
  ASSERT_EQ(identity.ranges.size(), 1U);
  EXPECT_EQ(identity.ranges[0].gain_limit, 0.02);
  Recorded sink(*meter, 1000);
  EXPECT_TRUE(record(*meter, sink));
  EXPECT_THAT(sink.gaps, IsEmpty());
}

TEST_F(PowershieldMeterTest, NamesTheDriverOfTheMeterThatIsThere) {
  PowershieldBench::Options options;
  options.settings.is_stlink = true;
  PowershieldBench bench(io_.get_executor(), options);
  const auto meter = open(bench.port());
  EXPECT_THAT(why_not(*meter), HasSubstr("`driver: stlink_v3pwr`"));
}

TEST_F(PowershieldMeterTest, SaysThatThePortIsInUse) {
  PowershieldBench bench(io_.get_executor(), {});
  const auto first = open(bench.port());
  const auto second = open(bench.port());
  prepare(*first);
  EXPECT_THAT(why_not(*second), HasSubstr("in use"));
}

TEST_F(PowershieldMeterTest, ReportsSamplesThatTheMeterSaysItLost) {
  PowershieldBench::Options options;
  options.settings.faults = {{PowershieldFault::Kind::overflow, 1.2, 512}};
  PowershieldBench bench(io_.get_executor(), options);
  const auto meter = open(bench.port(), "rate: 10k\n");
  prepare(*meter);
  Recorded sink(*meter, 25'000);
  EXPECT_TRUE(record(*meter, sink));
  ASSERT_EQ(sink.gaps.size(), 1U);
  EXPECT_EQ(sink.gaps[0].count, 512U);
  EXPECT_EQ(sink.gaps[0].cause, GapCause::reported);
}

TEST_F(PowershieldMeterTest, EndsWithAFaultWhenTheMeterCutsTheBoardOff) {
  PowershieldBench::Options options;
  options.settings.faults = {{PowershieldFault::Kind::overcurrent, 0.2}};
  PowershieldBench bench(io_.get_executor(), options);
  const auto meter = open(bench.port());
  prepare(*meter);
  Recorded sink(*meter, 1'000'000);
  const Result<void> outcome = record(*meter, sink);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, FaultKind::refused);
  EXPECT_THAT(outcome.error().remedy, HasSubstr("59 mA"));
  EXPECT_THAT(sink.gaps, Contains(Field(&Gap::cause, GapCause::overcurrent)));
}

TEST_F(PowershieldMeterTest, EndsAsGoneWhenItIsUnplugged) {
  PowershieldBench::Options options;
  options.unplug_at_s = 0.2;
  PowershieldBench bench(io_.get_executor(), options);
  const auto meter = open(bench.port(), "rate: 5k\nformat: ascii\n");
  prepare(*meter);
  Recorded sink(*meter, 1'000'000);
  const Result<void> outcome = record(*meter, sink);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, FaultKind::gone);
  EXPECT_GT(sink.count, 0U);
}

// Something that answers each line as a test wants it.
class Responder {
 public:
  using Answer = std::function<std::string(const std::string&)>;

  Responder(boost::asio::io_context& io, Answer answer)
      : near_(sim::near_on_pty(io.get_executor(), std::nullopt)), answer_(std::move(answer)) {
    boost::asio::co_spawn(io, run(*this), boost::asio::detached);
  }
  std::string port() const { return near_->address(); }

 private:
  static boost::asio::awaitable<void> run(Responder& self) {
    std::array<std::uint8_t, 256> bytes{};
    std::string line;
    for (;;) {
      const std::size_t size = co_await self.near_->read(bytes);
      if (size == 0) co_return;
      for (const std::uint8_t byte : std::span(bytes).first(size)) {
        if (byte != '\n') {
          line += static_cast<char>(byte);
          continue;
        }
        const std::string answer = self.answer_(std::exchange(line, {}));
        const std::vector<std::uint8_t> reply(answer.begin(), answer.end());
        if (!reply.empty()) co_await self.near_->write(reply);
      }
    }
  }

  std::unique_ptr<sim::NearEnd> near_;
  Answer answer_;
};

std::string acknowledged(const std::string& line) {
  return line == "stop" ? "" : "PowerShield > ack " + line + "\r\n";
}

TEST_F(PowershieldMeterTest, TellsWhyTheMeterRefuses) {
  Responder refusing(io_, [](const std::string& line) -> std::string {
    return line.starts_with("freq") ? "PowerShield > error " + line + "\r\nError detail: not today\r\n"
                                    : acknowledged(line);
  });
  const auto meter = open(refusing.port());
  EXPECT_THAT(why_not(*meter), HasSubstr("refuses `freq 100k`: not today"));
}

TEST_F(PowershieldMeterTest, SaysThatTheBoardIsNotSupplied) {
  Responder unpowered(
      io_, [](const std::string& line) { return acknowledged(line) + (line == "pwr get" ? "off\r\n" : ""); });
  const auto meter = open(unpowered.port());
  EXPECT_THAT(why_not(*meter), HasSubstr("does not supply the board"));
}

TEST_F(PowershieldMeterTest, SaysWhatAnswersInsteadOfTheMeter) {
  Responder shell(io_, [](const std::string& line) { return line + ": command not found\r\n"; });
  const auto meter = open(shell.port());
  const std::string why = why_not(*meter);
  EXPECT_THAT(why, HasSubstr("does not answer `powershield`"));
  EXPECT_THAT(why, HasSubstr("powershield: command not found"));
}

TEST_F(PowershieldMeterTest, RefusesKeysThatCannotBeMeant) {
  for (const char* keys :
       {"format: binary\ntrigger: d7\n", "format: ascii\nrate: 10k\n", "rate: 3k\n",
        "calibrated: 2026-02-30\n", "calibrated: 2026-02-03\ncalibration_expires: 2025-02-03\n",
        "range: auto\n", "driver: stlink_v3pwr\n"}) {
    EXPECT_THROW(open("/dev/null", keys), Error) << keys;
  }
}

}  // namespace
}  // namespace tinyhil::meter
