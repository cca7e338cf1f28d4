// SPDX-License-Identifier: Apache-2.0
// Places values on a strip that is as wide as its box: positions are percentages, so a drawing fits a phone
// and a desktop without scaling its text.
#pragma once

#include <string>
#include <vector>

#include "html.hpp"

namespace tinyhil::report {

class Axis {
 public:
  // Covers the finite ones of `values` with a little air; a single value gets room on both sides.
  static Axis around(const std::vector<double>& values);
  static Axis from_zero(double high);  // for bars, whose length is the value

  Axis clamped(double low, double high) const;  // for quantities that have bounds, such as a ratio

  double low() const { return low_; }
  double high() const { return high_; }
  double fraction(double value) const;       // 0..1, values beyond the ends at the ends; NaN at 0
  std::string position(double value) const;  // "41.25%"
  std::vector<double> ticks() const;         // two to six round numbers inside

 private:
  Axis(double low, double high) : low_(low), high_(high) {}
  double low_;
  double high_;
};

struct Tick {
  double value;
  std::string label;
};

// The scale below a group of strips: decoration for the eye, hidden from screen readers.
html::Markup draw_scale(const Axis& axis, const std::vector<Tick>& ticks);

}  // namespace tinyhil::report
