// SPDX-License-Identifier: Apache-2.0
#include "lease_book.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "daemon/internal/expired.hpp"
#include "daemon/internal/fair_share.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::size_t kRemembered =
    10'000;  // leases that have ended, from which use is computed at the start

std::string name_of(RequestId id) { return "lease " + std::to_string(id.value); }

LeaseRequest request_of(const LeaseRecord& record) {
  LeaseRequest request;
  request.id = record.id;
  request.owner = record.wish.owner;
  request.selector = Selector::parse(record.wish.selector);
  request.priority = record.wish.priority;
  request.asked_at = record.asked_at;
  request.firmware = record.wish.firmware;
  request.expects = record.wish.expects;
  return request;
}

Lease lease_of_record(const LeaseRecord& record, Moment heard) {
  Lease lease;
  lease.request = record.id;
  lease.board = record.board;
  lease.owner = record.wish.owner;
  lease.epoch = record.epoch;
  lease.granted_at = *record.granted_at;
  lease.expires_at = lease.granted_at + record.wish.longest;
  lease.last_heartbeat = heard;
  lease.expects = record.wish.expects;
  return lease;
}

// The epoch of each.
std::vector<std::uint64_t> written(LedgerStep& step, const std::vector<Grant>& grants, Moment now) {
  std::vector<std::uint64_t> epochs;
  for (const Grant& each : grants) epochs.push_back(step.grant(each.request, each.board, now));
  return epochs;
}

Error lease_lost(RequestId id, const std::string& why) {
  return Error(ErrorKind::lease_lost, name_of(id) + " is over: " + why, name_of(id),
               "stop using the board, and ask for one again");
}

}  // namespace

LeaseBook::LeaseBook(Ledger& ledger, const LeasePolicy& policy, Moment now)
    : ledger_(ledger), policy_(policy) {
  std::vector<LeaseRecord> ended = ledger.ended(kRemembered);
  std::reverse(ended.begin(), ended.end());
  for (const LeaseRecord& record : ended)
    if (record.granted_at) charge(lease_of_record(record, *record.ended_at), *record.ended_at);
  for (LeaseRecord& record : ledger.open_leases()) {
    if (record.board.empty()) {
      farm_.waiting.push_back(request_of(record));
      heard_.emplace(record.id, now);
    } else {
      farm_.leases.push_back(lease_of_record(record, now));
    }
    open_.emplace(record.id, std::move(record));
  }
}

LeaseRecord LeaseBook::ask(LeaseWish wish, Moment now) {
  if (const LeaseRecord* same = asked_already(wish)) return *same;
  const Selector selector = Selector::parse(wish.selector);
  wish.selector = selector.text();
  if (wish.longest <= Span(0) || wish.longest > policy_.longest) wish.longest = policy_.longest;
  check_room(wish);
  LeaseRecord record;
  record.wish = std::move(wish);
  record.asked_at = now;
  refuse_unless_any_matches(record);
  LedgerStep step(ledger_);
  record.id = step.add(record.wish, now);
  step.note({0, now, record.wish.owner, "lease.ask", name_of(record.id), record.wish.selector});
  Farm with = farm_;
  with.waiting.push_back(request_of(record));
  const std::vector<Grant> grants = schedule(with, policy_.schedule, now);
  const std::vector<std::uint64_t> epochs = written(step, grants, now);
  step.commit();
  farm_.waiting = std::move(with.waiting);
  heard_.emplace(record.id, now);
  open_.emplace(record.id, record);
  changes_.push_back({FarmChange::Kind::asked, record.id});
  for (std::size_t i = 0; i < grants.size(); ++i) grant(grants[i], epochs[i], now);
  return open_.at(record.id);
}

const LeaseRecord* LeaseBook::asked_already(const LeaseWish& wish) const {
  if (wish.key.empty()) return nullptr;
  for (const auto& [id, record] : open_)
    if (record.wish.owner == wish.owner && record.wish.key == wish.key) return &record;
  return nullptr;
}

// A word that no board has is a mistake that nobody should wait for.
void LeaseBook::refuse_unless_any_matches(const LeaseRecord& record) const {
  Farm only;
  only.boards = farm_.boards;
  only.waiting.push_back(request_of(record));
  const std::optional<Explanation> why = explain(only, policy_.schedule, record.id, record.asked_at);
  if (!why || why->blocker != Blocker::no_board_matches) return;
  if (farm_.boards.size() == 0)
    throw Error(ErrorKind::usage, "this host has no boards yet", "bench files of the daemon",
                "describe them in one, and reload the daemon");
  const bool is_known = why->unmatched.has_value();
  throw Error(ErrorKind::usage,
              "no board of this host has " + (is_known ? '`' + why->unmatched->term + '`' : "that"),
              "selector `" + record.wish.selector + '`', is_known ? why->unmatched->remedy : "describe one");
}

void LeaseBook::check_room(const LeaseWish& wish) const {
  const auto of_owner = std::count_if(farm_.waiting.begin(), farm_.waiting.end(),
                                      [&](const LeaseRequest& each) { return each.owner == wish.owner; });
  const bool is_owner_full = static_cast<std::size_t>(of_owner) >= policy_.waiting_most_of_owner;
  if (!is_owner_full && farm_.waiting.size() < policy_.waiting_most) return;
  throw Error(ErrorKind::queue_full,
              std::to_string(is_owner_full ? of_owner : std::ssize(farm_.waiting)) +
                  " requests wait already" + (is_owner_full ? " for " + wish.owner : ""),
              "queue", "try again later, or cancel some");
}

