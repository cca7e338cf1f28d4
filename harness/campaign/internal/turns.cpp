// SPDX-License-Identifier: Apache-2.0
#include "turns.hpp"

#include <algorithm>
#include <numeric>

namespace tinyhil::campaign {

namespace {

std::uint64_t sum(std::span<const std::uint64_t> bytes) {
  return std::accumulate(bytes.begin(), bytes.end(), std::uint64_t{0});
}

std::uint64_t count_used(std::span<const std::uint64_t> bytes) {
  return static_cast<std::uint64_t>(
      std::ranges::count_if(bytes, [](std::uint64_t each) { return each > 0; }));
}

std::size_t at(std::size_t index, std::size_t count, bool backwards) {
  return backwards ? count - 1 - index : index;
}

// Bytes of models: the group at either end stays from one wave to the next.
std::uint64_t models_by_wave(const Cargo& cargo, bool backwards) {
  const std::uint64_t all = sum(cargo.groups);
  const std::uint64_t waves = count_used(cargo.waves);
  std::uint64_t bytes = waves > 0 ? all : 0;
  for (std::uint64_t wave = 1; wave < waves; ++wave) {
    const bool ended_backwards = backwards != (wave % 2 == 0);
    bytes += all - (ended_backwards ? cargo.groups.front() : cargo.groups.back());
  }
  return bytes;
}

std::vector<Turn> by_wave(const Cargo& cargo, bool backwards) {
  std::vector<Turn> turns;
  for (std::size_t wave = 0; wave < cargo.waves.size(); ++wave) {
    if (cargo.waves[wave] == 0) continue;
    for (std::size_t i = 0; i < cargo.groups.size(); ++i)
      turns.push_back({wave, at(i, cargo.groups.size(), backwards)});
    backwards = backwards != (sum(cargo.groups) > 0);
  }
  return turns;
}

std::vector<Turn> by_group(const Cargo& cargo, bool backwards) {
  std::vector<Turn> turns;
  for (std::size_t i = 0; i < cargo.groups.size(); ++i) {
    for (std::size_t wave = 0; wave < cargo.waves.size(); ++wave) {
      if (cargo.waves[wave] > 0) turns.push_back({wave, at(i, cargo.groups.size(), backwards)});
    }
  }
  return turns;
}

}  // namespace

std::vector<Turn> plan_turns(const Cargo& cargo, bool backwards) {
  if (cargo.groups.empty()) return {};
  const std::uint64_t vectors = sum(cargo.waves);
  const std::uint64_t wave_by_wave = vectors + models_by_wave(cargo, backwards);
  const bool stays = count_used(cargo.waves) <= 1;  // one wave serves all groups
  const std::uint64_t group_by_group = sum(cargo.groups) + (stays ? 1 : count_used(cargo.groups)) * vectors;
  return wave_by_wave <= group_by_group ? by_wave(cargo, backwards) : by_group(cargo, backwards);
}

}  // namespace tinyhil::campaign
