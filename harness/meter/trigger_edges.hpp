// SPDX-License-Identifier: Apache-2.0
// Edges of the trigger line among a meter's digital samples. A level that does not last three samples is a
// glitch: left out, and counted.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "meter/meter.hpp"
#include "meter/trace_reader.hpp"

namespace tinyhil::meter {

// Where the line is on the other level for the first time. Where the change fell into a gap: the middle of
// it.
struct TriggerEdge {
  double sample = 0;
  double sigma_samples = 0;  // standard uncertainty: 1 / sqrt(12), or that of the gap
  bool rising = false;
};

struct TriggerEdges {
  std::vector<TriggerEdge> edges;  // levels alternate
  std::uint64_t glitches = 0;
  bool high_at_start = false;
};

class EdgeFinder {
 public:
  explicit EdgeFinder(int line) : mask_(static_cast<std::uint8_t>(1U << line)) {}

  // In order; a jump of `first` is a gap. Blocks without lines count as one.
  void add(std::uint64_t first, std::span<const std::uint8_t> lines);
  const TriggerEdges& found() const { return found_; }

 private:
  void sample(std::uint64_t at, bool high);

  std::uint8_t mask_;
  TriggerEdges found_;
  std::optional<bool> level_;  // as accepted
  std::uint64_t next_ = 0;     // number of the sample expected
  std::uint64_t changed_ = 0;  // where the other level began
  std::uint32_t lasted_ = 0;   // samples on it
  double gap_ = 0;             // samples missing right before changed_
};

// Of a whole recording.
TriggerEdges trigger_edges(const TraceReader& trace, int line);

// Of a meter that tells rising edges only (TriggerKind::rising): the samples in which the line is set.
std::vector<std::uint64_t> rising_edges(const TraceReader& trace, int line);

}  // namespace tinyhil::meter
