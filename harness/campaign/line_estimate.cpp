// SPDX-License-Identifier: Apache-2.0
#include "line_estimate.hpp"

#include <algorithm>

#include "campaign/internal/turns.hpp"

namespace tinyhil::campaign {

namespace {

constexpr double kFraming = 1.03;             // heads and ends of frames that are full
constexpr std::uint64_t kPushOverhead = 150;  // bytes to open, ask for and close a slot
constexpr std::uint64_t kRunOverhead = 60;
constexpr double kBitsPerByte = 10;

std::uint64_t framed(double bytes) { return static_cast<std::uint64_t>(bytes * kFraming); }

// As many models as fit, in the campaign's order.
std::vector<std::uint64_t> groups_of(const std::vector<std::uint64_t>& models, std::size_t slots) {
  std::vector<std::uint64_t> groups;
  for (std::size_t i = 0; i < models.size(); ++i) {
    if (i % slots == 0) groups.push_back(0);
    groups.back() += models[i];
  }
  return groups;
}

std::size_t largest_of(const device::EncodedVectors& vectors) {
  std::size_t bytes = 0;
  for (const VectorSet* set : vectors) bytes = std::max(bytes, set->inputs.size());
  return bytes;
}

void push_wave(const device::Wave& wave, const LineWork& work, LineLoad& load) {
  for (const device::VectorBlock& block : wave) {
    load.to_device += framed(static_cast<double>(block.content.size()) * work.packing) + kPushOverhead;
    load.vector_pushes += block.count;
  }
}

void push_group(std::uint64_t bytes, std::size_t models, LineLoad& load) {
  load.to_device += framed(static_cast<double>(bytes)) + models * kPushOverhead;
  load.model_pushes += models;
}

}  // namespace

LineLoad estimate_line(const LineWork& work, const std::optional<BoardSlots>& slots) {
  const SlotSpace everything{static_cast<std::uint16_t>(work.vectors.size()),
                             static_cast<std::uint32_t>(std::max<std::size_t>(largest_of(work.vectors), 1))};
  const std::vector<device::Wave> waves =
      device::plan_slots(work.vectors, slots ? slots->vectors : everything);
  const std::size_t held = slots ? std::max<std::size_t>(slots->models, 1) : work.models.size();
  const std::vector<std::uint64_t> groups = groups_of(work.models, held);
  std::vector<std::uint64_t> wave_bytes;
  for (const device::Wave& wave : waves) {
    std::uint64_t bytes = 0;
    for (const device::VectorBlock& block : wave) bytes += block.content.size();
    wave_bytes.push_back(bytes);
  }
  LineLoad load;
  std::size_t wave = waves.size(), group = groups.size();  // resident
  for (const Turn& turn : plan_turns({wave_bytes, groups}, false)) {
    if (turn.wave != wave) push_wave(waves[turn.wave], work, load);
    const std::size_t models = std::min(held, work.models.size() - turn.group * held);
    if (turn.group != group) push_group(groups[turn.group], models, load);
    load.to_device += waves[turn.wave].size() * kRunOverhead;
    wave = turn.wave;
    group = turn.group;
  }
  const std::size_t count = work.vectors.front()->count;
  const std::size_t once = std::max<std::size_t>(count * work.vectors.size(), 1);
  load.vector_pushes = (load.vector_pushes + once - 1) / once;
  load.to_host = framed(static_cast<double>(count * work.rows_each));
  return load;
}

double line_seconds(const LineLoad& load, double baud) {
  return static_cast<double>(load.to_device + load.to_host) * kBitsPerByte / baud;
}

}  // namespace tinyhil::campaign
