// SPDX-License-Identifier: Apache-2.0
#include "meter/internal/sample_words.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <vector>

#include "meter/internal/ppk2_dump.hpp"
#include "meter/internal/ppk2_metadata.hpp"
#include "testing/complaint.hpp"

namespace tinyhil::meter {

namespace {

TEST(SampleWords, APpk2sWordHoldsCurrentRangeAndLines) {
  const Ppk2Metadata metadata = parse_ppk2_metadata(kPpk2Dump).value();
  const auto reader = word_reader(WordFormat::ppk2_u32, kPpk2Dump);
  for (std::uint32_t range = 0; range < kPpk2Ranges; ++range) {
    for (std::uint32_t adc = 0; adc < 1U << 14; adc += 13) {
      const std::uint32_t bits = adc | range << 14 | (adc % 64) << 18 | 0xA5000000U;
      std::vector<std::uint8_t> word(4);
      std::memcpy(word.data(), &bits, 4);
      float current_a = 0;
      std::uint8_t lines = 0;
      reader->read(word, {&current_a, 1}, {&lines, 1});
      const double expected = ppk2_current_a(metadata, range, adc);
      ASSERT_NEAR(current_a, expected, 1e-7 * std::abs(expected) + 1e-16) << range << ' ' << adc;
      ASSERT_EQ(lines, 0xA5);
    }
  }
}

TEST(SampleWords, AmperesAreReadAsTheyAre) {
  const std::vector<float> sent = {1.5e-6F, -2e-9F, 0.25F};
  std::vector<std::uint8_t> words(12);
  std::memcpy(words.data(), sent.data(), words.size());
  std::vector<float> got(3);
  word_reader(WordFormat::amperes_f32, "")->read(words, got, {});
  EXPECT_EQ(got, sent);
}

TEST(SampleWords, FormatsHaveAWidthAndSomeLines) {
  EXPECT_EQ(width(WordFormat::ppk2_u32), 4U);
  EXPECT_EQ(width(WordFormat::lpm01a_u16), 2U);
  EXPECT_EQ(width(WordFormat::amperes_f32), 4U);
  EXPECT_TRUE(has_lines(WordFormat::ppk2_u32));
  EXPECT_FALSE(has_lines(WordFormat::lpm01a_u16));
  EXPECT_FALSE(has_lines(WordFormat::amperes_f32));
  EXPECT_STREQ(to_string(WordFormat::ppk2_u32), "ppk2_u32");
}

TEST(SampleWords, ACalibrationOfSomethingElseIsRefused) {
  EXPECT_EQ(test::complaint([] { word_reader(WordFormat::ppk2_u32, "R0: 1\n"); }),
            "recorded trace: the calibration of these samples is not that of a PPK2; record it anew: its "
            "constants R0 to R4 are missing");
}

}  // namespace

}  // namespace tinyhil::meter
