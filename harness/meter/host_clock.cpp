// SPDX-License-Identifier: Apache-2.0
#include "host_clock.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace tinyhil::meter {
namespace {

constexpr std::size_t kFewestArrivals = 10;

struct Point {
  double x = 0;
  double y = 0;
};

double turn(const Point& a, const Point& b, const Point& c) {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

// Andrew's monotone chain. Empty where x does not ascend.
std::vector<Point> lower_hull(std::span<const Arrival> arrivals) {
  std::vector<Point> hull;
  double last = -1;
  for (const Arrival& arrival : arrivals) {
    const Point point{static_cast<double>(arrival.samples), arrival.host_s};
    if (point.x <= last || !std::isfinite(point.y)) return {};
    last = point.x;
    while (hull.size() >= 2 && turn(hull[hull.size() - 2], hull.back(), point) <= 0) hull.pop_back();
    hull.push_back(point);
  }
  return hull;
}

double median_delay(std::span<const Arrival> arrivals, const HostClockFit& fit) {
  std::vector<double> delays;
  for (const Arrival& arrival : arrivals)
    delays.push_back(arrival.host_s - fit.start_s - fit.period_s * static_cast<double>(arrival.samples));
  const auto middle = delays.begin() + static_cast<std::ptrdiff_t>(delays.size() / 2);
  std::nth_element(delays.begin(), middle, delays.end());
  return *middle;
}

}  // namespace

std::optional<HostClockFit> fit_host_clock(std::span<const Arrival> arrivals) {
  if (arrivals.size() < kFewestArrivals) return std::nullopt;
  const std::vector<Point> hull = lower_hull(arrivals);
  if (hull.size() < 2) return std::nullopt;
  double centre = 0;
  for (const Arrival& arrival : arrivals)
    centre += static_cast<double>(arrival.samples) / static_cast<double>(arrivals.size());
  std::size_t edge = 0;
  while (edge + 2 < hull.size() && hull[edge + 1].x < centre) ++edge;
  const Point &a = hull[edge], &b = hull[edge + 1];
  HostClockFit fit{.period_s = (b.y - a.y) / (b.x - a.x)};
  if (!(fit.period_s > 0)) return std::nullopt;
  fit.start_s = a.y - fit.period_s * a.x;
  const double half_width = std::max(median_delay(arrivals, fit), fit.period_s) / 2;
  fit.sigma_s = half_width / std::numbers::sqrt3;
  return fit;
}

AlignedWindow align_by_host(const HostClockFit& fit, const HostWindow& window) {
  AlignedWindow aligned{.method = AlignmentMethod::host_clock};
  aligned.first = fit.sample_of(window.begin_s);
  aligned.last = fit.sample_of(window.end_s);
  aligned.sigma_samples = std::numbers::sqrt2 * std::hypot(fit.sigma_s, window.sigma_s) / fit.period_s;
  aligned.unseen_samples = 2 * aligned.sigma_samples;
  if (aligned.first < 0) aligned.incomplete = "it began before the recording";
  if (!(aligned.first < aligned.last)) aligned.incomplete = "it ends before it begins by the host's clock";
  return aligned;
}

}  // namespace tinyhil::meter
