// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cassert>

#include "word_readers.hpp"

namespace tinyhil::meter {

namespace {

class Lpm01aReader : public WordReader {
 public:
  void read(std::span<const std::uint8_t> words, std::span<float> current_a,
            std::span<std::uint8_t> /*lines*/) const override {
    assert(words.size() == current_a.size() * 2);
    const std::uint8_t* word = words.data();
    for (float& current : current_a) {
      const auto value = static_cast<float>((word[0] & 0x0FU) << 8 | word[1]);
      current = value * kPowers[word[0] >> 4];
      word += 2;
    }
  }

 private:
  // 16^-n: powers of two, so the products are exact.
  static constexpr std::array<float, 16> kPowers{0x1p0F,   0x1p-4F,  0x1p-8F,  0x1p-12F, 0x1p-16F, 0x1p-20F,
                                                 0x1p-24F, 0x1p-28F, 0x1p-32F, 0x1p-36F, 0x1p-40F, 0x1p-44F,
                                                 0x1p-48F, 0x1p-52F, 0x1p-56F, 0x1p-60F};
};

}  // namespace

std::unique_ptr<WordReader> make_lpm01a_u16_reader(const std::string& /*calibration: the meter applies it*/) {
  return std::make_unique<Lpm01aReader>();
}

}  // namespace tinyhil::meter
