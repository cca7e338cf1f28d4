// SPDX-License-Identifier: Apache-2.0
#include "meter/internal/ppk2_metadata.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "meter/internal/ppk2_dump.hpp"

namespace tinyhil::meter {

namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

Ppk2Metadata dump() { return parse_ppk2_metadata(kPpk2Dump).value(); }

// The same once more with more digits, the constants typed anew.
long double reference_ua(std::size_t range, unsigned adc) {
  constexpr long double kR[] = {1003.3506L, 101.5865L, 10.3027L, 0.9636L, 0.0564L};
  constexpr long double kGs[] = {1, 112.7890L, 18.0115L, 2.4217L, 0.0729L};  // GS0: 0 leaves the usual 1
  constexpr long double kGi[] = {1, 0.9695L, 0.9609L, 0.9519L, 0.9582L};
  constexpr long double kO[] = {112.9420L, 75.4627L, 64.6020L, 50.4983L, 87.2177L};
  constexpr long double kS[] = {4.8e-8L, 5.96e-7L, 5.281e-6L, 6.2577e-5L, 2.940743e-3L};
  constexpr long double kI[] = {-1.04e-7L, -1.443e-6L, 3.6439e-5L, -3.74119e-4L, -9.388455e-3L};
  const long double x = (4.0L * adc - kO[range]) * (1.8L / 163840) / kR[range];
  return 1e6L * (x * (kGs[range] * x + kGi[range]) + kS[range] * 3.741L + kI[range]);
}

void expect_close(double value, long double expected, long double relative) {
  EXPECT_LE(std::abs(value - expected), relative * std::abs(expected)) << value << " for " << expected;
}

TEST(Ppk2Calibration, AgreesWithTheMakersApplicationToTheLastDigits) {
  expect_close(1e6 * ppk2_current_a(dump(), 0, 27), 0.021454880761611544L, 1e-8L);
}

TEST(Ppk2Calibration, AgreesWithTheFormulaInLongDoubleInEveryRange) {
  for (std::size_t range = 0; range < kPpk2Ranges; ++range) {
    for (const unsigned adc : {0U, 1U, 27U, 28U, 1000U, 8191U, 16383U})
      expect_close(1e6 * ppk2_current_a(dump(), range, adc), reference_ua(range, adc), 1e-8L);
  }
}

TEST(Ppk2Calibration, AgreesWithPublishedFiguresOfThisUnit) {
  const double figures_ua[] = {42.639, 432.5883, 4405.8373, 47634.0527, 774285.6884};
  for (std::size_t range = 0; range < kPpk2Ranges; ++range)
    EXPECT_NEAR(1e6 * ppk2_current_a(dump(), range, 1000), figures_ua[range], range == 0 ? 5e-4 : 6e-5);
}

TEST(Ppk2Metadata, ReadsEveryConstant) {
  const Ppk2Metadata metadata = dump();
  EXPECT_EQ(metadata.ranges[3].r, 0.9636);
  EXPECT_EQ(metadata.ranges[3].gs, 2.4217);
  EXPECT_EQ(metadata.ranges[3].gi, 0.9519);
  EXPECT_EQ(metadata.ranges[3].o, 50.4983);
  EXPECT_EQ(metadata.ranges[3].s, 6.2577e-5);
  EXPECT_EQ(metadata.ranges[3].i, -3.74119e-4);
  EXPECT_EQ(metadata.ranges[3].ug, 1);
  EXPECT_EQ(metadata.vdd_mv, 3741);
  EXPECT_EQ(metadata.simulated, "");
  EXPECT_FALSE(metadata.virtual_time);
}

TEST(Ppk2Metadata, ReadsBothEndsOfLineAndItsOwnText) {
  const Ppk2Metadata other = parse_ppk2_metadata(replaced(kPpk2Dump, "\n", "\r\n")).value();
  EXPECT_EQ(other.text, dump().text);
  EXPECT_EQ(parse_ppk2_metadata(other.text)->text, dump().text);
  EXPECT_EQ(ppk2_current_a(*parse_ppk2_metadata(other.text), 2, 77), ppk2_current_a(dump(), 2, 77));
}

TEST(Ppk2Metadata, WhatIsNoNumberOrZeroOrMissingLeavesTheUsualValue) {
  const std::string odd = replaced(
      replaced(replaced(kPpk2Dump, "R2: 10.3027", "R2: -nan"), "GI1: 0.9695", "GI1: inf"), "UG4: 1.00\n", "");
  const Ppk2Metadata metadata = parse_ppk2_metadata(odd).value();
  EXPECT_EQ(metadata.ranges[2].r, 10.15);
  EXPECT_EQ(metadata.ranges[1].gi, 1);
  EXPECT_EQ(metadata.ranges[4].ug, 1);
  EXPECT_EQ(metadata.ranges[0].gs, 1) << "as the maker's application reads `GS0: 0`";
}

TEST(Ppk2Metadata, SamplesOfAnEarlierRunMayStandBeforeIt) {
  std::string stale;
  for (int n = 0; n < 20'000; ++n) stale += static_cast<char>(n * 37);
  for (const std::string& before :
       {stale, std::string("\x01\x02\n\xff"), std::string("R0: 7"), std::string("x")}) {
    const auto metadata = parse_ppk2_metadata(before + kPpk2Dump);
    ASSERT_TRUE(metadata) << before.size();
    EXPECT_EQ(metadata->ranges[0].r, 1003.3506);
    EXPECT_LT(metadata->text.size(), 1000U);
  }
  const std::string without_first = kPpk2Dump.substr(kPpk2Dump.find("R0"));
  EXPECT_EQ(parse_ppk2_metadata("\xf0"
                                "A" +
                                without_first)
                ->ranges[0]
                .r,
            1003.3506);
}

TEST(Ppk2Metadata, WithoutItsEndItIsReadButNotWhole) {
  const std::string cut = replaced(kPpk2Dump, "END\n", "");
  EXPECT_TRUE(parse_ppk2_metadata(cut));
  EXPECT_FALSE(is_whole_ppk2_metadata(cut));
  EXPECT_TRUE(is_whole_ppk2_metadata(kPpk2Dump));
  EXPECT_TRUE(is_whole_ppk2_metadata(replaced(kPpk2Dump, "END\n", "END")));
}

TEST(Ppk2Metadata, WhatLacksAResistorIsNoPpk2) {
  EXPECT_FALSE(parse_ppk2_metadata(replaced(kPpk2Dump, "R3: 0.9636\n", "")));
  EXPECT_FALSE(parse_ppk2_metadata("login: "));
  EXPECT_FALSE(parse_ppk2_metadata(""));
}

TEST(Ppk2Metadata, KnowsASimulatorAndItsClock) {
  const auto metadata = parse_ppk2_metadata("Simulated: tinyhil sim ppk2\nClock: virtual\n" + kPpk2Dump);
  EXPECT_EQ(metadata->simulated, "tinyhil sim ppk2");
  EXPECT_TRUE(metadata->virtual_time);
}

TEST(Ppk2Metadata, ItsTextIsBounded) {
  std::string endless = kPpk2Dump.substr(0, kPpk2Dump.find("IA"));
  for (int n = 0; n < 1000; ++n) endless += "K" + std::to_string(n) + ": 1\n";
  EXPECT_LE(parse_ppk2_metadata(endless + kPpk2Dump)->text.size(), 64U * 121);
}

TEST(Ppk2Metadata, TheVoltageInForceReplacesTheOldOne) {
  const Ppk2Metadata metadata = parse_ppk2_metadata(with_vdd(dump(), 3300)).value();
  EXPECT_EQ(metadata.vdd_mv, 3300);
  EXPECT_EQ(std::ranges::count(metadata.text, '\n'), std::ranges::count(dump().text, '\n'));
}

}  // namespace

}  // namespace tinyhil::meter
