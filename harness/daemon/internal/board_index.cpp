// SPDX-License-Identifier: Apache-2.0
#include "board_index.hpp"

#include <algorithm>
#include <unordered_set>

namespace tinyhil::daemon {

BoardIndex::BoardIndex(const std::vector<BoardEntry>& boards) : all_(boards.size()) {
  for (const BoardEntry& board : boards) boards_.push_back(&board);
  std::ranges::sort(boards_, {}, &BoardEntry::name);
  for (std::size_t i = 0; i < boards_.size(); ++i) {
    all_.add(i);
    for (const auto& [key, value] : boards_[i]->labels) {
      const BoardSet none(size());
      Label& label = labels_.try_emplace(key, Label{none, {}}).first->second;
      label.boards.add(i);
      label.values.try_emplace(value, none).first->second.add(i);
    }
  }
}

BoardSet BoardIndex::matching(const Selector& selector) const {
  BoardSet boards = all_;
  for (const SelectorTerm& term : selector.terms()) boards &= matching(term);
  return boards;
}

BoardSet BoardIndex::matching(const SelectorTerm& term) const {
  BoardSet named(size());
  const auto label = labels_.find(term.key);
  if (label != labels_.end() && (term.test == LabelTest::exists || term.test == LabelTest::absent))
    named = label->second.boards;
  for (const std::string& value : term.values) {
    if (label == labels_.end()) break;
    const auto found = label->second.values.find(value);
    if (found != label->second.values.end()) named |= found->second;
  }
  if (term.test == LabelTest::exists || term.test == LabelTest::in) return named;
  BoardSet others = all_;
  others -= named;
  return others;
}

BoardSet BoardIndex::in(Condition condition) const {
  BoardSet boards(size());
  for (std::size_t i = 0; i < size(); ++i) {
    if (boards_[i]->condition == condition) boards.add(i);
  }
  return boards;
}

BoardSet BoardIndex::free(const std::vector<Lease>& leases) const {
  std::unordered_set<std::string_view> leased;
  for (const Lease& lease : leases) leased.insert(lease.board);
  BoardSet boards = in(Condition::free);
  for (std::size_t i = 0; i < size(); ++i) {
    if (leased.contains(boards_[i]->name)) boards.remove(i);
  }
  return boards;
}

}  // namespace tinyhil::daemon
