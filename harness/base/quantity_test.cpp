// SPDX-License-Identifier: Apache-2.0
#include "quantity.hpp"

#include <gtest/gtest.h>

namespace tinyhil {
namespace {

using namespace std::chrono_literals;

TEST(Quantity, ReadsSharesInPercent) {
  EXPECT_EQ(parse_ratio("2 %"), 0.02);
  EXPECT_EQ(parse_ratio("2%"), 0.02);
  EXPECT_EQ(parse_ratio("0.5  %"), 0.005);
  EXPECT_EQ(parse_ratio("0 %"), 0.0);
}

TEST(Quantity, ReadsDurationsInEveryUnit) {
  EXPECT_EQ(parse_duration("250 ns"), 250ns);
  EXPECT_EQ(parse_duration("1.5us"), 1500ns);
  EXPECT_EQ(parse_duration("3 µs"), 3us);
  EXPECT_EQ(parse_duration("20 ms"), 20ms);
  EXPECT_EQ(parse_duration("0.1 s"), 100ms);
  EXPECT_EQ(parse_duration("10 min"), 10min);
  EXPECT_EQ(parse_duration("1 h"), 1h);
  EXPECT_EQ(parse_duration("2 d"), 48h);
}

TEST(Quantity, ReadsByteCountsInPowersOf1000And1024) {
  EXPECT_EQ(parse_byte_count("13 KiB"), 13'312u);
  EXPECT_EQ(parse_byte_count("13000 B"), 13'000u);
  EXPECT_EQ(parse_byte_count("1.5 KiB"), 1536u);
  EXPECT_EQ(parse_byte_count("2 MB"), 2'000'000u);
  EXPECT_EQ(parse_byte_count("1 GiB"), 1'073'741'824u);
}

TEST(Quantity, IsNothingWithoutAUnit) {
  EXPECT_EQ(parse_ratio("0.02"), std::nullopt);
  EXPECT_EQ(parse_duration("20"), std::nullopt);
  EXPECT_EQ(parse_byte_count("4096"), std::nullopt);
}

TEST(Quantity, IsNothingWithTheUnitOfAnotherKind) {
  EXPECT_EQ(parse_ratio("2 ms"), std::nullopt);
  EXPECT_EQ(parse_duration("2 %"), std::nullopt);
  EXPECT_EQ(parse_byte_count("2 KB"), std::nullopt);  // 1000 or 1024? refuse to guess
}

TEST(Quantity, IsNothingWhenNegativeInfiniteOrTooLarge) {
  EXPECT_EQ(parse_ratio("-1 %"), std::nullopt);
  EXPECT_EQ(parse_ratio("inf %"), std::nullopt);
  EXPECT_EQ(parse_ratio("nan %"), std::nullopt);
  EXPECT_EQ(parse_duration("367 d"), std::nullopt);
  EXPECT_EQ(parse_byte_count("1e300 GiB"), std::nullopt);
  EXPECT_EQ(parse_byte_count("0.5 B"), std::nullopt);
}

TEST(Quantity, WithoutUnitTakesTheWholeText) {
  EXPECT_EQ(parse_number("0.99"), 0.99);
  EXPECT_EQ(parse_number("0.99x"), std::nullopt);
  EXPECT_EQ(parse_integer("-12"), -12);
  EXPECT_EQ(parse_integer("12.0"), std::nullopt);
  EXPECT_EQ(parse_integer("9223372036854775808"), std::nullopt);
}

TEST(ParseQuantity, KnowsWhatABatteryIsMeasuredIn) {
  EXPECT_EQ(parse_years("10 y"), 10);
  EXPECT_NEAR(*parse_years("730.5 d"), 2, 1e-12);
  EXPECT_EQ(parse_charge_mah("2.04 Ah"), 2040);
  EXPECT_NEAR(*parse_current_ua("400 nA"), 0.4, 1e-12);
  EXPECT_EQ(parse_current_ua("1.5 mA"), 1500);
  EXPECT_FALSE(parse_years("10 a"));
  EXPECT_EQ(parse_charge_uc("2 mC"), 2000);
  EXPECT_EQ(parse_energy_uj("1.5 mJ"), 1500);
  EXPECT_EQ(parse_temperature_c("25 C"), 25);
  EXPECT_EQ(parse_temperature_c("-10 C"), -10);
  EXPECT_FALSE(parse_temperature_c("-300 C"));
  EXPECT_FALSE(parse_temperature_c("--10 C"));
  EXPECT_FALSE(parse_energy_uj("-1 uJ"));
  EXPECT_FALSE(parse_charge_uc("30 uJ"));
  EXPECT_FALSE(parse_charge_mah("2040"));
  EXPECT_FALSE(parse_current_ua("4 mAh"));
  EXPECT_EQ(parse_voltage_v("3.3 V"), 3.3);
  EXPECT_EQ(parse_voltage_v("3300 mV"), 3.3);
  EXPECT_FALSE(parse_voltage_v("3.3"));
  EXPECT_FALSE(parse_voltage_v("-1 V"));
}

}  // namespace
}  // namespace tinyhil
