// SPDX-License-Identifier: Apache-2.0
#include "recorded_energy.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace tinyhil::stats {
namespace {

using Recorded = tinyhil::MeasuredWindow;

// The idle window nearest in time, before or after.
const Recorded* nearest_idle(const Recording& recording, const Recorded& window) {
  const Recorded* nearest = nullptr;
  double apart = 0;
  for (const Recorded& other : recording.windows) {
    if (other.kind != WindowKind::idle || !counts(other)) continue;
    const double distance = std::abs(other.begin_s - window.begin_s);
    if (nearest != nullptr && distance >= apart) continue;
    nearest = &other;
    apart = distance;
  }
  return nearest;
}

InferenceWindow with_idle(const Recording& recording, const Recorded& window) {
  InferenceWindow made;
  made.window = window_of(window, recording.info.meter);
  if (const Recorded* idle = nearest_idle(recording, window))
    made.idle = window_of(*idle, recording.info.meter);
  made.proven = window.report.proven;
  made.vector = window.vector->value;
  return made;
}

bool is_of(const Recorded& window, const std::string& model) {
  return window.kind == WindowKind::inference && window.model == model && counts(window);
}

}  // namespace

MeasuredWindow window_of(const Recorded& recorded, const MeterIdentity& meter) {
  MeasuredWindow window;
  window.length_s = recorded.length_s;
  for (std::size_t i = 0; i < std::min(recorded.ranges.size(), meter.ranges.size()); ++i) {
    const RangeShare& share = recorded.ranges[i];
    const MeterRange& range = meter.ranges[i];
    window.ranges.push_back({share.charge_c, share.length_s, range.gain_limit, range.offset_limit_a,
                             range.resolution_a, share.noise_a});
  }
  window.missing_s = recorded.missing_s;
  window.missing_low_a = recorded.missing_low_a;
  window.missing_high_a = recorded.missing_high_a;
  window.switching_c = recorded.switching_c;
  window.edge_s = recorded.edge_s;
  window.noise_a = recorded.noise_a;
  window.noise_degrees = recorded.noise_degrees;
  return window;
}

Supply supply_of(const MeterIdentity& meter) { return {meter.supply_v, meter.voltage_limit}; }

bool counts(const Recorded& recorded) {
  const bool is_proven = recorded.kind != WindowKind::inference || recorded.report.proven > 0;
  return recorded.state == WindowState::complete && is_proven;
}

std::vector<InferenceWindow> inference_windows(const Recording& recording, const std::string& model) {
  std::vector<InferenceWindow> windows;
  for (const Recorded& window : recording.windows)
    if (is_of(window, model)) windows.push_back(with_idle(recording, window));
  return windows;
}

std::vector<MeasuredWindow> resting_windows(const Recording& recording, WindowKind kind) {
  std::vector<MeasuredWindow> windows;
  for (const Recorded& window : recording.windows)
    if (window.kind == kind && counts(window)) windows.push_back(window_of(window, recording.info.meter));
  return windows;
}

std::vector<EnergyBlock> energy_blocks(const Recording& recording, const ModelPair& models) {
  std::map<std::uint32_t, EnergyBlock> by_number;
  for (const Recorded& window : recording.windows) {
    if (is_of(window, models.a)) by_number[window.block].a.push_back(with_idle(recording, window));
    if (is_of(window, models.b)) by_number[window.block].b.push_back(with_idle(recording, window));
  }
  std::vector<EnergyBlock> blocks;
  for (auto& [number, block] : by_number)
    if (!block.a.empty() && !block.b.empty()) blocks.push_back(std::move(block));
  return blocks;
}

}  // namespace tinyhil::stats
