// SPDX-License-Identifier: Apache-2.0
// In which order waves of vectors meet groups of models on a device that cannot hold all of them at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tinyhil::campaign {

struct Turn {
  std::size_t wave = 0;
  std::size_t group = 0;
};

// What is to be moved: the bytes of each wave and of each group's models, 0 for those that are done.
struct Cargo {
  std::span<const std::uint64_t> waves;
  std::span<const std::uint64_t> groups;
};

// Every wave with every group, so that the fewest bytes are moved: each wave through all groups, or all waves
// through each group. Groups alternate between forwards and backwards (A B, B A), so that the one that is
// resident stays, and a drift of the board falls on all of them alike. `backwards`: begin with the last
// group.
std::vector<Turn> plan_turns(const Cargo& cargo, bool backwards);

}  // namespace tinyhil::campaign
