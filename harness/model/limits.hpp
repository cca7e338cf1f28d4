// SPDX-License-Identifier: Apache-2.0
// How much there may be of what users bring. Files are held to it when they are loaded, and so are stored
// results, which may come from a stranger.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tinyhil {

inline constexpr std::size_t kVectorsMax = 10'000'000;
inline constexpr std::size_t kModelsMax = 100;   // of a campaign
inline constexpr std::size_t kBoardsMax = 1000;  // of a bench
inline constexpr std::size_t kLabelsMax = 32;    // of a board
inline constexpr int kRepeatsMax = 1000;
inline constexpr std::int64_t kTopKMax = 100;

}  // namespace tinyhil
