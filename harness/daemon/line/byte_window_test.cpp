// SPDX-License-Identifier: Apache-2.0
#include "byte_window.hpp"

#include <gtest/gtest.h>

namespace tinyhil::daemon {

namespace {

TEST(ByteWindow, KeepsWhatIsNotConfirmed) {
  ByteWindow window(10);
  window.append("abcdef");
  EXPECT_EQ(window.from(0, 3), "abc");
  ASSERT_TRUE(window.drop_to(2));
  EXPECT_EQ(window.from(2, 100), "cdef");
  EXPECT_EQ(window.room(), 6U);
  window.append("ghijkl");
  EXPECT_EQ(window.from(5, 100), "fghijkl");
  EXPECT_EQ(window.end(), 12U);
  EXPECT_EQ(window.room(), 0U);
}

TEST(ByteWindow, RefusesToDropWhatWasNotSentOrIsGone) {
  ByteWindow window(10);
  window.append("abcdef");
  EXPECT_FALSE(window.drop_to(7));
  ASSERT_TRUE(window.drop_to(6));
  EXPECT_FALSE(window.drop_to(5));
  EXPECT_TRUE(window.drop_to(6)) << "said twice";
  EXPECT_EQ(window.from(6, 1), "");
}

TEST(ByteWindow, GoesOnForLongWithoutGrowing) {
  ByteWindow window(100);
  for (std::uint64_t offset = 0; offset < 100'000; offset += 7) {
    window.append("0123456");
    EXPECT_EQ(window.from(offset, 7), "0123456");
    ASSERT_TRUE(window.drop_to(offset + 7));
  }
  EXPECT_EQ(window.room(), 100U);
}

}  // namespace

}  // namespace tinyhil::daemon
