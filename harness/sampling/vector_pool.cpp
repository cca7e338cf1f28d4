// SPDX-License-Identifier: Apache-2.0
#include "vector_pool.hpp"

#include <algorithm>
#include <cassert>

namespace tinyhil::sampling {
namespace {

constexpr std::uint32_t kFirstCommon = 64;
constexpr std::uint64_t kParts = 4;   // of what is free and one board's by right: the last portions are small
constexpr std::uint64_t kFewest = 8;  // vectors, below which a portion's way there and back shows

std::uint64_t rounded_up(std::uint64_t count, std::uint64_t parts) { return (count + parts - 1) / parts; }

}  // namespace

VectorPool::VectorPool(std::size_t boards, std::vector<bool> stored)
    : common_(std::min(kFirstCommon, static_cast<std::uint32_t>(stored.size()))),
      seats_(boards),
      taker_(stored.size()) {
  assert(boards < UINT16_MAX);
  for (std::uint32_t at = common_; at < stored.size(); ++at) {
    if (stored[at]) continue;
    const std::uint32_t first = at;
    while (at < stored.size() && !stored[at]) ++at;
    free_[first] = at;
  }
}

std::optional<Portion> VectorPool::take(std::size_t board, const PortionWish& wish) {
  Seat& seat = seats_.at(board);
  assert(seat.is_there);
  seat.held.reset();
  const auto common = static_cast<std::uint32_t>(std::min<std::uint64_t>(common_, wish.end));
  if (seat.common < common) {
    seat.held = Portion{seat.common, common - seat.common};
    seat.common = common;
    return seat.held;
  }
  if (free_.empty() || free_.begin()->first >= wish.end) return std::nullopt;
  const auto [first, behind] = *free_.begin();
  const std::uint64_t end = std::min({wish.end, std::uint64_t{behind}, first + portion_size(wish)});
  Portion portion{first, static_cast<std::uint32_t>(end) - first};
  free_.erase(first);
  if (end < behind) free_[static_cast<std::uint32_t>(end)] = behind;
  std::fill_n(taker_.begin() + first, portion.count, static_cast<std::uint16_t>(board + 1));
  seat.held = portion;
  if (was_run_elsewhere(first - 1, board)) portion = {first - 1, portion.count + 1};
  return portion;
}

bool VectorPool::was_run_elsewhere(std::uint32_t position, std::size_t board) const {
  return position >= common_ && taker_[position] != 0 && taker_[position] != board + 1;
}

std::uint64_t VectorPool::count_free(std::uint64_t end) const {
  std::uint64_t count = 0;
  for (const auto& [first, behind] : free_) {
    if (first < end) count += std::min<std::uint64_t>(behind, end) - first;
  }
  return count;
}

std::uint64_t VectorPool::portion_size(const PortionWish& wish) const {
  const auto boards = static_cast<std::uint64_t>(std::ranges::count(seats_, true, &Seat::is_there));
  const std::uint64_t free = count_free(wish.end);
  const std::uint64_t least = std::min(std::max(wish.fewest, kFewest), rounded_up(free, boards));
  return std::max(least, rounded_up(free, kParts * boards));
}

bool VectorPool::is_done(std::uint64_t end) const {
  const std::uint64_t common = std::min<std::uint64_t>(common_, end);
  const bool all_rest = std::ranges::none_of(
      seats_, [&](const Seat& seat) { return seat.is_there && (seat.held || seat.common < common); });
  return all_rest && count_free(end) == 0;
}

void VectorPool::leave(std::size_t board, const std::function<bool(std::uint32_t)>& has_run) {
  Seat& seat = seats_.at(board);
  seat.is_there = false;
  if (!seat.held || seat.held->first < common_) return;
  const std::uint32_t behind = seat.held->first + seat.held->count;
  for (std::uint32_t at = seat.held->first; at < behind; ++at) {
    const std::uint32_t first = at;
    while (at < behind && !has_run(at)) ++at;
    if (at > first) free_[first] = at;
  }
  seat.held.reset();
}

}  // namespace tinyhil::sampling
