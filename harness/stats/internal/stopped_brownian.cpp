// SPDX-License-Identifier: Apache-2.0
#include "stopped_brownian.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <cassert>
#include <cmath>
#include <numbers>

namespace tinyhil::stats {
namespace {

using Gauss = boost::math::quadrature::gauss<double, 20>;

constexpr double kFarthestCounted = 9;  // standard deviations that still count
constexpr double kPanelWidth = 2;       // in standard deviations of one step: 20 nodes then have 1e-12

double beyond(double z) { return std::erfc(z / std::numbers::sqrt2) / 2; }

}  // namespace

double StoppedBrownian::going_on() const {
  double sum = 0;
  for (const Node& node : nodes_) sum += node.mass;
  return sum;
}

double StoppedBrownian::above(double t, double bound) const {
  const double sd = std::sqrt(t - t_), moved = drift_ * (t - t_);
  double sum = 0;
  for (const Node& node : nodes_) sum += node.mass * beyond((bound - node.at - moved) / sd);
  return sum;
}

double StoppedBrownian::below(double t, double bound) const {
  const double sd = std::sqrt(t - t_), moved = drift_ * (t - t_);
  double sum = 0;
  for (const Node& node : nodes_) sum += node.mass * beyond((node.at + moved - bound) / sd);
  return sum;
}

double StoppedBrownian::density(double t, double at) const {
  const double sd = std::sqrt(t - t_), moved = drift_ * (t - t_);
  double sum = 0;
  for (const Node& node : nodes_) {
    const double z = (at - node.at - moved) / sd;
    sum += node.mass * std::exp(-z * z / 2);
  }
  return sum / (sd * std::sqrt(2 * std::numbers::pi));
}

void StoppedBrownian::advance(double t, double low, double high) {
  assert(t > t_);
  const double centre = drift_ * t, reach = kFarthestCounted * std::sqrt(t);
  low = std::max(low, centre - reach);
  high = std::min(high, centre + reach);
  std::vector<Node> next;
  const double panels = std::max(1.0, std::ceil((high - low) / (kPanelWidth * std::sqrt(t - t_))));
  const double half = (high - low) / panels / 2;
  for (double panel = 0; panel < panels && half > 0; ++panel) {
    const double middle = low + (2 * panel + 1) * half;
    for (std::size_t i = 0; i < Gauss::abscissa().size(); ++i) {
      for (const double side : {-1.0, 1.0}) {  // an even rule has no node in the middle
        const double at = middle + side * Gauss::abscissa()[i] * half;
        next.push_back({at, Gauss::weights()[i] * half * density(t, at)});
      }
    }
  }
  nodes_ = std::move(next);
  t_ = t;
}

}  // namespace tinyhil::stats
