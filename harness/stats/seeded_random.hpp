// SPDX-License-Identifier: Apache-2.0
// Random numbers that a seed fixes on every machine, as a replayed verdict needs: the distributions of the
// standard library differ between implementations, only its engines do not.
#pragma once

#include <cstdint>
#include <random>

namespace tinyhil::stats {

class SeededRandom {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}

  double uniform();                        // 0 < u < 1
  double normal();                         // mean 0, standard deviation 1, by inversion
  std::uint64_t below(std::uint64_t end);  // 0 .. end - 1, each as likely; needs end > 0
  std::uint64_t binomial(std::uint64_t n,
                         double p);  // constant time; W. Hoermann's BTRS (1993) from n p = 10

 private:
  std::mt19937_64 engine_;
};

}  // namespace tinyhil::stats