void LeaseBook::give_away(Moment now) {
  const std::vector<Grant> grants = schedule(farm_, policy_.schedule, now);
  if (grants.empty()) return;
  LedgerStep step(ledger_);
  const std::vector<std::uint64_t> epochs = written(step, grants, now);
  step.commit();
  for (std::size_t i = 0; i < grants.size(); ++i) grant(grants[i], epochs[i], now);
}

// What the ledger has already.
void LeaseBook::grant(const Grant& given, std::uint64_t epoch, Moment now) {
  LeaseRecord& record = open_.at(given.request);
  record.board = given.board;
  record.epoch = epoch;
  record.granted_at = now;
  std::erase_if(farm_.waiting, [&](const LeaseRequest& each) { return each.id == given.request; });
  heard_.erase(given.request);
  farm_.leases.push_back(lease_of_record(record, now));
  entry(given.board).condition = Condition::leased;
  Place& place = places_.at(given.board);
  place.reason.clear();
  place.record.epoch = epoch;
  changes_.push_back({FarmChange::Kind::granted, given.request, given.board});
}

void LeaseBook::beat(RequestId id, std::uint64_t epoch, Moment now) {
  if (const auto waiting = heard_.find(id); waiting != heard_.end()) {
    waiting->second = now;
    return;
  }
  const auto lease = std::find_if(farm_.leases.begin(), farm_.leases.end(),
                                  [&](const Lease& each) { return each.request == id; });
  if (lease == farm_.leases.end()) {
    const LeaseRecord record = this->lease(id);
    throw lease_lost(id, record.end ? to_string(*record.end) : "it is not held");
  }
  if (lease->epoch != epoch)
    throw lease_lost(id, "its epoch is " + std::to_string(lease->epoch) + ", not " + std::to_string(epoch));
  lease->last_heartbeat = now;
}

void LeaseBook::end(RequestId id, LeaseEnd end, Moment now, const std::string& who) {
  const auto open = open_.find(id);
  if (open == open_.end()) return;
  const LeaseRecord record = open->second;
  LedgerStep step(ledger_);
  step.end(id, end, now);
  step.note({0, now, who.empty() ? "tinyhil" : who, "lease.end", name_of(id), to_string(end)});
  step.commit();
  open_.erase(open);
  heard_.erase(id);
  std::erase_if(farm_.waiting, [&](const LeaseRequest& each) { return each.id == id; });
  changes_.push_back({FarmChange::Kind::ended, id, record.board, end});
  const auto lease = std::find_if(farm_.leases.begin(), farm_.leases.end(),
                                  [&](const Lease& each) { return each.request == id; });
  if (lease == farm_.leases.end()) return;
  charge(*lease, now);
  farm_.leases.erase(lease);
  const auto place = places_.find(record.board);
  if (place == places_.end()) return;
  place->second.record.leases += 1;
  place->second.record.busy += std::max(now - *record.granted_at, Span(0));
  place->second.reason = "its lease has just ended";
  entry(record.board).busy = place->second.record.busy;
  entry(record.board).condition = Condition::cleaning;
  if (!place->second.is_in_a_bench) forget(record.board);
}

void LeaseBook::end_expired(Moment now) {
  const HeartbeatRule rule{policy_.time_to_live, {}};
  for (const Expired& each : expired(farm_, rule, now)) end(each.request, each.why, now);
  std::vector<RequestId> silent;
  for (const auto& [id, heard] : heard_)
    if (heard + policy_.time_to_live <= now) silent.push_back(id);
  for (const RequestId id : silent) end(id, LeaseEnd::silent, now);
}

void LeaseBook::note(const AuditEntry& noted) {
  LedgerStep step(ledger_);
  step.note(noted);
  step.commit();
}

LeaseRecord LeaseBook::lease(RequestId id) const {
  if (const auto open = open_.find(id); open != open_.end()) return open->second;
  if (std::optional<LeaseRecord> record = ledger_.lease(id)) return *record;
  throw Error(ErrorKind::not_found, "there is no " + name_of(id), name_of(id), "list them: `tinyhil leases`");
}

std::vector<LeaseRecord> LeaseBook::open_leases() const {
  std::vector<LeaseRecord> records;
  for (const auto& [id, record] : open_) records.push_back(record);
  return records;
}

std::optional<Explanation> LeaseBook::why(RequestId id, Moment now) const {
  return explain(farm_, policy_.schedule, id, now);
}

std::vector<FarmChange> LeaseBook::take_changes() { return std::exchange(changes_, {}); }

void LeaseBook::charge(const Lease& lease, Moment now) {
  auto use = std::find_if(farm_.used.begin(), farm_.used.end(),
                          [&](const OwnerUse& each) { return each.owner == lease.owner; });
  if (use == farm_.used.end()) {
    farm_.used.push_back({lease.owner, Span(0), now});
    use = std::prev(farm_.used.end());
  }
  *use = with_lease(*use, lease, now, policy_.schedule.half_life);
}

}  // namespace tinyhil::daemon
