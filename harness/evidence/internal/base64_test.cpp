// SPDX-License-Identifier: Apache-2.0
#include "base64.hpp"

#include <gtest/gtest.h>

namespace tinyhil::evidence {
namespace {

TEST(Base64, MatchesTheExamplesOfRfc4648) {
  const std::pair<const char*, const char*> examples[] = {{"", ""},
                                                          {"f", "Zg=="},
                                                          {"fo", "Zm8="},
                                                          {"foo", "Zm9v"},
                                                          {"foob", "Zm9vYg=="},
                                                          {"fooba", "Zm9vYmE="},
                                                          {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : examples) {
    EXPECT_EQ(to_base64(bytes), text);
    EXPECT_EQ(from_base64(text), bytes);
  }
}

TEST(Base64, ReadsOneSpellingOnly) {
  for (const char* text : {"Zg=", "Zg", "Zh==", " Zg==", "Zg==\n", "Z===", "====", "Zm9v Zm8=", "Zm-_"})
    EXPECT_EQ(from_base64(text), std::nullopt) << text;
}

}  // namespace
}  // namespace tinyhil::evidence
