// SPDX-License-Identifier: Apache-2.0
// The measuring part of a simulated PPK2: from a current to a sample's word. It chooses its range with
// hysteresis, is blind for a moment when it changes, overshoots then, is off by its gain and offset, and
// noisy.
#pragma once

#include <cstdint>

#include "line_random.hpp"
#include "sim/ppk2_settings.hpp"

namespace tinyhil::sim {

class Ppk2FrontEnd {
 public:
  explicit Ppk2FrontEnd(const Ppk2Settings& settings);

  // The mean current of the sample, and the board's trigger pin at its end.
  std::uint32_t sample(double current_a, bool trigger, double vdd_mv);

 private:
  std::size_t range_for(double current_a) const;
  double noise_a();
  std::uint32_t lines(bool trigger);

  const Ppk2Settings& settings_;
  Random random_;
  std::size_t range_ = 0;
  double before_a_ = 0;
  unsigned dead_ = 0;
  bool overshoots_ = false;
  std::uint32_t last_ = 0;  // ADC and range
};

}  // namespace tinyhil::sim
