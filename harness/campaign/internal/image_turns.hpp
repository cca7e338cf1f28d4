// SPDX-License-Identifier: Apache-2.0
// In which order firmware images take turns on one board: over a block of vectors each, forward and backward
// (A B, B A, A B, B A), so that a drift of the board falls on all alike. An image that is on the board at the
// end of a block stays for the next one. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tinyhil::campaign {

struct ImageTurn {
  std::size_t image = 0;
  std::uint64_t end = 0;  // all vectors before it, of the order
  bool is_first = false;  // in the first of several blocks

  auto operator<=>(const ImageTurn&) const = default;
};

// Blocks of as many vectors each, as far as they divide; at most one for each vector.
std::vector<ImageTurn> image_turns(std::size_t images, std::uint64_t vectors, std::uint64_t blocks);

}  // namespace tinyhil::campaign
