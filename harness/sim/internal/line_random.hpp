// SPDX-License-Identifier: Apache-2.0
// Random numbers that are the same on every host, which those of <random>'s distributions are not.
#pragma once

#include <cstdint>

namespace tinyhil::sim {

// SplitMix64 (Steele, Lea, Flood 2014).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next();
  double uniform();                          // 0 <= u < 1
  std::uint64_t below(std::uint64_t bound);  // 0 .. bound - 1; bound > 0
  bool chance(double probability) { return uniform() < probability; }

 private:
  std::uint64_t state_;
};

// A seed of its own for the `index`-th of several streams.
std::uint64_t derived_seed(std::uint64_t seed, std::uint64_t index);

// Independent errors at a rate per bit. Draws the distance to the next error (geometric), not one number a
// bit.
class BitErrors {
 public:
  BitErrors(double rate, std::uint64_t seed);

  std::uint8_t next_mask();  // the errors among the next eight bits

 private:
  std::uint64_t draw_gap();

  double rate_;
  Random random_;
  std::uint64_t gap_;  // sound bits before the next error
};

}  // namespace tinyhil::sim
