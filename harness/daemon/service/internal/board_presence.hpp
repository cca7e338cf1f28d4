// SPDX-License-Identifier: Apache-2.0
// Which boards are plugged in, as far as that shows without opening them; the book is told of each change.
// Looks only when it is called. Example:
//
//   for (const std::string& board : presence.look(inventory, is_being_checked, now)) check_again(board);
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "daemon/service/internal/board_check.hpp"
#include "daemon/service/internal/lease_book.hpp"

namespace tinyhil::daemon {

class BoardPresence {
 public:
  // Both are lent.
  BoardPresence(LeaseBook& book, const BoardCheck& check) : book_(book), check_(check) {}

  // At all but those that are left alone. Returns those that are back and that nobody has. Throws
  // Error(bench_fault) when the ledger refuses; the next look tells it.
  std::vector<std::string> look(const std::map<std::string, InventoryBoard>& boards,
                                const std::function<bool(const std::string&)>& is_left_alone, Moment now);
  // At one. Whoever has it may reset it: then it is away once it was so for two seconds.
  bool is_away(const InventoryBoard& entry, Moment now);

  // Five seconds after the last look, for not every kernel tells; at once while something is about to be
  // away.
  bool is_look_due(Moment now) const;

 private:
  LeaseBook& book_;
  const BoardCheck& check_;
  std::map<std::string, Moment> missed_;  // since when, of those that are not there
  Moment looked_{};
  bool is_waiting_ = false;  // for two seconds to pass
};

}  // namespace tinyhil::daemon
