// SPDX-License-Identifier: Apache-2.0
// The boards of a farm by name and by label, so that a selector is matched against all of them at once.
// Boards are numbered from 0 in the order of their names, which is how ties between boards end.
#pragma once

#include <string_view>
#include <unordered_map>
#include <vector>

#include "board_set.hpp"
#include "daemon/farm.hpp"

namespace tinyhil::daemon {

class BoardIndex {
 public:
  explicit BoardIndex(const std::vector<BoardEntry>& boards);  // which must outlive it

  std::size_t size() const { return boards_.size(); }
  const BoardEntry& operator[](std::size_t board) const { return *boards_[board]; }
  BoardSet matching(const Selector& selector) const;
  BoardSet matching(const SelectorTerm& term) const;
  BoardSet in(Condition condition) const;
  BoardSet free(const std::vector<Lease>& leases) const;  // and not leased

 private:
  struct Label {
    BoardSet boards;  // that have it
    std::unordered_map<std::string_view, BoardSet> values;
  };

  std::vector<const BoardEntry*> boards_;
  std::unordered_map<std::string_view, Label> labels_;
  BoardSet all_;
};

}  // namespace tinyhil::daemon
