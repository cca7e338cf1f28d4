// SPDX-License-Identifier: Apache-2.0
#include "line_faults.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <utility>

namespace tinyhil::sim {

namespace {

constexpr double kGarbleRate = 0.05;  // per bit: one byte in three

enum Stream : std::uint64_t { kNoise, kGarble, kChunks };

std::uint64_t seed_of(std::uint64_t seed, LineWay way) {
  return derived_seed(seed, way == LineWay::to_device ? 1 : 2);
}

}  // namespace

LineDamage::LineDamage(const LineFaults& faults, std::uint64_t seed, LineWay way)
    : faults_(faults),
      seed_(seed_of(seed, way)),
      noise_(faults.bit_errors, derived_seed(seed_, kNoise)),
      garble_(kGarbleRate, derived_seed(seed_, kGarble)) {
  assert(faults_.chunk > 0 && faults_.burst_max > 0);
}

// Every draw is made whatever the rates are, so that changing one rate moves no other fault.
LineDamage::Fate LineDamage::draw_fate() {
  Fate fate;
  fate.drop = random_.chance(faults_.drop);
  fate.duplicate = random_.chance(faults_.duplicate);
  fate.stall = random_.chance(faults_.stall);
  fate.cut = random_.chance(faults_.disconnect);
  const bool burst = random_.chance(faults_.burst);
  fate.insert = random_.chance(0.5);
  fate.burst_at = random_.below(faults_.chunk);
  const std::size_t size = 1 + random_.below(faults_.burst_max);
  fate.burst_size = burst ? size : 0;
  return fate;
}

void LineDamage::begin_chunk() {
  begun_ = true;
  random_ = Random(derived_seed(seed_, kChunks + passed_ / faults_.chunk));
  fate_ = draw_fate();
  chunk_.clear();
  counts_.chunks_dropped += fate_.drop ? 1 : 0;
  counts_.stalls += fate_.stall ? 1 : 0;
  counts_.bursts += fate_.burst_size > 0 ? 1 : 0;
}

bool LineDamage::is_cut() const {
  return fate_.cut || (faults_.disconnect_after && passed_ >= *faults_.disconnect_after);
}

void LineDamage::replug() {
  fate_.cut = false;
  if (faults_.disconnect_after && passed_ >= *faults_.disconnect_after) faults_.disconnect_after.reset();
}

std::uint8_t LineDamage::damaged(std::uint8_t byte, bool too_fast) {
  const bool replaced =
      !fate_.insert && place_ >= fate_.burst_at && place_ < fate_.burst_at + fate_.burst_size;
  if (replaced) {
    ++counts_.bytes_replaced;
    byte = static_cast<std::uint8_t>(random_.next());
  }
  unsigned mask = noise_.next_mask();
  if (too_fast) mask ^= garble_.next_mask();
  counts_.bits_flipped += static_cast<std::uint64_t>(std::popcount(mask));
  return static_cast<std::uint8_t>(byte ^ mask);
}

void LineDamage::put(std::uint8_t byte, std::vector<WireByte>& wire) {
  const bool first = std::exchange(fate_.stall, false);
  wire.push_back({byte, fate_.drop, first ? faults_.stall_for : std::chrono::nanoseconds(0)});
  if (fate_.drop) ++counts_.bytes_dropped;
  if (fate_.duplicate && !fate_.drop) chunk_.push_back(byte);
}

void LineDamage::insert_burst(std::vector<WireByte>& wire) {
  for (std::size_t i = 0; i < fate_.burst_size; ++i) put(static_cast<std::uint8_t>(random_.next()), wire);
  counts_.bytes_inserted += fate_.burst_size;
}

void LineDamage::end_chunk(std::vector<WireByte>& wire) {
  place_ = 0;
  begun_ = false;
  if (chunk_.empty()) return;
  for (const std::uint8_t byte : chunk_) wire.push_back({byte, false, {}});
  ++counts_.chunks_duplicated;
  counts_.bytes_duplicated += chunk_.size();
}

bool LineDamage::pass(std::uint8_t byte, bool too_fast, std::vector<WireByte>& wire) {
  if (!begun_) begin_chunk();
  if (is_cut()) {
    ++counts_.disconnects;
    return false;
  }
  if (fate_.insert && place_ == fate_.burst_at) insert_burst(wire);
  put(damaged(byte, too_fast), wire);
  ++passed_;
  if (++place_ == faults_.chunk) end_chunk(wire);
  return true;
}

}  // namespace tinyhil::sim
