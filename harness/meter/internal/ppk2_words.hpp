// SPDX-License-Identifier: Apache-2.0
// A PPK2's sample: a word of 32 bits, little-endian. Bits 0 to 13 ADC, 14 to 16 range, 17 unused, 18 to 23
// counter, 24 to 31 the digital lines D0 to D7.
#pragma once

#include <cstdint>
#include <cstring>

namespace tinyhil::meter {

inline constexpr std::size_t kPpk2WordSize = 4;
inline constexpr unsigned kPpk2CounterEnd = 64;

struct Ppk2Word {
  std::uint32_t bits;

  unsigned adc() const { return bits & 0x3FFFU; }
  unsigned range() const { return bits >> 14 & 7U; }  // 5 to 7: no sample
  unsigned counter() const { return bits >> 18 & 0x3FU; }
  unsigned lines() const { return bits >> 24; }
};

inline Ppk2Word ppk2_word(const std::uint8_t* bytes) {
  Ppk2Word word{};
  std::memcpy(&word.bits, bytes, sizeof word.bits);
  return word;
}

}  // namespace tinyhil::meter
