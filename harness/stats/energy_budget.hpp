// SPDX-License-Identifier: Apache-2.0
// The energy of windows of one run by one meter, and how well it is known: term by term after the GUM (JCGM
// 100:2008). One linear combination serves all: a window, a window less the idle power of the same run, per
// inference, the mean over windows, the difference of two models. What two windows share (gain and offset of
// one range, the voltage) is added with its sign before it is squared, so it cancels where it does in truth;
// what is each window's own (noise, edges, gaps) is added as squares. Example:
//
//   const std::optional<EnergyBudget> energy = energy_per_inference(windows, Baseline::idle, {3.0, 0.01});
//   const Interval interval = energy->interval(0.95);   // joules
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "model/scorecard.hpp"

namespace tinyhil::stats {

// What of a window was measured in one range of the meter, and what the range promises: half widths of
// rectangular errors, as in model/meter.hpp.
struct RangePart {
  double charge_c = 0;
  double length_s = 0;
  double gain_limit = 0;  // relative
  double offset_limit_a = 0;
  double resolution_a = 0;
  double sample_noise_a = 0;  // standard deviation from sample to sample
};

struct MeasuredWindow {
  double length_s = 0;            // from edge to edge
  std::vector<RangePart> ranges;  // of the meter, in the same order in all windows
  double missing_s = 0;           // of the length, without samples
  double missing_low_a = 0;       // between these the current was meanwhile
  double missing_high_a = 0;
  double switching_c = 0;    // what samples right after a change of range may have wrong; half width
  double edge_s = 0;         // standard uncertainty of the length
  double noise_a = 0;        // standard uncertainty of the mean current by noise (batch_means.hpp)
  double noise_degrees = 0;  // of freedom; 0: unknown, then there is no noise term
};

double recorded_c(const MeasuredWindow& window);
// With the missing time at the mean of what was recorded.
double charge_c(const MeasuredWindow& window);
double mean_a(const MeasuredWindow& window);    // 0 of a window without samples
double coverage(const MeasuredWindow& window);  // share of the length with samples

struct Supply {
  double volt = 0;
  double limit = 0;  // relative half width
};

enum class ErrorSource : std::uint8_t {
  gain,
  offset,
  resolution,
  voltage,
  edges,
  gaps,
  range_switching,
  noise,
  scatter,  // between windows: holds noise and edges
};

const char* to_string(ErrorSource source);

enum class ErrorShape : std::uint8_t {
  rectangular,  // type B
  normal,       // type B
  student,      // type A: estimated from `degrees` + 1 observations
};

struct BudgetTerm {
  ErrorSource source{};
  ErrorShape shape{};
  double standard = 0;  // uncertainty, in the unit of the value
  double degrees = std::numeric_limits<double>::infinity();
};

struct EnergyBudget {
  double value = 0;               // J
  std::vector<BudgetTerm> terms;  // without those that are zero

  double standard() const;  // combined uncertainty
  double degrees() const;   // effective, Welch and Satterthwaite; infinite without a type A term
  double expanded(double confidence) const;  // coverage_width.hpp
  Interval interval(double confidence) const;
};

// factor * the energy of the window, one summand.
struct WindowShare {
  const MeasuredWindow* window = nullptr;
  double factor = 1;
};

EnergyBudget energy_of(std::span<const WindowShare> shares, const Supply& supply);

// A window of inferences, with the idle window of the same run beside it: each its own, for the noise of one
// that several windows share does not scatter between them.
struct InferenceWindow {
  MeasuredWindow window;
  MeasuredWindow idle;       // length_s 0: none was measured
  std::uint64_t proven = 0;  // inferences in the window
  std::uint32_t vector = 0;
};

enum class Baseline : std::uint8_t {
  none,  // gross
  idle,  // less the idle power times the length of the window
};

// The mean over the windows, each counting the same. From two windows on, noise and edges are what scatters
// between them (Student). Nothing when there is no window, when inferences were not proven in one of them, or
// when its idle window is missing though asked for.
std::optional<EnergyBudget> energy_per_inference(std::span<const InferenceWindow> windows, Baseline baseline,
                                                 const Supply& supply);

}  // namespace tinyhil::stats
