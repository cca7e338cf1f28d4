// SPDX-License-Identifier: Apache-2.0
// The driver against a small instrument on a TCP port of this machine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstring>
#include <thread>

#include "base/error.hpp"
#include "meter.hpp"
#include "sim/near_end.hpp"
#include "testing/await.hpp"

namespace tinyhil::meter {
namespace {

using testing::Contains;
using testing::Each;
using testing::FloatEq;
using testing::HasSubstr;

// Answers each line by what a test says.
class Instrument {
 public:
  using Answer = std::function<std::string(const std::string&)>;

  Instrument(boost::asio::io_context& io, Answer answer)
      : near_(sim::near_on_tcp(io.get_executor(), 0)), answer_(std::move(answer)) {
    boost::asio::co_spawn(io, run(*this), boost::asio::detached);
  }
  std::string port() const { return near_->address().substr(near_->address().rfind(':') + 1); }
  std::vector<std::string> heard;

 private:
  static boost::asio::awaitable<void> run(Instrument& self) {
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
        self.heard.push_back(line);
        const std::string answer = self.answer_(std::exchange(line, {}));
        const std::vector<std::uint8_t> reply(answer.begin(), answer.end());
        if (!reply.empty()) co_await self.near_->write(reply);
      }
    }
  }

  std::unique_ptr<sim::NearEnd> near_;
  Answer answer_;
};

std::string usual(const std::string& line) {
  if (line == "*IDN?") return "Keysight,N6705C,SIMULATED,1\n";
  if (line.ends_with("SYST:ERR?")) return "+0,\"No error\"\n";
  if (line.starts_with("OUTP?")) return "1\n";
  if (line == "MEAS:CURR?") return "+6.2E-03\n";
  if (!line.starts_with("FETC")) return "";
  std::string block = "#264";
  for (int i = 0; i < 16; ++i) {
    const float current = 6.2e-3F;
    std::array<char, 4> bytes{};
    std::memcpy(bytes.data(), &current, 4);
    block.append(bytes.data(), 4);
  }
  return block + "\n";
}

class ScpiTest : public testing::Test, public SampleSink {
 protected:
  std::unique_ptr<Meter> open(const Instrument& instrument, const std::string& keys) {
    return open_meter(
        Section::parse("driver: scpi\nhost: 127.0.0.1\nport: " + instrument.port() +
                           "\nsupply: 3.3 V\nrange: 100 mA\naccuracy: 1 %\noffset: 1 uA\n" + keys,
                       "bench.yaml"),
        io_.get_executor());
  }
  template <class T>
  T await(asio::awaitable<T> task) {
    return test::await_beside(io_, std::move(task));
  }
  std::string why_not(Meter& meter) {
    try {
      await(meter.prepare());
    } catch (const Error& error) {
      return error.what();
    }
    return "it is prepared";
  }

  void samples(const SampleBlock& block) override {
    EXPECT_EQ(block.first, end_);
    end_ += block.current_a.size();
    current_a_.insert(current_a_.end(), block.current_a.begin(), block.current_a.end());
    if (current_a_.size() >= enough_) meter_->stop();
  }
  void gap(const Gap& gap) override {
    EXPECT_EQ(gap.first, end_);
    end_ += gap.count;
    gaps_.push_back(gap);
    if (gap.cause == GapCause::corrupted) meter_->stop();
  }

  boost::asio::io_context io_;
  std::unique_ptr<Meter> meter_;
  std::size_t enough_ = 32;
  std::uint64_t end_ = 0;
  std::vector<float> current_a_;
  std::vector<Gap> gaps_;
};

TEST_F(ScpiTest, RecordsArraysWithThePausesBetweenThemAsGaps) {
  Instrument instrument(io_, [](const std::string& line) {  // which takes longer than 16 samples of 1 us
    if (line.starts_with("FETC")) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return usual(line);
  });
  meter_ = open(instrument, "dialect: n6705\npoints: 16\ninterval: 1 us\n");
  const MeterIdentity identity = await(meter_->prepare());
  EXPECT_TRUE(identity.simulated);
  EXPECT_NEAR(identity.ranges.at(0).top_a, 0.1, 1e-12);
  EXPECT_TRUE(await(meter_->record(*this)));
  EXPECT_EQ(current_a_.size(), 32U);
  EXPECT_THAT(current_a_, Each(FloatEq(6.2e-3F)));
  EXPECT_THAT(gaps_, Contains(testing::Field(&Gap::cause, GapCause::clock)));
  EXPECT_THAT(instrument.heard, Contains("VOLT 3.3,(@1);:SYST:ERR?"));
  EXPECT_THAT(instrument.heard, Contains("SENS:SWE:TINT 1e-06,(@1);:SYST:ERR?"));
}

TEST_F(ScpiTest, PollsAnInstrumentThatKnowsNothingElse) {
  Instrument instrument(io_, usual);
  meter_ = open(instrument, "dialect: polled\ninterval: 10 ms\n");
  EXPECT_EQ(await(meter_->prepare()).voltage, VoltageSource::stated);
  enough_ = 5;
  EXPECT_TRUE(await(meter_->record(*this)));
  EXPECT_THAT(current_a_, Each(FloatEq(6.2e-3F)));
}

TEST_F(ScpiTest, TellsWhatTheInstrumentRefuses) {
  Instrument instrument(io_, [](const std::string& line) {
    return line.starts_with("SENS:SWE:TINT") ? "-222,\"Data out of range\"\n" : usual(line);
  });
  meter_ = open(instrument, "dialect: n6705\npoints: 16\n");
  EXPECT_THAT(why_not(*meter_), HasSubstr("Data out of range"));
}

TEST_F(ScpiTest, SaysThatTheOutputIsOff) {
  Instrument instrument(
      io_, [](const std::string& line) { return line.starts_with("OUTP?") ? "0\n" : usual(line); });
  meter_ = open(instrument, "dialect: n6705\npoints: 16\n");
  EXPECT_THAT(why_not(*meter_), HasSubstr("does not supply the board"));
}

TEST_F(ScpiTest, EndsWithAFaultOnAnArrayOfAnotherLength) {
  Instrument instrument(
      io_, [](const std::string& line) { return line.starts_with("FETC") ? "#14abcd\n" : usual(line); });
  meter_ = open(instrument, "dialect: n6705\npoints: 16\n");
  await(meter_->prepare());
  const Result<void> outcome = await(meter_->record(*this));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, FaultKind::corrupt);
}

TEST_F(ScpiTest, CountsWhatIsNoMeasurementAsLost) {
  Instrument instrument(
      io_, [](const std::string& line) { return line == "MEAS:CURR?" ? "9.91E+37\n" : usual(line); });
  meter_ = open(instrument, "dialect: polled\ninterval: 10 ms\n");
  await(meter_->prepare());
  EXPECT_TRUE(await(meter_->record(*this)));
  EXPECT_TRUE(current_a_.empty());
  EXPECT_EQ(gaps_.back().cause, GapCause::corrupted);
}

}  // namespace
}  // namespace tinyhil::meter
