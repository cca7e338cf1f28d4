// SPDX-License-Identifier: Apache-2.0
// Outputs of bytes, a few dozen vectors at a time: turned so that a class's scores lie side by side, what
// happens to one vector happens to all, in plain loops that the compiler makes vector instructions of.
#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>

#include "output_reader.hpp"
#include "simd.hpp"
#include "transpose.hpp"

namespace tinyhil::metric {
namespace {

constexpr std::size_t kValues = 256;
constexpr std::size_t kGroup = 64;  // vectors at a time: all that is at work lies in the nearest cache
static_assert(kMostBytes % kTransposed == 0 && kGroup % kTransposed == 0 && kBlockVectors % kGroup == 0);

using Scores = std::array<std::array<std::uint8_t, kGroup>, kMostBytes>;  // [class][vector]
using Lane = std::array<std::uint8_t, kGroup>;                            // [vector]

struct Top {
  Lane largest, second, index;  // of equal ones the lower index is the largest
};

// `bias` turns int8 into uint8 of the same order.
TINYHIL_SIMD void find_top(const Scores& scores, std::size_t classes, std::uint8_t bias, Top& top) {
  Lane largest, second{}, index{};
  for (std::size_t i = 0; i < kGroup; ++i) largest[i] = scores[0][i] ^ bias;
  for (std::size_t c = 1; c < classes; ++c) {
    for (std::size_t i = 0; i < kGroup; ++i) {
      const std::uint8_t score = scores[c][i] ^ bias;
      index[i] = score > largest[i] ? static_cast<std::uint8_t>(c) : index[i];
      second[i] = std::max(second[i], std::min(score, largest[i]));
      largest[i] = std::max(score, largest[i]);
    }
  }
  top = {largest, second, index};
}

// The largest of each vector's.
TINYHIL_SIMD Lane find_steps(const Scores& a, const Scores& b, std::size_t classes, std::uint8_t bias) {
  Lane most{};
  for (std::size_t c = 0; c < classes; ++c) {
    for (std::size_t i = 0; i < kGroup; ++i) {
      const std::uint8_t x = a[c][i] ^ bias, y = b[c][i] ^ bias;
      most[i] = std::max(most[i], static_cast<std::uint8_t>(std::max(x, y) - std::min(x, y)));
    }
  }
  return most;
}

// How often each byte came. Equal neighbours are counted apart, so that they need not wait for each other.
class ByteCounts {
 public:
  void add(const Lane& values, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) ++counts_[i % kApart][values[i]];
  }
  std::uint64_t of(std::size_t value) const {
    std::uint64_t sum = 0;
    for (const auto& counts : counts_) sum += counts[value];
    return sum;
  }

 private:
  static constexpr std::size_t kApart = 4;
  std::array<std::array<std::uint64_t, kValues>, kApart> counts_{};
};

class ByteReader final : public OutputReader {
 public:
  explicit ByteReader(const Tensor& output)
      : width_(output.elements()), bias_(output.dtype == DType::int8 ? 0x80 : 0) {
    assert(output.dtype == DType::int8 || output.dtype == DType::uint8);
    assert(width_ > 0 && width_ <= kMostBytes);
  }

  void read(const PairBlock& block, const Classes& classes) override {
    for (std::size_t first = 0; first < block.size; first += kGroup) {
      const std::size_t count = std::min(kGroup, block.size - first);
      turn(block.baseline.subspan(first * width_), count, baseline_);
      find_top(baseline_, width_, bias_, top_);
      std::copy_n(top_.index.begin(), count, classes.baseline.begin() + static_cast<std::ptrdiff_t>(first));
      const auto candidate = classes.candidate.subspan(first, count);
      if (block.candidate.empty()) {
        std::ranges::fill(candidate, kNoClass);
        continue;
      }
      for (std::size_t i = 0; i < kGroup; ++i) top_.largest[i] -= top_.second[i];
      gaps_.add(top_.largest, count);
      turn(block.candidate.subspan(first * width_), count, candidate_);
      find_top(candidate_, width_, bias_, top_);
      std::copy_n(top_.index.begin(), count, candidate.begin());
      steps_.add(find_steps(candidate_, baseline_, width_, bias_), count);
    }
  }

  void drift_into(ScoreDrift& drift) const override {
    for (std::size_t value = 0; value < kValues; ++value) {
      const std::uint64_t count = steps_.of(value);
      if (count > 0) drift.largest_step.push_back({static_cast<std::int64_t>(value), count});
    }
    const std::int64_t reach = drift.largest_step.empty() ? 0 : 2 * drift.largest_step.back().value;
    if (width_ < 2) return;
    for (std::size_t gap = 0; gap < kValues && static_cast<std::int64_t>(gap) <= reach; ++gap) {
      drift.within_gap += gaps_.of(gap);
    }
  }

 private:
  // The first `count` outputs; what lies behind them means nothing.
  void turn(std::span<const std::uint8_t> outputs, std::size_t count, Scores& scores) {
    std::array<std::uint8_t, (kGroup + 1) * kMostBytes> padded;
    const std::uint8_t* at = outputs.data();
    if (outputs.size() < kGroup * width_ + kMostBytes) {
      std::copy_n(outputs.begin(), count * width_, padded.begin());
      at = padded.data();
    }
    for (std::size_t i = 0; i < kGroup; i += kTransposed) {
      for (std::size_t c = 0; c < width_; c += kTransposed) {
        transpose_bytes(at + i * width_ + c, width_, scores[c].data() + i, kGroup);
      }
    }
  }

  std::size_t width_;
  std::uint8_t bias_;
  Scores baseline_{}, candidate_{};
  Top top_{};
  ByteCounts gaps_, steps_;
};

}  // namespace

std::unique_ptr<OutputReader> byte_reader(const TrialInfo& info) {
  return std::make_unique<ByteReader>(info.output.front());
}

}  // namespace tinyhil::metric
