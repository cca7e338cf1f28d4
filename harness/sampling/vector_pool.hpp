// SPDX-License-Identifier: Apache-2.0
// How the boards of one run divide its vectors while it goes on: whichever is free takes the next portion of
// the order, and what a board has taken and not run goes to the others when it leaves. Pure. Example:
//
//   VectorPool pool(2, std::vector<bool>(1'000));
//   const std::optional<Portion> portion = pool.take(0, {1'000});  // board 0 runs it, and takes again
//
// Every board runs the first 64 positions itself, to show whether boards differ, and a portion begins with
// the last position of the one before it where another board has that, so that two boards go on being
// compared as long as the run lasts. All models of a campaign meet a vector on the same board.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace tinyhil::sampling {

// Consecutive positions of the order.
struct Portion {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

struct PortionWish {
  std::uint64_t end = 0;  // only positions before this one
  std::uint64_t fewest =
      1;  // with fewer, what a portion costs besides would not pay; others get theirs first
};

class VectorPool {
 public:
  // stored: by position, whether one of the boards has run it with every model before.
  VectorPool(std::size_t boards, std::vector<bool> stored);

  // What the board took before is done. Nothing when all positions before the end are taken, by now.
  std::optional<Portion> take(std::size_t board, const PortionWish& wish);
  // Whether all positions before `end` are run, and nobody has any of them under way.
  bool is_done(std::uint64_t end) const;

  // The board takes no more. What it had under way is free again, but for positions that it has run.
  void leave(std::size_t board, const std::function<bool(std::uint32_t position)>& has_run);

 private:
  struct Seat {
    bool is_there = true;
    std::uint32_t common = 0;     // so many of the common positions it has taken
    std::optional<Portion> held;  // without a position that it only repeats
  };

  std::uint64_t portion_size(const PortionWish& wish) const;
  std::uint64_t count_free(std::uint64_t end) const;
  bool was_run_elsewhere(std::uint32_t position, std::size_t board) const;

  std::uint32_t common_;
  std::vector<Seat> seats_;
  std::map<std::uint32_t, std::uint32_t> free_;  // first position -> behind the last
  std::vector<std::uint16_t> taker_;             // board + 1; 0: nobody in this session
};

}  // namespace tinyhil::sampling
