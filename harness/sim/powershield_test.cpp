// SPDX-License-Identifier: Apache-2.0
#include "powershield.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tinyhil::sim {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

PowershieldSettings quiet_settings() {
  PowershieldSettings settings;
  settings.noise_a = 0;
  return settings;
}

class PowershieldTest : public testing::Test {
 protected:
  std::string tell(const std::string& bytes) {
    meter_.receive({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    return taken();
  }
  std::string taken() {
    std::vector<std::uint8_t> bytes;
    meter_.take(bytes);
    return {bytes.begin(), bytes.end()};
  }
  std::string until(double s) {
    EXPECT_TRUE(meter_.advance(s, 1'000'000));
    return taken();
  }
  void use(const PowershieldSettings& settings) { meter_ = Powershield(settings); }

  Powershield meter_{quiet_settings()};
};

TEST_F(PowershieldTest, AcknowledgesAsTheMeterDoes) {
  EXPECT_EQ(tell("htc\n"), "\r\nPowerShield > ack htc\r\n\r\n");
  EXPECT_THAT(tell("freq 3k\n"), HasSubstr("PowerShield > error freq 3k"));
  EXPECT_THAT(tell("volt 5000m\n"), HasSubstr("Error detail: "));
}

TEST_F(PowershieldTest, ObeysOnlyWhoeverHasTakenControl) {
  EXPECT_THAT(tell("freq 1k\n"), HasSubstr("not controlled by host"));
  EXPECT_THAT(tell("version\n"), HasSubstr("simulated"));
}

TEST_F(PowershieldTest, SendsAsciiSamplesAndATimestampWithANul) {
  tell("htc\nfreq 2\nacqtime inf\nstart\n");
  meter_.add({0.0, PowerState::active, false});
  const std::string sent = until(1.5);
  EXPECT_EQ(sent, std::string("6200-06\r\n6200-06\r\nTimeStamp: 001s 000ms, buff 00%\r\n\0"
                              "6200-06\r\n",
                              61));
}

TEST_F(PowershieldTest, SendsBinarySamplesOfTwelveBits) {
  PowershieldSettings settings = quiet_settings();
  settings.currents.idle_a = 640.9e-6;
  use(settings);
  tell("htc\nformat bin_hexa\nfreq 1\nacqtime inf\nstart\n");
  EXPECT_EQ(until(1.0), std::string("\x52\xA0\xF0\xF3\0\0\x03\xE8\0\xFF\xFF", 11));
}

TEST_F(PowershieldTest, TellsEdgesBetweenSamples) {
  tell("htc\nfreq 10\nacqtime inf\neventsrc d7 ris\nstart\n");
  meter_.add({0.25, PowerState::active, true});
  meter_.add({0.55, PowerState::idle, false});
  const std::string sent = until(0.9);
  EXPECT_THAT(sent, HasSubstr("1500-06\r\n1500-06\r\nevent 00 ris\r\n"));
  EXPECT_THAT(sent, Not(HasSubstr("event 01")));
  ASSERT_EQ(meter_.windows().size(), 1U);
  EXPECT_NEAR(meter_.windows()[0].charge_c, 0.3 * 6.2e-3, 1e-6);
}

TEST_F(PowershieldTest, EndsWithASummaryAndWithoutAnAcknowledgement) {
  tell("htc\nfreq 10\nacqtime inf\nstart\n");
  until(1.0);
  const std::string sent = tell("stop\n");
  EXPECT_THAT(sent, StartsWith("summary beg\r\n"));
  EXPECT_THAT(sent, EndsWith("\r\nPowerShield > Acquisition completed\r\n"));
  EXPECT_THAT(sent, Not(HasSubstr("ack")));
}

TEST_F(PowershieldTest, CutsTheBoardOffAbove59Milliamperes) {
  PowershieldSettings settings = quiet_settings();
  settings.currents.active_a = 0.08;
  use(settings);
  tell("htc\npwr on\nfreq 10\nformat bin_hexa\nacqtime inf\nstart\n");
  meter_.add({0.2, PowerState::active, false});
  EXPECT_THAT(until(1.0), HasSubstr("\xF0\xF5\xFF\xFF"));
  EXPECT_FALSE(meter_.streaming());
  EXPECT_THAT(tell("pwr get\n"), HasSubstr("off"));
}

TEST_F(PowershieldTest, HearsNothingButStopWhileItRecords) {
  PowershieldSettings settings = quiet_settings();
  settings.faults = {{PowershieldFault::Kind::stale}};
  use(settings);
  until(0.5);
  EXPECT_EQ(tell("htc\n"), "");
  EXPECT_THAT(tell("stop\n"), HasSubstr("Acquisition completed"));
  EXPECT_THAT(tell("htc\n"), HasSubstr("ack htc"));
}

TEST_F(PowershieldTest, LosesSamplesAsIsAskedFor) {
  PowershieldSettings settings = quiet_settings();
  settings.faults = {{PowershieldFault::Kind::overflow, 0.5, 64}, {PowershieldFault::Kind::loss, 1.2, 512}};
  use(settings);
  tell("htc\nfreq 1k\nformat bin_hexa\nacqtime inf\nstart\n");
  const std::string first = until(1.0);
  EXPECT_THAT(first, HasSubstr(std::string("\xF0\xF1") + "buffer overflow\r\n\xFF\xFF"));
  EXPECT_EQ(first.size(), (1000 - 64) * 2 + 21 + 9);
  EXPECT_EQ(until(2.0).size(), (1000 - 512) * 2 + 9);
}

TEST(PowershieldFaults, AreReadFromText) {
  const auto fault = parse_powershield_fault("overflow@2.5:512");
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->count, 512U);
  EXPECT_EQ(fault->at_s, 2.5);
  EXPECT_TRUE(parse_powershield_fault("stale"));
  EXPECT_TRUE(parse_powershield_fault("overcurrent@3"));
  for (const char* text :
       {"", "loss", "loss@1", "loss@1:0", "loss@-1:5", "overcurrent@1:3", "stale@1", "rain@1"}) {
    EXPECT_FALSE(parse_powershield_fault(text)) << text;
  }
}

}  // namespace
}  // namespace tinyhil::sim
