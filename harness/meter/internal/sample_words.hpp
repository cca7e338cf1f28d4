// SPDX-License-Identifier: Apache-2.0
// Samples as meters send them, in words of one width, and what they mean in amperes. Pure: a recorded trace
// keeps the words, so that it can be calibrated again.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace tinyhil::meter {

enum class WordFormat : std::uint8_t {
  ppk2_u32 = 1,     // little-endian: 14 bits ADC, 3 bits range, 6 bits counter, 8 bits digital lines
  lpm01a_u16 = 2,   // big-endian: a 4-bit exponent n, a 12-bit v: v * 16^-n A
  amperes_f32 = 3,  // little-endian IEEE 754
};

const char* to_string(WordFormat format);
std::size_t width(WordFormat format);  // bytes
bool has_lines(WordFormat format);     // digital lines are in the words

// Turns words into amperes, as a meter with this calibration text means them.
class WordReader {
 public:
  virtual ~WordReader() = default;
  // `words` holds n whole words; `current_a` and `lines` have room for n. `lines` is left alone for a format
  // without any.
  virtual void read(std::span<const std::uint8_t> words, std::span<float> current_a,
                    std::span<std::uint8_t> lines) const = 0;
};

// Throws Error(usage) where the calibration text is not one of this format.
std::unique_ptr<WordReader> word_reader(WordFormat format, const std::string& calibration);

}  // namespace tinyhil::meter
