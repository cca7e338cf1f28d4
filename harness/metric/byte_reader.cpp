// SPDX-License-Identifier: Apache-2.0
// Plain loops over the bytes of a whole block, which the compiler turns into vector instructions: what
// happens to one element happens to all, and a vector's result is picked up at its first element afterwards.
#include <algorithm>
#include <array>
#include <cassert>

#include "output_reader.hpp"
#include "wide.hpp"

namespace tinyhil {
namespace {

constexpr std::size_t kValues = 256;
constexpr std::size_t kLast = kMostBytes - 1;
constexpr int kIndexBits = 6;  // with eight of the value, a key stays below the sign
static_assert(kMostBytes == 1 << kIndexBits);

// Makes at[i] the largest of at[i .. i + width), for all i < size that have so many. The rest is left
// undefined.
template <class T>
inline __attribute__((always_inline)) void slide_largest(T* at, std::size_t size, std::size_t width) {
  for (std::size_t covered = 1; covered < width;) {
    const std::size_t last = width - covered;  // a part that begins later would end behind the width
    const std::size_t second = std::min(covered, last), third = std::min(2 * covered, last),
                      fourth = std::min(3 * covered, last);
    for (std::size_t i = 0; i + fourth < size; ++i) {
      at[i] = std::max(std::max(at[i], at[i + second]), std::max(at[i + third], at[i + fourth]));
    }
    covered = std::min(4 * covered, width);
  }
}

TINYHIL_WIDE void largest_of_bytes(std::uint8_t* at, std::size_t size, std::size_t width) {
  slide_largest(at, size, width);
}

// An element's key orders as: larger first, of equal ones the lower index.
TINYHIL_WIDE void largest_keys(const std::uint8_t* in, std::uint8_t bias, const std::int16_t* tie_break,
                               std::int16_t* key, std::size_t size, std::size_t width) {
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint8_t value = in[i] ^ bias;
    key[i] = static_cast<std::int16_t>(value << kIndexBits | tie_break[i]);
  }
  slide_largest(key, size, width);
}

TINYHIL_WIDE void largest_distances(const std::uint8_t* a, const std::uint8_t* b, std::uint8_t bias,
                                    std::uint8_t* distance, std::size_t size, std::size_t width) {
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint8_t x = a[i] ^ bias, y = b[i] ^ bias;
    distance[i] = static_cast<std::uint8_t>(std::max(x, y) - std::min(x, y));
  }
  slide_largest(distance, size, width);
}

TINYHIL_WIDE void shift(const std::uint8_t* in, std::uint8_t bias, std::uint8_t* out, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) out[i] = in[i] ^ bias;
}

std::uint16_t class_of(std::int16_t key) {
  return static_cast<std::uint16_t>(kLast - (static_cast<std::size_t>(key) & kLast));
}

class ByteReader final : public OutputReader {
 public:
  explicit ByteReader(const Tensor& output)
      : width_(output.elements()), bias_(output.dtype == DType::int8 ? 0x80 : 0) {
    assert(output.dtype == DType::int8 || output.dtype == DType::uint8);
    assert(width_ > 0 && width_ <= kMostBytes);
    for (std::size_t i = 0; i < kPart; ++i) tie_break_[i] = static_cast<std::int16_t>(kLast - i % width_);
  }

  void read(const PairBlock& block, const Classes& classes) override {
    const std::size_t most = kPart / width_;
    for (std::size_t first = 0; first < block.size; first += most) {
      const std::size_t count = std::min(most, block.size - first), size = count * width_;
      const std::uint8_t* const theirs = block.baseline.data() + first * width_;
      largest_keys(theirs, bias_, tie_break_.data(), keys_.data(), size, width_);
      std::uint16_t* const baseline = classes.baseline.data() + first;
      pick_classes(baseline, count);
      std::uint16_t* const candidate = classes.candidate.data() + first;
      if (block.candidate.empty()) {
        std::fill_n(candidate, count, kNoClass);
        continue;
      }
      count_gaps(theirs, baseline, count);
      const std::uint8_t* const ours = block.candidate.data() + first * width_;
      largest_keys(ours, bias_, tie_break_.data(), keys_.data(), size, width_);
      largest_distances(ours, theirs, bias_, bytes_.data(), size, width_);
      pick_classes(candidate, count);
      count_at_firsts(steps_, count);
    }
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
  static constexpr std::size_t kPart =
      2048;  // elements at a time: all that is at work lies in the nearest cache
  // Two counts a value, so that equal neighbours need not wait for each other.
  using Counts = std::array<std::array<std::uint64_t, kValues>, 2>;

  void pick_classes(std::uint16_t* classes, std::size_t count) const {
    const std::int16_t* key = keys_.data();
    const std::size_t width = width_;
    for (std::size_t i = 0; i < count; ++i, key += width) classes[i] = class_of(*key);
  }

  // Needs the keys of the same outputs. With the top out of the way, the largest is the next.
  void count_gaps(const std::uint8_t* outputs, const std::uint16_t* classes, std::size_t count) {
    const std::size_t width = width_;
    std::uint8_t* const bytes = bytes_.data();
    shift(outputs, bias_, bytes, count * width);
    for (std::size_t i = 0; i < count; ++i) bytes[i * width + classes[i]] = 0;
    largest_of_bytes(bytes, count * width, width);
    for (std::size_t i = 0; i < count; ++i) {
      const int largest = keys_[i * width] >> kIndexBits;
      bytes[i * width] = static_cast<std::uint8_t>(largest - bytes[i * width]);
    }
    count_at_firsts(gaps_, count);
  }

  void count_at_firsts(Counts& counts, std::size_t count) const {
    const std::uint8_t* byte = bytes_.data();
    const std::size_t width = width_;
    for (std::size_t i = 0; i < count; ++i, byte += width) ++counts[i & 1][*byte];
  }

  std::size_t width_;
  std::uint8_t bias_;  // turns int8 into uint8 of the same order
  std::array<std::int16_t, kPart> tie_break_, keys_;
  std::array<std::uint8_t, kPart> bytes_;
  Counts steps_{}, gaps_{};
};

}  // namespace

std::unique_ptr<OutputReader> byte_reader(const TrialInfo& info) {
  return std::make_unique<ByteReader>(info.output);
}

}  // namespace tinyhil
