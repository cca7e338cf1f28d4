// SPDX-License-Identifier: Apache-2.0
#include "group_mean.hpp"

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <complex>
#include <cstdint>
#include <numbers>
#include <vector>

namespace tinyhil::stats {
namespace {

// `times` independent Exp(1) variables, each multiplied by `factor`.
struct WeightedExponential {
  double factor;
  double times;
};
using Sum = std::vector<WeightedExponential>;

double sum_of(const Sum& sum, auto term) {
  double total = 0;
  for (const WeightedExponential& part : sum) total += part.times * term(part.factor);
  return total;
}

// Where exp(K(s)) / -s is least on the real axis left of 0, K the logarithm of the moment generating
// function. Any place between the pole and 0 would do; from the saddle the integrand falls at once.
double saddle(const Sum& sum, double pole) {
  constexpr double kNear = 1e-12;
  const auto slope = [&](double s) { return sum_of(sum, [s](double y) { return y / (1 - s * y); }) - 1 / s; };
  const double from = pole * (1 - kNear), to = pole * kNear;
  if (slope(from) >= 0 || slope(to) <= 0) return pole / 2;
  std::uintmax_t most = 200;
  const auto found =
      boost::math::tools::toms748_solve(slope, from, to, boost::math::tools::eps_tolerance<double>(20), most);
  return (found.first + found.second) / 2;
}

// The path of integration: a hyperbola through the saddle, upright there and bent as the path of steepest
// descent is, so that the integrand falls at once and hardly turns.
class Path {
 public:
  explicit Path(const Sum& line) {
    const double squares = sum_of(line, [](double a) { return a * a; });
    const double cubes = sum_of(line, [](double a) { return a * a * a; });
    scale_ = 1 / std::sqrt(squares);
    const double bend = 2.0 / 3 * cubes * scale_ * scale_ * scale_;  // sin / cos^2 of the angle
    sin_ = 2 * bend / (1 + std::sqrt(1 + 4 * bend * bend));
    cos_ = std::sqrt(1 - sin_ * sin_);
  }

  std::complex<double> at(double u) const {
    return scale_ * std::complex<double>((std::cosh(u) - 1) * sin_, std::sinh(u) * cos_);
  }
  std::complex<double> slope(double u) const {
    return scale_ * std::complex<double>(std::sinh(u) * sin_, std::cosh(u) * cos_);
  }

 private:
  double scale_ = 1, sin_ = 0, cos_ = 1;
};

// Product of 1 / (1 - z a).
std::complex<double> product(const Sum& line, std::complex<double> z) {
  const double x = z.real(), y = z.imag(), square = std::norm(z);
  const double size = sum_of(line, [&](double a) { return std::log1p(a * (a * square - 2 * x)); }) / 2;
  const double turn = sum_of(line, [&](double a) { return std::atan2(a * y, 1 - a * x); });
  return std::polar(std::exp(-size), turn);
}

// P(sum <= 0), for a sum whose mean is not negative: the inversion integral along a path through the saddle
// (S. O. Rice, "Distribution of quadratic forms in normal random variables", SIAM J. Sci. Stat. Comput. 1
// (1980) 438-448) by the trapezoidal rule, which converges geometrically there.
double lower_tail(const Sum& sum) {
  constexpr double kStep = 0.15, kSmall = 1e-17, kFar = 40;
  const double least = std::ranges::min_element(sum, {}, &WeightedExponential::factor)->factor;
  if (least >= 0) return 0;
  const double s = saddle(sum, 1 / least);
  const double log_height = -sum_of(sum, [s](double y) { return std::log1p(-s * y); }) - std::log(-s);
  Sum line{{-1 / s, 1}};  // 1 / -s is one factor more of the same kind
  for (const WeightedExponential& part : sum)
    line.push_back({part.factor / (1 - s * part.factor), part.times});
  const Path path(line);
  double integral = path.slope(0).imag() / 2;
  for (double u = kStep; u < kFar; u += kStep) {
    const std::complex<double> value = product(line, path.at(u)) * path.slope(u);
    integral += value.imag();
    if (std::abs(value) < kSmall * integral) break;
  }
  return std::clamp(std::exp(log_height) * integral * kStep / std::numbers::pi, 0.0, 1.0);
}

double p_not_positive(Sum sum) {
  std::erase_if(sum, [](const WeightedExponential& part) { return part.factor == 0 || part.times == 0; });
  const auto is_positive = [](const WeightedExponential& part) { return part.factor > 0; };
  if (std::ranges::none_of(sum, is_positive)) return 1;
  if (sum_of(sum, [](double y) { return y; }) >= 0) return lower_tail(sum);
  for (WeightedExponential& part : sum) part.factor = -part.factor;
  return 1 - lower_tail(sum);
}

double size_of_unseen(std::span<const GroupTotal> groups) {
  double squares = 0, cubes = 0;
  for (const GroupTotal& group : groups) {
    const double square = group.groups * group.size * group.size;
    squares += square;
    cubes += square * group.size;
  }
  return cubes / squares;
}

std::vector<GroupTotal> negated(std::span<const GroupTotal> groups) {
  std::vector<GroupTotal> negative(groups.begin(), groups.end());
  for (GroupTotal& group : negative) group.sum = -group.sum;
  return negative;
}

}  // namespace

double p_above(std::span<const GroupTotal> groups, double mean, double lowest) {
  if (groups.empty() || mean < lowest) return groups.empty() ? 1 : 0;
  Sum sum{{(lowest - mean) * size_of_unseen(groups), 1}};
  for (const GroupTotal& group : groups) sum.push_back({group.sum - mean * group.size, group.groups});
  return p_not_positive(std::move(sum));
}

double p_below(std::span<const GroupTotal> groups, double mean, double highest) {
  return p_above(negated(groups), -mean, -highest);
}

double mean_lower_bound(std::span<const GroupTotal> groups, double lowest, double confidence) {
  constexpr double kTolerance = 1e-12;
  double highest = lowest;
  for (const GroupTotal& group : groups)
    if (group.groups > 0) highest = std::max(highest, group.sum / group.size);
  if (highest <= lowest) return lowest;
  const auto excess = [&](double mean) { return p_above(groups, mean, lowest) - (1 - confidence); };
  if (excess(highest) <= 0) return highest;
  std::uintmax_t most = 200;
  const auto found = boost::math::tools::toms748_solve(
      excess, lowest, highest, [](double a, double b) { return b - a < kTolerance; }, most);
  return found.first;
}

double mean_upper_bound(std::span<const GroupTotal> groups, double highest, double confidence) {
  return -mean_lower_bound(negated(groups), -highest, confidence);
}

}  // namespace tinyhil::stats
