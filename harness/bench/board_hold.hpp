// SPDX-License-Identifier: Apache-2.0
// One user of a board at a time, across processes: a lock that the kernel drops when its holder dies.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "model/bench.hpp"

namespace tinyhil::bench {

class BoardHold {
 public:
  // Never waits. Nothing when the board is not free; `holder` then says in words which process has it. Throws
  // Error(bench_fault) when there is no place for locks.
  static std::optional<BoardHold> try_take(const std::string& board_key, std::string& holder);

  BoardHold(BoardHold&&) noexcept = default;
  BoardHold& operator=(BoardHold&&) noexcept = default;

 private:
  struct Close {
    void operator()(const int* descriptor) const;
  };
  explicit BoardHold(int descriptor) : descriptor_(new int(descriptor)) {}

  std::unique_ptr<int, Close> descriptor_;
};

// What two users of one board have in common: its driver's word for it (BoardAccess::lock_key), whatever
// bench names it; of a board that is started for its user, the bench and its name there. Throws Error(usage)
// for a link that its driver does not take.
std::string board_key(const std::filesystem::path& bench, const Board& board);

// The key of the queue for a board. The process that waits next holds it, and the board is taken only with
// it, so that a process that gives the board back to let others go on does not get it again before them.
std::string queue_key(const std::string& board_key);

bool is_wanted(const std::string& board_key);  // somebody waits for the board

}  // namespace tinyhil::bench
