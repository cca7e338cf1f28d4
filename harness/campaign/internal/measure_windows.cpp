// SPDX-License-Identifier: Apache-2.0
#include "measure_windows.hpp"

#include <cmath>

#include "meter/trace_reader.hpp"
#include "meter/trigger_edges.hpp"
#include "meter/window_alignment.hpp"
#include "meter/window_charge.hpp"

namespace tinyhil::campaign {
namespace {

constexpr double kSettling = 5e-3;  // at each end of a rest
constexpr double kSettlingShare = 0.1;

double length_of(const RunWindow& window, const WindowClocks& clocks) {
  return clocks.timer_hz == 0 ? 0 : static_cast<double>(window.report.timer_ticks) / clocks.timer_hz;
}

// What the pulses of the trace are held against. A window that the device may have run before, whose answer
// was lost, has left a pulse of unknown length.
struct Expected {
  std::vector<meter::DeviceWindow> all;
  std::vector<std::size_t> reported;  // which of them, by window
};

Expected expected_pulses(const std::vector<RunWindow>& windows, const WindowClocks& clocks,
                         bool has_host_time) {
  Expected expected;
  for (const RunWindow& window : windows) {
    meter::DeviceWindow pulse;
    if (has_host_time) {
      pulse.asked_s = window.asked_s;
      pulse.answered_s = window.answered_s;
    }
    for (std::uint32_t lost = 1; lost < window.report.attempts; ++lost) expected.all.push_back(pulse);
    pulse.length_s = length_of(window, clocks);
    expected.reported.push_back(expected.all.size());
    expected.all.push_back(pulse);
  }
  return expected;
}

MeasuredWindow as_reported(const RunWindow& window) {
  MeasuredWindow measured;
  measured.kind = window.kind;
  measured.model = window.model;
  measured.vector = window.vector;
  measured.block = window.block;
  measured.asked = window.asked;
  measured.report = window.report;
  return measured;
}

void mark_incomplete(MeasuredWindow& window, std::string why) {
  window.state = WindowState::incomplete;
  window.why = std::move(why);
}

void add_charge(const stats::MeasuredWindow& found, MeasuredWindow& window) {
  window.charge_c = stats::charge_c(found);
  window.missing_s = found.missing_s;
  window.missing_low_a = found.missing_low_a;
  window.missing_high_a = found.missing_high_a;
  window.switching_c = found.switching_c;
  window.edge_s = found.edge_s;
  window.noise_a = found.noise_a;
  window.noise_degrees = found.noise_degrees;
  for (const stats::RangePart& part : found.ranges)
    window.ranges.push_back({part.charge_c, part.length_s, part.sample_noise_a});
}

void add_layers(const stats::LayerCharges& found, MeasuredWindow& window) {
  if (found.folded == 0) return;
  const auto add = [&](const stats::LayerCharge& part) {
    window.layers.push_back({part.charge_c, part.time_s, part.standard_c});
  };
  add(found.between);
  for (const stats::LayerCharge& layer : found.layers) add(layer);
}

// Between asking and answering there are the rests, the window, and what messages took: the window lies
// anywhere in what is left over.
meter::AlignedWindow aligned_by_host(const meter::HostClockFit& fit, const RunWindow& window,
                                     double length_s) {
  const double slack_s = std::max(0.0, window.answered_s - window.asked_s - 2 * window.rest_s - length_s);
  const double begin_s = window.asked_s + window.rest_s + slack_s / 2;
  return meter::align_by_host(fit, {begin_s, begin_s + length_s, slack_s / std::sqrt(12.0)});
}

meter::Alignment alignment_by_host(const meter::TraceReader& trace, const RunWindows& recorded,
                                   const WindowClocks& clocks) {
  meter::Alignment alignment;
  std::optional<meter::HostClockFit> fit;
  if (!trace.start().identity.virtual_time) fit = meter::fit_host_clock(recorded.arrivals);
  for (const RunWindow& window : recorded.windows) {
    meter::AlignedWindow& aligned = alignment.windows.emplace_back();
    if (fit) aligned = aligned_by_host(*fit, window, length_of(window, clocks));
    if (window.report.attempts > 1) aligned.incomplete = "it was run again, and no trigger line tells when";
  }
  if (!fit) alignment.finding = "no trigger line, and the host's clock does not tell when samples were taken";
  return alignment;
}

meter::Alignment alignment_by_trigger(const meter::TraceReader& trace, const RunWindows& recorded,
                                      const WindowClocks& clocks) {
  const MeterIdentity& meter = trace.start().identity;
  const Expected expected = expected_pulses(recorded.windows, clocks, !meter.virtual_time);
  const meter::AlignmentLimits limits{trace.sample_s()};
  meter::Alignment alignment =
      recorded.trigger == meter::TriggerKind::rising
          ? meter::align_rising(meter::rising_edges(trace, meter.trigger), expected.all, limits)
          : meter::align(meter::trigger_edges(trace, meter.trigger), expected.all, limits);
  std::vector<meter::AlignedWindow> reported;
  for (const std::size_t pulse : expected.reported) reported.push_back(alignment.windows[pulse]);
  alignment.windows = std::move(reported);
  return alignment;
}

// Of a rest without its ends: what the board's supply still gives and takes when it changes state is none of
// the current of the state.
meter::AlignedWindow settled(meter::AlignedWindow window, WindowKind kind, double sample_s) {
  if (kind == WindowKind::inference) return window;
  const double margin = std::min(kSettling / sample_s, kSettlingShare * (window.last - window.first));
  window.first += margin;
  window.last -= margin;
  return window;
}

MeasuredWindow measured(const meter::TraceReader& trace, const meter::AlignedWindow& aligned,
                        const RunWindow& ran, const WindowClocks& clocks) {
  MeasuredWindow window = as_reported(ran);
  window.begin_s = std::max(0.0, aligned.first * trace.sample_s());
  window.length_s = std::max(0.0, (aligned.last - aligned.first) * trace.sample_s());
  std::string cut = aligned.incomplete;
  if (cut.empty() && aligned.last > static_cast<double>(trace.end()))
    cut = "the recording ended before the window did";
  const std::string why = ran.doubt.empty() ? cut : ran.doubt;
  if (!why.empty()) mark_incomplete(window, why);
  if (!cut.empty()) return window;
  const std::uint64_t inferences = ran.kind == WindowKind::inference ? ran.report.proven : 0;
  add_charge(meter::measured_window(trace, aligned, inferences), window);
  if (inferences > 0 && !ran.report.layer_ends.empty() && clocks.clock_hz > 0) {
    const meter::LayerTicks ticks{ran.report.layer_ends, static_cast<double>(clocks.clock_hz)};
    add_layers(meter::window_layers(trace, aligned, inferences, ticks), window);
  }
  return window;
}

}  // namespace

std::vector<MeasuredWindow> measure_windows(const std::filesystem::path& trace, const WindowClocks& clocks,
                                            const RunWindows& recorded) {
  const meter::TraceReader reader(trace);
  const bool has_trigger = reader.start().identity.trigger >= 0;
  const meter::Alignment alignment = has_trigger ? alignment_by_trigger(reader, recorded, clocks)
                                                 : alignment_by_host(reader, recorded, clocks);
  std::vector<MeasuredWindow> all;
  for (std::size_t i = 0; i < recorded.windows.size(); ++i) {
    const RunWindow& ran = recorded.windows[i];
    all.push_back(measured(reader, settled(alignment.windows[i], ran.kind, reader.sample_s()), ran, clocks));
    if (alignment.finding.empty()) continue;
    if (!has_trigger || all.back().state == WindowState::incomplete)
      mark_incomplete(all.back(), alignment.finding);
  }
  return all;
}

}  // namespace tinyhil::campaign
