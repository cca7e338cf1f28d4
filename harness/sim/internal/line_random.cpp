// SPDX-License-Identifier: Apache-2.0
#include "line_random.hpp"

#include <algorithm>
#include <cmath>

namespace tinyhil::sim {

namespace {

constexpr double kFarAway = 1e18;  // bits: never

}  // namespace

std::uint64_t Random::next() {
  state_ += 0x9E3779B97F4A7C15U;
  std::uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
  return mixed ^ (mixed >> 31U);
}

double Random::uniform() { return static_cast<double>(next() >> 11U) * 0x1p-53; }

std::uint64_t Random::below(std::uint64_t bound) { return next() % bound; }  // biased by bound / 2^64

std::uint64_t derived_seed(std::uint64_t seed, std::uint64_t index) {
  return Random(Random(seed).next() + index).next();
}

BitErrors::BitErrors(double rate, std::uint64_t seed) : rate_(rate), random_(seed), gap_(draw_gap()) {}

std::uint64_t BitErrors::draw_gap() {
  if (rate_ <= 0) return static_cast<std::uint64_t>(kFarAway);
  const double gap = std::log1p(-random_.uniform()) / std::log1p(-rate_);
  return static_cast<std::uint64_t>(std::min(gap, kFarAway));
}

std::uint8_t BitErrors::next_mask() {
  unsigned mask = 0;
  while (gap_ < 8) {
    mask |= 1U << gap_;
    gap_ += 1 + draw_gap();
  }
  gap_ -= 8;
  return static_cast<std::uint8_t>(mask);
}

}  // namespace tinyhil::sim
