// SPDX-License-Identifier: Apache-2.0
#include "ppk2_words.hpp"

#include <array>
#include <bit>
#include <cassert>

#include "base/error.hpp"
#include "ppk2_metadata.hpp"
#include "word_readers.hpp"

namespace tinyhil::meter {

namespace {

static_assert(std::endian::native == std::endian::little, "words are little-endian, and are copied");

// i = (c2 adc + c1) adc + c0: the calibration multiplied out.
struct Polynomial {
  double c0, c1, c2;
};

Polynomial polynomial_of(const Ppk2Metadata& metadata, std::size_t range) {
  const Ppk2Range& at = metadata.ranges[range];
  const double per_step = 4 * kPpk2VoltPerStep / at.r;  // x = per_step adc + start
  const double start = -at.o * kPpk2VoltPerStep / at.r;
  const double rest = at.s * metadata.vdd_mv / 1000 + at.i;
  return {at.ug * (start * (at.gs * start + at.gi) + rest), at.ug * per_step * (2 * at.gs * start + at.gi),
          at.ug * at.gs * per_step * per_step};
}

class Ppk2Reader : public WordReader {
 public:
  explicit Ppk2Reader(const Ppk2Metadata& metadata) {
    for (std::size_t range = 0; range < table_.size(); ++range)  // 5 to 7 are no samples, and not read
      table_[range] = range < kPpk2Ranges ? polynomial_of(metadata, range) : Polynomial{};
  }

  void read(std::span<const std::uint8_t> words, std::span<float> current_a,
            std::span<std::uint8_t> lines) const override {
    const std::size_t count = words.size() / kPpk2WordSize;
    assert(words.size() % kPpk2WordSize == 0 && current_a.size() >= count && lines.size() >= count);
    const std::uint8_t* from = words.data();
    float* const to = current_a.data();
    std::uint8_t* const to_lines = lines.data();
    for (std::size_t n = 0; n < count; ++n, from += kPpk2WordSize) {
      const Ppk2Word word = ppk2_word(from);
      const Polynomial& at = table_[word.range()];
      const double adc = word.adc();
      to[n] = static_cast<float>((at.c2 * adc + at.c1) * adc + at.c0);
      to_lines[n] = static_cast<std::uint8_t>(word.lines());
    }
  }

 private:
  std::array<Polynomial, 8> table_{};
};

}  // namespace

std::unique_ptr<WordReader> make_ppk2_u32_reader(const std::string& calibration) {
  const std::optional<Ppk2Metadata> metadata = parse_ppk2_metadata(calibration);
  if (!metadata) {
    throw Error(ErrorKind::usage, "the calibration of these samples is not that of a PPK2", "recorded trace",
                "record it anew: its constants R0 to R4 are missing");
  }
  return std::make_unique<Ppk2Reader>(*metadata);
}

}  // namespace tinyhil::meter
