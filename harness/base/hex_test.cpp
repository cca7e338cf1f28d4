// SPDX-License-Identifier: Apache-2.0
#include "hex.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tinyhil {
namespace {

using testing::ElementsAre;

TEST(Hex, BytesAreTwoDigitsEach) {
  const std::vector<std::uint8_t> bytes = {0x01, 0xAB};
  EXPECT_EQ(to_hex(bytes), "01ab");
  EXPECT_THAT(from_hex("01aB").value(), ElementsAre(0x01, 0xAB));
  EXPECT_FALSE(from_hex("012"));
  EXPECT_FALSE(from_hex("0x"));
}

TEST(Hex, ANumberIsReadBackAsItWasWritten) {
  EXPECT_EQ(hexadecimal(0x2000ABCD), "0x2000abcd");
  EXPECT_EQ(parse_address("0x2000abcd"), 0x2000ABCDu);
  EXPECT_EQ(parse_address("512"), 512u);
  EXPECT_EQ(parse_address("0x"), std::nullopt);
  EXPECT_EQ(parse_address(""), std::nullopt);
  EXPECT_EQ(parse_address("12 "), std::nullopt);
}

}  // namespace
}  // namespace tinyhil
