// SPDX-License-Identifier: Apache-2.0
#include "base64url.hpp"

#include <gtest/gtest.h>

namespace tinyhil::daemon {
namespace {

TEST(Base64Url, IsReadAtEveryLength) {
  EXPECT_EQ(from_base64url(""), "");
  EXPECT_EQ(from_base64url("Zg"), "f");
  EXPECT_EQ(from_base64url("Zm8"), "fo");
  EXPECT_EQ(from_base64url("Zm9v"), "foo");
  EXPECT_EQ(from_base64url("-_-_"), "\xFB\xFF\xBF");
  EXPECT_EQ(from_base64url("AAA"), std::string(2, '\0'));
}

TEST(Base64Url, IsNoPaddingNoBase64AndNoHalfByte) {
  for (const char* wrong : {"Zg==", "Zm8=", "+/+/", "Zm9vY", "Zm 9", " Zm9v", "Zm9v\n", "***"})
    EXPECT_FALSE(from_base64url(wrong)) << wrong;
}

}  // namespace
}  // namespace tinyhil::daemon
