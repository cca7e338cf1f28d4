// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <cassert>
#include <cstring>

#include "word_readers.hpp"

namespace tinyhil::meter {

namespace {

static_assert(std::endian::native == std::endian::little, "words are little-endian, and are copied");

class AmpereReader : public WordReader {
 public:
  void read(std::span<const std::uint8_t> words, std::span<float> current_a,
            std::span<std::uint8_t> /*lines*/) const override {
    assert(words.size() % sizeof(float) == 0 && current_a.size() >= words.size() / sizeof(float));
    if (!words.empty()) std::memcpy(current_a.data(), words.data(), words.size());
  }
};

}  // namespace

std::unique_ptr<WordReader> make_amperes_f32_reader(const std::string& /*calibration: none is needed*/) {
  return std::make_unique<AmpereReader>();
}

}  // namespace tinyhil::meter
