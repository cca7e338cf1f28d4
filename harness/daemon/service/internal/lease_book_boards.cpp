// SPDX-License-Identifier: Apache-2.0
// What the book knows of boards.
#include <algorithm>

#include "base/error.hpp"
#include "base/nearest.hpp"
#include "daemon/service/internal/lease_book.hpp"

namespace tinyhil::daemon {

namespace {

// Why a board that was quarantined is to be trusted again.
std::string evidence_of(const HealthCheck& check) {
  std::string words = "it passed `" + check.command + '`';
  if (check.firmware) words += ", running " + check.firmware->short_hex();
  for (const StepTaken& each : check.steps) words += std::string(", after ") + to_string(each.step);
  return words;
}

}  // namespace

void LeaseBook::set_boards(const std::map<std::string, Labels>& boards, Moment now) {
  const std::map<std::string, BoardRecord> records = ledger_.boards();
  for (auto& [name, place] : places_) place.is_in_a_bench = boards.contains(name);
  for (const auto& [name, labels] : boards) {
    if (const auto known = places_.find(name); known != places_.end()) {
      entry(name).labels = labels;
      continue;
    }
    BoardEntry added = board_entry(name, labels);
    Place place{"not looked at yet"};
    added.condition = Condition::offline;
    if (const auto record = records.find(name); record != records.end()) {
      place.record = record->second;
      added.firmware = place.record.firmware;
      added.busy = place.record.busy;
      if (!place.record.quarantine.empty()) {
        added.condition = Condition::quarantined;
        place.reason = place.record.quarantine;
      }
    }
    farm_.boards.push_back(std::move(added));
    if (lease_of(name) != nullptr) farm_.boards.back().condition = Condition::leased;
    places_.emplace(name, std::move(place));
    changes_.push_back({FarmChange::Kind::board, {}, name});
  }
  std::vector<std::string> gone;
  for (const auto& [name, place] : places_)
    if (!place.is_in_a_bench && lease_of(name) == nullptr) gone.push_back(name);
  for (const std::string& name : gone) forget(name);
  // A board whose lease outlived it in the bench files is not looked after by anybody.
  std::vector<RequestId> lost;
  for (const Lease& lease : farm_.leases)
    if (!places_.contains(lease.board)) lost.push_back(lease.request);
  for (const RequestId id : lost) end(id, LeaseEnd::board_gone, now);
}

void LeaseBook::set_condition(const std::string& board, Condition condition, const std::string& reason,
                              Moment now) {
  const auto place = places_.find(board);
  if (place == places_.end() || lease_of(board) != nullptr) return;
  BoardEntry& changed = entry(board);
  const bool is_new = changed.condition != condition || place->second.reason != reason;
  changed.condition = condition;
  place->second.reason = reason;
  if (is_new) changes_.push_back({FarmChange::Kind::board, {}, board});
  if (condition == Condition::free)
    give_away(now);  // also when it was free: the disk may have been full then
}

void LeaseBook::quarantine(const std::string& board, const std::string& reason, Moment now,
                           const std::string& who) {
  const auto place = places_.find(board);
  if (place == places_.end()) return;
  LedgerStep step(ledger_);
  step.quarantine(board, reason, !who.empty());
  step.note({0, now, who.empty() ? "tinyhil" : who, "board.quarantine", "board " + board, reason});
  step.commit();
  place->second.record.quarantine = reason;
  place->second.record.is_by_person = !who.empty();
  set_condition(board, Condition::quarantined, reason, now);
}

void LeaseBook::note_step(const std::string& board, const StepTaken& taken, Moment now) {
  if (!places_.contains(board)) return;
  note({0, now, "tinyhil", std::string("board.") + to_string(taken.step), "board " + board,
        outcome_of(taken)});
  changes_.push_back({FarmChange::Kind::step, {}, board, {}, taken});
}

void LeaseBook::note_check(const std::string& board, const HealthCheck& check) {
  const auto place = places_.find(board);
  if (place == places_.end()) return;
  BoardRecord record = place->second.record;
  const bool is_kept = record.is_by_person && check.cause != CheckCause::readmission;
  const bool is_readmitted = check.has_passed() && !record.quarantine.empty();
  LedgerStep step(ledger_);
  step.add_check(board, check);
  count(record.health, check);
  if (is_kept) {  // a person quarantined it meanwhile
    step.commit();
    place->second.record = record;
    return;
  }
  if (check.has_passed()) {
    step.pass(board, check.firmware, check.at);
  } else {
    step.quarantine(board, "its check failed: " + check.problem, false);
    step.note({0, check.at, "tinyhil", "board.quarantine", "board " + board, check.problem});
  }
  if (is_readmitted)
    step.note({0, check.at, "tinyhil", "board.readmit", "board " + board, evidence_of(check)});
  step.commit();
  record.is_by_person = false;
  record.quarantine = check.has_passed() ? "" : "its check failed: " + check.problem;
  if (check.has_passed()) {
    record.passed = check.at;
    record.firmware = check.firmware;
    entry(board).firmware = check.firmware;
  }
  place->second.record = record;
  if (!check.has_passed()) set_condition(board, Condition::quarantined, record.quarantine, check.at);
}

void LeaseBook::note_absence(const std::string& board, const Absence& absence, Moment now) {
  const auto found = places_.find(board);
  if (found == places_.end()) return;
  Place& place = found->second;
  if (!place.absence) {
    note({0, now, "tinyhil", "board.absent", "board " + board, absence.reason});
    changes_.push_back({FarmChange::Kind::absent, {}, board, {}, {}, absence.reason});
    ++place.absences;
  }
  place.absence = absence;
  const bool is_kept = place.record.is_by_person && !place.record.quarantine.empty();
  if (!is_kept) set_condition(board, Condition::absent, absence.reason, now);
}

void LeaseBook::note_presence(const std::string& board, Moment now) {
  const auto place = places_.find(board);
  if (place == places_.end() || !place->second.absence) return;
  note({0, now, "tinyhil", "board.present", "board " + board, "it is plugged in again"});
  changes_.push_back({FarmChange::Kind::present, {}, board});
  place->second.absence.reset();
}

std::vector<BoardStatus> LeaseBook::boards() const {
  std::vector<BoardStatus> all;
  for (const auto& [name, place] : places_) all.push_back(board(name));
  return all;
}

BoardStatus LeaseBook::board(const std::string& name) const {
  const auto place = places_.find(name);
  if (place == places_.end()) {
    std::vector<std::string> names;
    for (const auto& [known, unused] : places_) names.push_back(known);
    throw Error(ErrorKind::not_found, "there is no board `" + name + "` on this host", "board",
                suggestion(name, names));
  }
  const auto found = std::find_if(farm_.boards.begin(), farm_.boards.end(),
                                  [&](const BoardEntry& each) { return each.name == name; });
  BoardStatus status{*found, place->second.reason, place->second.record};
  status.absence = place->second.absence;
  status.absences = place->second.absences;
  if (const Lease* lease = lease_of(name)) status.lease = *lease;
  return status;
}

BoardEntry& LeaseBook::entry(const std::string& board) {
  return *std::find_if(farm_.boards.begin(), farm_.boards.end(),
                       [&](const BoardEntry& each) { return each.name == board; });
}

const Lease* LeaseBook::lease_of(const std::string& board) const {
  const auto lease = std::find_if(farm_.leases.begin(), farm_.leases.end(),
                                  [&](const Lease& each) { return each.board == board; });
  return lease == farm_.leases.end() ? nullptr : &*lease;
}

void LeaseBook::forget(const std::string& board) {
  std::erase_if(farm_.boards, [&](const BoardEntry& each) { return each.name == board; });
  places_.erase(board);
  changes_.push_back({FarmChange::Kind::board, {}, board});
}

}  // namespace tinyhil::daemon
