// SPDX-License-Identifier: Apache-2.0
#include "window_alignment.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "internal/pulse_matching.hpp"

namespace tinyhil::meter {
namespace {

constexpr std::size_t kWindowsMax = 2000;
constexpr std::size_t kLearnFrom = 3;  // windows
constexpr double kEdgeSamples = 2;     // both edges, a sample each

struct Pulse {
  double first = 0;
  double last = 0;
  double sigma = 0;      // of its length
  double between_s = 0;  // both edges, in seconds: how much its length may be off by them
};

std::vector<Pulse> pulses_of(const TriggerEdges& edges, double sample_s) {
  std::vector<Pulse> pulses;
  for (std::size_t i = 0; i + 1 < edges.edges.size(); ++i) {
    const TriggerEdge &up = edges.edges[i], &down = edges.edges[i + 1];
    if (!up.rising || down.rising) continue;
    const double sigma = std::hypot(up.sigma_samples, down.sigma_samples);
    const double beside = std::max(kEdgeSamples, 2 * sigma * std::sqrt(3.0));
    pulses.push_back({up.sample, down.sample, sigma, beside * sample_s});
  }
  return pulses;
}

std::string counted(std::size_t n, const char* noun) {
  return std::to_string(n) + " " + noun + (n == 1 ? "" : "s");
}

class Alignments {
 public:
  Alignments(const TriggerEdges& edges, std::span<const DeviceWindow> windows, const AlignmentLimits& limits)
      : windows_(windows), limits_(limits), pulses_(pulses_of(edges, limits.sample_s)) {
    result_.windows.resize(windows.size());
    result_.glitches = edges.glitches;
  }

  Alignment result(const TriggerEdges& edges) {
    if (windows_.empty()) return std::move(result_);
    if (edges.edges.empty())
      return all_incomplete(std::string("the trigger wire is not connected: the line stayed ") +
                            (edges.high_at_start ? "high" : "low") + " while the board ran " +
                            counted(windows_.size(), "window"));
    if (windows_.size() > kWindowsMax || pulses_.size() > kWindowsMax)
      return all_incomplete("the recording has more than 2,000 windows or pulses: record them in parts");
    if (pulses_.size() == windows_.size())
      in_order();
    else
      matched();
    check_lengths();
    return std::move(result_);
  }

 private:
  Alignment all_incomplete(const std::string& finding) {
    result_.finding = finding;
    for (AlignedWindow& window : result_.windows) window.incomplete = finding;
    return std::move(result_);
  }

  double length_s(const Pulse& pulse) const { return (pulse.last - pulse.first) * limits_.sample_s; }

  bool near_its_time(const DeviceWindow& window, const Pulse& pulse) const {
    const double begin = pulse.first * limits_.sample_s, end = pulse.last * limits_.sample_s;
    return (!window.asked_s || begin >= *window.asked_s - limits_.host_slack_s) &&
           (!window.answered_s || end <= *window.answered_s + limits_.host_slack_s);
  }

  bool fits(const DeviceWindow& window, const Pulse& pulse) const {
    const double off = std::abs(length_s(pulse) - window.length_s);
    const bool as_long =
        window.length_s <= 0 || off <= window.length_s * limits_.clock_limit + pulse.between_s;
    return as_long && near_its_time(window, pulse);
  }

  void use(std::size_t window, std::size_t pulse) {
    AlignedWindow& aligned = result_.windows[window];
    aligned.first = pulses_[pulse].first;
    aligned.last = pulses_[pulse].last;
    aligned.sigma_samples = pulses_[pulse].sigma;
    pulse_of_[window] = pulse;
  }

  void in_order() {
    for (std::size_t i = 0; i < windows_.size(); ++i) {
      use(i, i);
      if (!near_its_time(windows_[i], pulses_[i]))
        result_.windows[i].incomplete = "its pulse came when the board had not been asked for a window";
    }
  }

  void matched() {
    result_.finding = "the trigger line had " + counted(pulses_.size(), "pulse") + " while the board ran " +
                      counted(windows_.size(), "window") +
                      ": the wire is loose or disturbed, or samples were lost";
    const auto pairs = certain_pairs(windows_.size(), pulses_.size(), [&](std::size_t i, std::size_t j) {
      return fits(windows_[i], pulses_[j]);
    });
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      if (pairs[i])
        use(i, *pairs[i]);
      else
        result_.windows[i].incomplete =
            "which pulse of the trigger line is its own cannot be told: " + result_.finding;
    }
  }

