// SPDX-License-Identifier: Apache-2.0
#include "image_turns.hpp"

#include <algorithm>

namespace tinyhil::campaign {

std::vector<ImageTurn> image_turns(std::size_t images, std::uint64_t vectors, std::uint64_t blocks) {
  blocks = std::clamp<std::uint64_t>(blocks, 1, std::max<std::uint64_t>(vectors, 1));
  std::vector<ImageTurn> turns;
  for (std::uint64_t block = 0; block < blocks; ++block) {
    const std::uint64_t end = vectors * (block + 1) / blocks;
    for (std::size_t i = 0; i < images; ++i) {
      const std::size_t image = block % 2 == 0 ? i : images - 1 - i;
      turns.push_back({image, end, block == 0 && blocks > 1});
    }
  }
  return turns;
}

}  // namespace tinyhil::campaign
