// SPDX-License-Identifier: Apache-2.0
// Samples that wait until the clock has shown that none is missing before them; then they are handed on in
// order, numbered and in amperes, with their gaps. Of bounded memory; allocates only to hold more than ever
// before.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "meter/meter.hpp"

namespace tinyhil::meter {

class HeldSamples {
 public:
  HeldSamples(SampleSink& sink, const WordReader& reader, WordFormat format);

  void add(std::span<const std::uint8_t> words);
  void add_gap(std::uint64_t count, GapCause cause);
  std::uint64_t end() const { return end_; }  // number of the next sample
  bool full() const { return words_.size() > kWordsMax || gaps_.size() >= kGapsMax; }

  void release();  // all are good
  // Those before this number are as good as lost, as it is not known where among them `lost` more are
  // missing; they and those become one gap. The others stay.
  void drop_before(std::uint64_t number, std::uint64_t lost);

 private:
  static constexpr std::size_t kWordsMax = 4U << 20;  // bytes: ten seconds of a PPK2
  static constexpr std::size_t kUsual = 128U << 10;
  static constexpr std::size_t kGapsMax = 4096;
  static constexpr std::size_t kBlock = 1024;  // samples that are read at once

  struct HeldGap {
    std::size_t before;  // word, counted from the first that is held
    std::uint64_t count;
    GapCause cause;
  };

  void emit(std::size_t from, std::size_t to);

  SampleSink& sink_;
  const WordReader& reader_;
  std::size_t width_;
  bool has_lines_;
  std::vector<std::uint8_t> words_;
  std::vector<HeldGap> gaps_;
  std::uint64_t first_ = 0;  // number of the first that is held
  std::uint64_t end_ = 0;
  std::array<float, kBlock> current_a_{};
  std::array<std::uint8_t, kBlock> lines_{};
};

}  // namespace tinyhil::meter
