// SPDX-License-Identifier: Apache-2.0
#include "text_records.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/complaint.hpp"

namespace tinyhil {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::vector<FlashSegment> hex(std::string_view text) { return parse_intel_hex(bytes_of(text), "a.hex"); }
std::vector<FlashSegment> srec(std::string_view text) { return parse_s_record(bytes_of(text), "a.srec"); }

TEST(IntelHex, PutsRecordsAtTheirLinearOrSegmentAddress) {
  const auto segments =
      hex(":020000040800F2\n:0401080001020304E9\n:020000021000EC\n:0100000007F8\r\n\r\n:0400000508000000EF\n:"
          "00000001FF\n");
  ASSERT_EQ(segments.size(), 2u);
  EXPECT_EQ(segments[0].address, 0x10000u);
  EXPECT_THAT(segments[0].bytes, ElementsAre(7));
  EXPECT_EQ(segments[1].address, 0x08000108u);
  EXPECT_THAT(segments[1].bytes, ElementsAre(1, 2, 3, 4));
}

TEST(IntelHex, JoinsRecordsInAnyOrder) {
  const auto segments = hex(":0100010002FC\n:0100000001FE\n:00000001FF\n");
  ASSERT_EQ(segments.size(), 1u);
  EXPECT_THAT(segments[0].bytes, ElementsAre(1, 2));
}

TEST(IntelHex, NamesTheLineThatIsDamaged) {
  EXPECT_THAT(test::complaint([] { hex(":0100000001FE\n:0100010002FD\n:00000001FF\n"); }),
              HasSubstr("a.hex:2: Intel HEX record has a wrong checksum; make the file again"));
  EXPECT_THAT(test::complaint([] { hex(":0100000001F\n"); }),
              HasSubstr("a.hex:1: Intel HEX record is cut off"));
  EXPECT_THAT(test::complaint([] { hex(":0200000001FD\n"); }), HasSubstr("is cut off"));
  EXPECT_THAT(test::complaint([] { hex(":01000000x1FE\n"); }), HasSubstr("no hexadecimal digit"));
  EXPECT_THAT(test::complaint([] { hex("0100000001FE\n"); }), HasSubstr("does not begin with `:`"));
  EXPECT_THAT(test::complaint([] { hex(":0000000AF6\n"); }), HasSubstr("is of an unknown kind, 10"));
  EXPECT_THAT(test::complaint([] { hex(":0100000408F3\n"); }), HasSubstr("another length than 2 bytes"));
}

TEST(IntelHex, EndsWithItsEndRecord) {
  EXPECT_THAT(test::complaint([] { hex(":0100000001FE\n"); }), HasSubstr("ends without an end record"));
  EXPECT_THAT(test::complaint([] { hex(":00000001FF\n:0100000001FE\n"); }),
              HasSubstr("comes after the end record"));
  EXPECT_THAT(test::complaint([] { hex(":00000001FF\n"); }), HasSubstr("has nothing to load"));
}

TEST(IntelHex, HoldsOneContentForAnAddress) {
  EXPECT_THAT(test::complaint([] { hex(":0100000001FE\n:0100000002FD\n:00000001FF\n"); }),
              HasSubstr("puts two contents at address 0x00000000"));
}

TEST(IntelHex, BeginsWithAColonAndDigits) {
  EXPECT_TRUE(is_intel_hex(bytes_of(":00000001FF\n")));
  EXPECT_FALSE(is_intel_hex(bytes_of(":text: begins")));
  EXPECT_FALSE(is_intel_hex(bytes_of(":")));
}

TEST(SRecord, PutsRecordsAtAddressesOfEveryLength) {
  const auto segments =
      srec("S0030000FC\nS104000007F4\nS20501000001F8\nS3060200000002F5\nS5030003F9\nS9030000FC\n");
  ASSERT_EQ(segments.size(), 3u);
  EXPECT_EQ(segments[1].address, 0x010000u);
  EXPECT_EQ(segments[2].address, 0x02000000u);
  EXPECT_THAT(segments[2].bytes, ElementsAre(2));
}

TEST(SRecord, NamesTheLineThatIsDamaged) {
  EXPECT_THAT(test::complaint([] { srec("S104000007F5\n"); }),
              HasSubstr("a.srec:1: Motorola S record has a wrong checksum"));
  EXPECT_THAT(test::complaint([] { srec("S105000007F3\n"); }), HasSubstr("is cut off"));
  EXPECT_THAT(test::complaint([] { srec("S403000000\n"); }), HasSubstr("is of an unknown kind, S4"));
  EXPECT_THAT(test::complaint([] { srec("S104000007F4\n"); }), HasSubstr("ends without an end record"));
}

}  // namespace
}  // namespace tinyhil
