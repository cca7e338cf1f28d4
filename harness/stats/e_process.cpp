// SPDX-License-Identifier: Apache-2.0
#include "e_process.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace tinyhil::stats {

namespace {

constexpr double kCertain = std::numeric_limits<double>::infinity();
constexpr double kMostOfAll = 0.99;  // a gambler who stakes all may lose all, for ever
constexpr int kBisections = 60;

// The largest stake that survives the worst outcome, which is `loss` away from what was expected.
double capped(double stake, double loss) { return loss <= 0 ? stake : std::min(stake, kMostOfAll / loss); }

}  // namespace

bool is_evidence(double log_e, double alpha) { return log_e >= -std::log(alpha); }

Betting::Betting(double margin, double psi0)
    : margin_(margin), stakes_{margin / psi0 / 2, margin / psi0, margin / psi0 * 2} {
  assert(margin > 0 && margin < 1 && psi0 > 0);
}

double Betting::log_mean(const std::array<double, 3>& logs) {
  const double most = *std::max_element(logs.begin(), logs.end());
  if (std::isinf(most)) return most;
  double sum = 0;
  for (const double log : logs) sum += std::exp(log - most);
  return most + std::log(sum / static_cast<double>(logs.size()));
}

double Betting::log_above(const Pairs& pairs, double d) const {
  const double same = pairs.n - pairs.lost - pairs.gained;
  std::array<double, 3> logs{};
  for (std::size_t i = 0; i < logs.size(); ++i) {
    const double stake = capped(stakes_[i], 1 + d);
    logs[i] = pairs.gained * std::log1p(stake * (1 - d)) + pairs.lost * std::log1p(stake * (-1 - d)) +
              same * std::log1p(stake * -d);
  }
  return log_mean(logs);
}

double Betting::log_below(const Pairs& pairs, double d) const {
  return log_above({pairs.gained, pairs.lost, pairs.n}, -d);  // the same game with the models exchanged
}

EValues Betting::of(const Pairs& pairs) const {
  return {log_above(pairs, -margin_), log_below(pairs, -margin_)};
}

Interval Betting::confidence_sequence(const Pairs& pairs, double alpha) const {
  if (pairs.n == 0) return {-1, 1};
  const auto lowest = [&](const Pairs& seen) {
    double excluded = -1, kept = seen.difference();
    for (int i = 0; i < kBisections; ++i) {
      const double d = (excluded + kept) / 2;
      (is_evidence(log_above(seen, d), alpha) ? excluded : kept) = d;
    }
    return excluded;
  };
  return {lowest(pairs), -lowest({pairs.gained, pairs.lost, pairs.n})};
}

// The e-value of the same table n times as large grows with n: by doubling, then by halving.
std::optional<std::uint64_t> Betting::more_vectors(const Pairs& pairs, double alpha) const {
  constexpr double kMost = 1e9;
  if (pairs.n == 0) return std::nullopt;
  const auto suffices = [&](double n) { return is_evidence(of(pairs.scaled(n / pairs.n)).log_pass, alpha); };
  double enough = pairs.n;
  while (!suffices(enough) && enough < kMost) enough *= 2;
  if (!suffices(enough)) return std::nullopt;
  double few = pairs.n;
  while (enough - few > 1) {
    const double n = (few + enough) / 2;
    (suffices(n) ? enough : few) = n;
  }
  return static_cast<std::uint64_t>(std::ceil(enough - pairs.n));
}

FiniteBetting::FiniteBetting(const Betting& betting, std::uint64_t size, double mean)
    : betting_(betting), size_(static_cast<double>(size)), mean_(mean) {}

// m: the mean of what is left, if the mean of the whole set were `mean_`.
void FiniteBetting::add(double difference) {
  assert(difference >= -1 && difference <= 1 && drawn_ < size_);
  const double left = size_ - drawn_;
  const double m = (mean_ * size_ - sum_) / left;
  surely_pass_ = surely_pass_ || m < -1;
  surely_fail_ = surely_fail_ || m > 1;
  for (std::size_t i = 0; i < log_pass_.size(); ++i) {
    const double stake = betting_.stakes_[i];
    log_pass_[i] += std::log1p(capped(stake, 1 + m) * (difference - m));
    log_fail_[i] += std::log1p(-capped(stake, 1 - m) * (difference - m));
  }
  drawn_ += 1;
  sum_ += difference;
  const double rest = size_ - drawn_;
  surely_pass_ = surely_pass_ || sum_ - rest > mean_ * size_;
  surely_fail_ = surely_fail_ || sum_ + rest < mean_ * size_;
}

EValues FiniteBetting::values() const {
  if (surely_pass_) return {kCertain, -kCertain};
  if (surely_fail_) return {-kCertain, kCertain};
  return {Betting::log_mean(log_pass_), Betting::log_mean(log_fail_)};
}

EValues finite_values(const Betting& betting, const FiniteDraws& draws, double mean) {
  FiniteBetting finite(betting, draws.of_set, mean);
  for (const double difference : draws.differences) finite.add(difference);
  return finite.values();
}

Interval finite_bounds(const Betting& betting, const FiniteDraws& draws, double alpha) {
  constexpr int kHalvings = 21;
  if (draws.differences.empty()) return {-1, 1};
  double sum = 0;
  for (const double difference : draws.differences) sum += difference;
  const double seen = sum / static_cast<double>(draws.differences.size());
  const auto bound = [&](double excluded, auto log_e) {
    double kept = seen;
    for (int i = 0; i < kHalvings; ++i) {
      const double mean = (excluded + kept) / 2;
      (is_evidence(log_e(finite_values(betting, draws, mean)), alpha) ? excluded : kept) = mean;
    }
    return excluded;
  };
  return {bound(-1, [](const EValues& e) { return e.log_pass; }),
          bound(1, [](const EValues& e) { return e.log_fail; })};
}

}  // namespace tinyhil::stats
