// SPDX-License-Identifier: Apache-2.0
#include "axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace tinyhil::report {
namespace {

double round_step(double span) {
  const double raw = span / 4;
  const double magnitude = std::pow(10.0, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (raw <= factor * magnitude) return factor * magnitude;
  return 10 * magnitude;
}

// Labels at the ends stay inside the drawing.
const char* anchor_at(double fraction) {
  if (fraction < 0.06) return "start";
  return fraction > 0.94 ? "end" : "middle";
}

}  // namespace

Axis Axis::around(const std::vector<double>& values) {
  double low = INFINITY;
  double high = -INFINITY;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  if (low > high) return {0, 1};
  if (low == 0 && high == 0) return {-0.08, 1};  // nothing at all: at the left end, with room for more
  const double smallest = 0.02 * std::max(std::abs(low), std::abs(high));
  const double air =
      std::max(0.08 * (high - low), (high - low) < 1e-9 * std::abs(high) + 1e-300 ? smallest : 0);
  return {low - air, high + air};
}

Axis Axis::from_zero(double high) { return {0, std::isfinite(high) && high > 0 ? 1.04 * high : 1}; }

Axis Axis::clamped(double low, double high) const {
  const Axis inside(std::max(low_, low), std::min(high_, high));
  return inside.low_ < inside.high_ ? inside : *this;
}

double Axis::fraction(double value) const {
  const double share = (value - low_) / (high_ - low_);
  return std::isnan(share) ? 0 : std::clamp(share, 0.0, 1.0);
}

std::string Axis::position(double value) const { return fmt::format("{:.2f}%", 100 * fraction(value)); }

std::vector<double> Axis::ticks() const {
  const double step = round_step(high_ - low_);
  std::vector<double> result;
  for (double index = std::ceil(low_ / step); index * step <= high_ && result.size() < 8; ++index)
    result.push_back(index * step + 0.0);  // + 0.0: no minus zero
  return result;
}

html::Markup draw_scale(const Axis& axis, const std::vector<Tick>& ticks) {
  html::Markup marks;
  for (const Tick& tick : ticks) {
    const std::string x = axis.position(tick.value);
    marks += html::element("line", {{"x1", x}, {"x2", x}, {"y1", "0"}, {"y2", "4"}});
    marks +=
        html::element("text", {{"x", x}, {"y", "16"}, {"text-anchor", anchor_at(axis.fraction(tick.value))}},
                      html::text(tick.label));
  }
  return html::element("svg", {{"class", "scale"}, {"height", "20"}, {"aria-hidden", "true"}}, marks);
}

}  // namespace tinyhil::report