  // Losses shorten single pulses: the median of the long ones is the clocks' difference.
  void learn_clock_ratio() {
    double longest = 0;
    for (std::size_t i = 0; i < windows_.size(); ++i)
      if (pulse_of_[i]) longest = std::max(longest, windows_[i].length_s);
    std::vector<double> ratios;
    for (std::size_t i = 0; i < windows_.size(); ++i)
      if (pulse_of_[i] && windows_[i].length_s * 2 >= longest && longest > 0)
        ratios.push_back(length_s(pulses_[*pulse_of_[i]]) / windows_[i].length_s);
    if (ratios.size() < kLearnFrom) return;
    std::ranges::sort(ratios);
    const double median = ratios[ratios.size() / 2];
    if (std::abs(median - 1) > limits_.clock_limit + kEdgeSamples * limits_.sample_s / longest) return;
    result_.clock_ratio = median;
    // The median is off by what the edges are, too.
    tolerance_ =
        limits_.drift_limit + kEdgeSamples * limits_.sample_s / longest / std::sqrt(double(ratios.size()));
  }

  void check_lengths() {
    tolerance_ = limits_.clock_limit;
    learn_clock_ratio();
    for (std::size_t i = 0; i < windows_.size(); ++i)
      if (pulse_of_[i]) check_length(i, pulses_[*pulse_of_[i]]);
  }

  void check_length(std::size_t i, const Pulse& pulse) {
    AlignedWindow& window = result_.windows[i];
    const double expected = windows_[i].length_s * result_.clock_ratio;
    if (expected <= 0) {
      if (window.incomplete.empty())
        window.incomplete = "the board has no timer: whether samples were lost in the window cannot be told";
      return;
    }
    const double allowed = expected * tolerance_ + pulse.between_s;
    window.unseen_samples = allowed / limits_.sample_s;
    const double off = length_s(pulse) - expected;
    if (std::abs(off) <= allowed || !window.incomplete.empty()) return;
    const auto samples = static_cast<std::uint64_t>(std::llround(std::abs(off) / limits_.sample_s));
    window.incomplete =
        off < 0 ? "it is " + counted(samples, "sample") +
                      " shorter than the board's clock says: samples were lost inside"
                : "it is " + counted(samples, "sample") +
                      " longer than the board's clock says: the trigger wire is loose, or not the "
                      "board's";
  }

  std::span<const DeviceWindow> windows_;
  const AlignmentLimits& limits_;
  std::vector<Pulse> pulses_;
  std::vector<std::optional<std::size_t>> pulse_of_ =
      std::vector<std::optional<std::size_t>>(windows_.size());
  double tolerance_ = 0;
  Alignment result_;
};

}  // namespace

const char* to_string(AlignmentMethod method) {
  switch (method) {
    case AlignmentMethod::trigger:
      return "trigger line";
    case AlignmentMethod::host_clock:
      return "host's clock";
  }
  return "unknown";
}

Alignment align(const TriggerEdges& edges, std::span<const DeviceWindow> windows,
                const AlignmentLimits& limits) {
  assert(limits.sample_s > 0);
  return Alignments(edges, windows, limits).result(edges);
}

Alignment align_rising(std::span<const std::uint64_t> edges, std::span<const DeviceWindow> windows,
                       const AlignmentLimits& limits) {
  Alignment alignment;
  alignment.windows.resize(windows.size());
  if (edges.empty() && !windows.empty())
    alignment.finding = "the trigger wire is not connected: the line did not rise while the board ran " +
                        counted(windows.size(), "window");
  else if (edges.size() != windows.size())
    alignment.finding = "the trigger line rose " + std::to_string(edges.size()) + " times in " +
                        counted(windows.size(), "window");
  for (std::size_t i = 0; i < windows.size(); ++i) {
    AlignedWindow& aligned = alignment.windows[i];
    const double samples = windows[i].length_s / limits.sample_s;
    aligned.incomplete = alignment.finding;
    if (samples <= 0) aligned.incomplete = "the device has no timer that would tell how long it was";
    if (!aligned.incomplete.empty()) continue;
    aligned.first = static_cast<double>(edges[i]);
    aligned.last = aligned.first + samples;
    aligned.sigma_samples = std::hypot(1 / std::sqrt(12.0), samples * limits.clock_limit / std::sqrt(3.0));
    aligned.unseen_samples = samples * limits.clock_limit;
    if (i + 1 < edges.size() && aligned.last > static_cast<double>(edges[i + 1]))
      aligned.incomplete = "the next one began before it ended: samples are missing";
  }
  return alignment;
}

}  // namespace tinyhil::meter
