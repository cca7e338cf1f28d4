// SPDX-License-Identifier: Apache-2.0
#include "board_presence.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::chrono::seconds kLookEvery{5};
constexpr std::chrono::seconds kReplugLongest{2};  // from a board's USB going away to its coming back

}  // namespace

std::vector<std::string> BoardPresence::look(const std::map<std::string, InventoryBoard>& boards,
                                             const std::function<bool(const std::string&)>& is_left_alone,
                                             Moment now) {
  looked_ = now;
  is_waiting_ = false;
  std::erase_if(missed_, [&](const auto& each) { return !boards.contains(each.first); });
  std::vector<std::string> back;
  for (const auto& [name, entry] : boards) {
    if (is_left_alone(name)) continue;
    const BoardStatus before = book_.board(name);
    const bool is_back = !is_away(entry, now) && before.absence.has_value();
    if (is_back && !before.lease) back.push_back(name);
  }
  return back;
}

bool BoardPresence::is_away(const InventoryBoard& entry, Moment now) {
  const std::string& name = entry.board.name;
  const std::string problem = check_.absence(entry);
  if (problem.empty()) {
    book_.note_presence(name, now);
    missed_.erase(name);
    return false;
  }
  const Moment since = missed_.emplace(name, now).first->second;
  const BoardStatus status = book_.board(name);
  const bool may_come_back = status.lease && !status.absence && now - since < kReplugLongest;
  if (may_come_back)
    is_waiting_ = true;
  else
    book_.note_absence(name, {problem, since}, now);
  return true;
}

bool BoardPresence::is_look_due(Moment now) const { return is_waiting_ || looked_ + kLookEvery <= now; }

}  // namespace tinyhil::daemon
