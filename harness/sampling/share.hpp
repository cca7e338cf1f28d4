// SPDX-License-Identifier: Apache-2.0
// How the boards of one run divide its vectors: in turn, by position in the order. The first 64 positions and
// every 64th after them are common: every board runs them, to show whether boards differ. All models of a
// campaign meet a vector on the same board. `place` is a position in the order, from 0.
#pragma once

#include <cstdint>
#include <vector>

namespace tinyhil::sampling {

bool is_common(std::uint64_t place);

struct Share {
  std::size_t board = 0;   // which one
  std::size_t boards = 1;  // of how many

  bool has(std::uint64_t place) const;
  std::uint64_t before(std::uint64_t place) const;  // how many of its positions come before this one
  std::vector<std::uint32_t> of(const std::vector<std::uint32_t>& order) const;
};

}  // namespace tinyhil::sampling
