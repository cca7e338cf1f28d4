// SPDX-License-Identifier: Apache-2.0
// Plain loops over the bytes of a whole block, which the compiler turns into vector instructions: what
// happens to one element happens to all, and a vector's result is picked up at its first element afterwards.
#include <algorithm>
#include <array>
#include <cassert>
#include <vector>

#include "output_reader.hpp"

namespace tinyhil {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Keys = std::vector<std::int16_t>;

// Makes column[i] the largest of column[i .. i + width), for all i that have so many. The rest is left
// undefined.
template <class T>
void slide_largest(std::vector<T>& column, std::size_t size, std::size_t width) {
  T* const at = column.data();
  for (std::size_t covered = 1; covered < width;) {
    const std::size_t ahead = std::min(covered, width - covered);
    for (std::size_t i = 0; i + ahead < size; ++i) at[i] = std::max(at[i], at[i + ahead]);
    covered += ahead;
  }
}

class ByteReader final : public OutputReader {
 public:
  explicit ByteReader(const Tensor& output)
      : width_(output.elements()),
        bias_(output.dtype == DType::int8 ? 0x80 : 0),
        tie_break_(kBlockVectors * width_),
        keys_(kBlockVectors * width_),
        distances_(kBlockVectors * width_),
        others_(kBlockVectors * width_) {
    assert(output.dtype == DType::int8 || output.dtype == DType::uint8);
    assert(width_ > 0 && width_ <= kMostBytes);
    for (std::size_t i = 0; i < tie_break_.size(); ++i) {
      tie_break_[i] = static_cast<std::int16_t>(kLast - i % width_);
    }
  }

  void read(const PairBlock& block, const Classes& classes) override {
    top_classes(block.baseline, classes.baseline);
    if (block.candidate.empty()) {
      std::fill(classes.candidate.begin(), classes.candidate.end(), kNoClass);
      return;
    }
    count_gaps(block.baseline, classes.baseline);
    top_classes(block.candidate, classes.candidate);
    count_steps(block);
  }

  void drift_into(ScoreDrift& drift) const override {
    for (std::size_t value = 0; value < kValues; ++value) {
      const std::uint64_t count = steps_[0][value] + steps_[1][value];
      if (count > 0) drift.largest_step.push_back({static_cast<std::int64_t>(value), count});
    }
    const std::int64_t reach = drift.largest_step.empty() ? 0 : 2 * drift.largest_step.back().value;
    if (width_ < 2) return;
    for (std::size_t gap = 0; gap < kValues && static_cast<std::int64_t>(gap) <= reach; ++gap) {
      drift.within_gap += gaps_[0][gap] + gaps_[1][gap];
    }
  }

 private:
  static constexpr std::size_t kValues = 256;
  static constexpr std::size_t kLast = kMostBytes - 1;
  // Two counts a value, so that equal neighbours need not wait for each other.
  using Counts = std::array<std::array<std::uint64_t, kValues>, 2>;

  // An element as a number whose order is: larger first, of equal ones the lower index. keys_ keeps those of
  // the vectors' tops, each at its vector's first element.
  void top_classes(std::span<const std::uint8_t> outputs, std::span<std::uint16_t> classes) {
    const std::size_t size = outputs.size();
    const std::uint8_t* const in = outputs.data();
    const std::int16_t* const tie_break = tie_break_.data();
    std::int16_t* const key = keys_.data();
    const std::uint8_t bias = bias_;
    for (std::size_t i = 0; i < size; ++i) {
      const std::uint8_t value = in[i] ^ bias;
      key[i] = static_cast<std::int16_t>(value << kIndexBits | tie_break[i]);
    }
    slide_largest(keys_, size, width_);
    for (std::size_t i = 0; i < classes.size(); ++i) {
      classes[i] = static_cast<std::uint16_t>(kLast - (static_cast<std::size_t>(key[i * width_]) & kLast));
    }
  }

  // Needs keys_ of the same outputs.
  void count_gaps(std::span<const std::uint8_t> outputs, std::span<const std::uint16_t> classes) {
    const std::size_t size = outputs.size();
    const std::uint8_t* const in = outputs.data();
    std::uint8_t* const other = others_.data();
    const std::uint8_t bias = bias_;
    for (std::size_t i = 0; i < size; ++i) other[i] = in[i] ^ bias;
    for (std::size_t i = 0; i < classes.size(); ++i) other[i * width_ + classes[i]] = 0;
    slide_largest(others_, size, width_);
    for (std::size_t i = 0; i < classes.size(); ++i) {
      const int largest = keys_[i * width_] >> kIndexBits;
      ++gaps_[i & 1][static_cast<std::size_t>(largest - other[i * width_])];
    }
  }

  void count_steps(const PairBlock& block) {
    const std::size_t size = block.baseline.size();
    const std::uint8_t *const ours = block.candidate.data(), *const theirs = block.baseline.data();
    std::uint8_t* const distance = distances_.data();
    const std::uint8_t bias = bias_;
    for (std::size_t i = 0; i < size; ++i) {
      const std::uint8_t a = ours[i] ^ bias, b = theirs[i] ^ bias;
      distance[i] = static_cast<std::uint8_t>(std::max(a, b) - std::min(a, b));
    }
    slide_largest(distances_, size, width_);
    for (std::size_t i = 0; i < block.size; ++i) ++steps_[i & 1][distance[i * width_]];
  }

  static constexpr int kIndexBits = 6;  // with eight of the value, a key stays below the sign
  static_assert(kMostBytes == 1 << kIndexBits);

  std::size_t width_;
  std::uint8_t bias_;  // turns int8 into uint8 of the same order
  Keys tie_break_, keys_;
  Bytes distances_, others_;
  Counts steps_{}, gaps_{};
};

}  // namespace

std::unique_ptr<OutputReader> byte_reader(const TrialInfo& info) {
  return std::make_unique<ByteReader>(info.output);
}

}  // namespace tinyhil
