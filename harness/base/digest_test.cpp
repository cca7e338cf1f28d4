// SPDX-License-Identifier: Apache-2.0
#include "digest.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace tinyhil {
namespace {

// FIPS 180-2, appendix B.1.
constexpr char kAbc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(Digest, IsTheSha256OfThePublishedExamples) {
  EXPECT_EQ(sha256("abc").hex(), kAbc);
  EXPECT_EQ(sha256("").hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Digest, OfBytesEqualsThatOfTheSameText) {
  const std::uint8_t abc[] = {'a', 'b', 'c'};
  EXPECT_EQ(sha256(abc), sha256("abc"));
}

TEST(Digest, ReadsBackWhatItWrote) {
  EXPECT_EQ(Digest::from_hex(kAbc), sha256("abc"));
  EXPECT_EQ(Digest::from_hex(kAbc).short_hex(), "ba7816bf8f01");
}

TEST(Digest, RefusesTextThatIsNot64HexDigits) {
  EXPECT_THROW(Digest::from_hex("ba7816bf"), std::invalid_argument);
  EXPECT_THROW(Digest::from_hex(std::string(63, 'a') + "g"), std::invalid_argument);
  EXPECT_THROW(Digest::from_hex(std::string(65, 'a')), std::invalid_argument);
}

}  // namespace
}  // namespace tinyhil
