// SPDX-License-Identifier: Apache-2.0
#include "ppk2_front_end.hpp"

#include <array>

#include "base/quantity.hpp"
#include "ppk2_constants.hpp"

namespace tinyhil::sim {

namespace {

using PerRange = std::array<double, kPpk2RangeCount>;

constexpr PerRange kTop = {50e-6, 500e-6, 5e-3, 50e-3, 1};   // A
constexpr double kDown = 0.8;                                // of the smaller range's top
constexpr PerRange kNoise = {1e-7, 4e-7, 4e-6, 4e-5, 7e-4};  // A, standard deviation
constexpr PerRange kGain = {0.10, 0.10, 0.10, 0.10, 0.15};
constexpr PerRange kResolution = {0.2e-6, 0.5e-6, 5e-6, 50e-6, 1e-3};
constexpr double kOvershoot = 0.05;  // of the step
constexpr double kSqrt3 = 1.7320508075688772;

}  // namespace

std::optional<Ppk2Loss> parse_ppk2_loss(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos) return std::nullopt;
  const auto count = parse_integer(text.substr(0, at));
  const auto time = parse_duration(text.substr(at + 1));
  if (!count || *count < 1 || !time) return std::nullopt;
  return Ppk2Loss{std::chrono::duration<double>(*time).count(), static_cast<std::uint64_t>(*count)};
}

Ppk2Errors drawn_errors(std::uint64_t seed) {
  Random random(derived_seed(seed, 2));
  Ppk2Errors errors;
  for (std::size_t n = 0; n < kPpk2RangeCount; ++n) {
    errors.gain[n] = (2 * random.uniform() - 1) * kGain[n];
    errors.offset_a[n] = (random.uniform() - 0.5) * kResolution[n];
  }
  return errors;
}

Ppk2FrontEnd::Ppk2FrontEnd(const Ppk2Settings& settings)
    : settings_(settings), random_(derived_seed(settings.seed, 1)) {}

std::size_t Ppk2FrontEnd::range_for(double current_a) const {
  std::size_t range = range_;
  while (range + 1 < kPpk2RangeCount && current_a > kTop[range]) ++range;
  while (range > 0 && current_a < kDown * kTop[range - 1]) --range;
  return range;
}

// Close to normal: the sum of four uniform parts of one number.
double Ppk2FrontEnd::noise_a() {
  const std::uint64_t bits = random_.next();
  double sum = 0;
  for (int shift = 0; shift < 64; shift += 16)
    sum += static_cast<double>(bits >> shift & 0xFFFFU) * 0x1p-16 + 0x1p-17 - 0.5;
  return sum * kSqrt3 * kNoise[range_] * settings_.noise;
}

std::uint32_t Ppk2FrontEnd::lines(bool trigger) {
  const bool wrong = settings_.glitches > 0 && random_.chance(settings_.glitches);
  return std::uint32_t{trigger != wrong} << (24 + settings_.trigger_line);
}

std::uint32_t Ppk2FrontEnd::sample(double current_a, bool trigger, double vdd_mv) {
  const std::size_t wanted = range_for(current_a);
  if (wanted != range_) {
    range_ = wanted;
    dead_ = settings_.dead_samples;
    overshoots_ = true;
  }
  if (dead_ > 0) {
    --dead_;
    return last_ | lines(trigger);
  }
  double seen = current_a;
  if (overshoots_) seen += kOvershoot * (current_a - before_a_);
  overshoots_ = false;
  before_a_ = current_a;
  seen = seen * (1 + settings_.errors.gain[range_]) + settings_.errors.offset_a[range_] + noise_a();
  last_ = ppk2_adc(seen, range_, vdd_mv) | static_cast<std::uint32_t>(range_) << 14;
  return last_ | lines(trigger);
}

}  // namespace tinyhil::sim
