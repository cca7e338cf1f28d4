// SPDX-License-Identifier: Apache-2.0
extern "C" {
#include "flatbuffer.h"
}

#include <gtest/gtest.h>

#include <vector>

namespace {

// A table with field 0 = int32 42, field 1 = vector {7, 8}, field 3 = byte 9; field 2 absent.
std::vector<uint8_t> image() {
  return {
      20, 0, 0,  0, 'T', 'E', 'S', 'T',                           // 0: root at 20, identifier
      12, 0, 16, 0, 4,   0,   8,   0,   0, 0, 12, 0,              // 8: vtable, 12 bytes; table 16 bytes
      12, 0, 0,  0, 42,  0,   0,   0,   8, 0, 0,  0, 9, 0, 0, 0,  // 20: table, vtable 12 before
      2,  0, 0,  0, 7,   0,   0,   0,   8, 0, 0,  0,              // 36: vector
  };
}

thil_fb open(const std::vector<uint8_t>& bytes) {
  return {bytes.data(), static_cast<uint32_t>(bytes.size()), false};
}

TEST(Flatbuffer, ReadsFieldsAndDefaults) {
  const auto bytes = image();
  thil_fb fb = open(bytes);
  const thil_fb_table root = thil_fb_root(&fb, "TEST");
  EXPECT_EQ(thil_fb_i32(&fb, &root, 0, 0), 42);
  EXPECT_EQ(thil_fb_i32(&fb, &root, 2, -5), -5);
  EXPECT_EQ(thil_fb_u8(&fb, &root, 3, 0), 9);
  EXPECT_EQ(thil_fb_i32(&fb, &root, 1000, 11), 11);
  const thil_fb_vector list = thil_fb_list(&fb, &root, 1, 4);
  ASSERT_EQ(list.count, 2u);
  EXPECT_EQ(thil_fb_at_i32(&fb, &list, 1, 0), 8);
  EXPECT_EQ(thil_fb_at_i32(&fb, &list, 2, -1), -1);
  EXPECT_FALSE(fb.broken);
}

TEST(Flatbuffer, RefusesAnotherIdentifier) {
  const auto bytes = image();
  thil_fb fb = open(bytes);
  EXPECT_EQ(thil_fb_root(&fb, "TFL3").pos, 0u);
  EXPECT_TRUE(fb.broken);
}

TEST(Flatbuffer, StaysBrokenAfterAVectorThatIsLongerThanTheImage) {
  auto bytes = image();
  bytes[36] = 3;
  thil_fb fb = open(bytes);
  const thil_fb_table root = thil_fb_root(&fb, "TEST");
  EXPECT_EQ(thil_fb_list(&fb, &root, 1, 4).count, 0u);
  EXPECT_EQ(thil_fb_i32(&fb, &root, 0, 0), 42);
  EXPECT_TRUE(fb.broken);
}

TEST(Flatbuffer, RefusesAFieldBeyondItsTable) {
  auto bytes = image();
  bytes[12] = 14;  // an int32 at 14 of 16 bytes
  thil_fb fb = open(bytes);
  const thil_fb_table root = thil_fb_root(&fb, "TEST");
  EXPECT_EQ(thil_fb_i32(&fb, &root, 0, -1), -1);
  EXPECT_TRUE(fb.broken);
}

TEST(Flatbuffer, RefusesAVtableOutsideTheImage) {
  for (const uint8_t high : {0x00, 0x7f, 0x80, 0xff}) {
    auto bytes = image();
    bytes[20] = 99;
    bytes[23] = high;
    thil_fb fb = open(bytes);
    EXPECT_EQ(thil_fb_root(&fb, "TEST").pos, 0u);
    EXPECT_TRUE(fb.broken);
  }
}

TEST(Flatbuffer, SurvivesEveryTruncation) {
  for (size_t size = 0; size < image().size(); size++) {
    auto bytes = image();
    bytes.resize(size);
    bytes.shrink_to_fit();
    thil_fb fb = open(bytes);
    const thil_fb_table root = thil_fb_root(&fb, "TEST");
    thil_fb_list(&fb, &root, 1, 4);
    EXPECT_TRUE(fb.broken) << size;
  }
}

}  // namespace
