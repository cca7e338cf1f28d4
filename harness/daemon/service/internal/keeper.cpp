// SPDX-License-Identifier: Apache-2.0
#include "keeper.hpp"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <utility>

#include "base/error.hpp"

namespace tinyhil::daemon {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kTick{500};          // between two looks for leases that have expired
constexpr milliseconds kFirstLooks{20};     // between two tries to take a lock
constexpr milliseconds kLaterLooks{1'000};  // when its holder is late
constexpr milliseconds kAfterDiskFault{1'000};
constexpr std::chrono::minutes kToldAgain{1};  // of trouble that goes on

}  // namespace

Keeper::Keeper(asio::any_io_executor executor, LeaseBook& book, BoardCheck& check, const KeeperPolicy& policy)
    : executor_(std::move(executor)),
      book_(book),
      check_(check),
      policy_(policy),
      presence_(book, check),
      started_(std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now())),
      started_steady_(steady_clock::now()),
      news_(executor_, started_) {}

Moment Keeper::now() const {
  return started_ +
         std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - started_steady_);
}

void Keeper::set_inventory(std::vector<InventoryBoard> boards) {
  std::map<std::string, Labels> labels;
  inventory_.clear();
  for (InventoryBoard& each : boards) {
    labels.emplace(each.board.name, each.labels);
    inventory_.emplace(each.board.name, std::move(each));
  }
  std::erase_if(holds_, [&](const auto& hold) { return !inventory_.contains(hold.first); });
  book_.set_boards(labels, now());
  for (const auto& [name, each] : inventory_)
    if (!holds_.contains(name) && !book_.board(name).lease) look_after(name, Why::start);
  settle();
}

const InventoryBoard* Keeper::board(const std::string& name) const {
  const auto found = inventory_.find(name);
  return found == inventory_.end() ? nullptr : &found->second;
}

void Keeper::settle() {
  for (FarmChange& change : book_.take_changes()) {
    if (change.kind == FarmChange::Kind::granted) {
      holds_.erase(change.board);
      clean_.erase(change.board);
    }
    if (change.kind == FarmChange::Kind::ended && !change.board.empty())
      look_after(change.board, change.end == LeaseEnd::released ? Why::returned : Why::trouble);
    news_.add(now(), std::move(change));
  }
  news_.wake();
}

asio::awaitable<LeaseRecord> Keeper::wait(RequestId id, milliseconds longest) {
  const auto end = steady_clock::now() + longest;
  LeaseRecord record = book_.lease(id);
  while (record.board.empty() && !record.ended_at && !is_stopping_ && steady_clock::now() < end) {
    co_await news_.wait(end);
    record = book_.lease(id);
  }
  co_return record;
}

asio::awaitable<void> Keeper::wait_for_event(std::uint64_t number, milliseconds longest) {
  const auto end = steady_clock::now() + longest;
  while (news_.last() <= number && !is_stopping_ && steady_clock::now() < end) co_await news_.wait(end);
}

void Keeper::quarantine(const std::string& board, const std::string& reason, const std::string& who) {
  book_.quarantine(board, reason, now(), who);
  settle();
}

void Keeper::look_after(const std::string& board, Why why) {
  const auto [under_way, is_new] = looked_after_.emplace(board, why);
  if (!is_new) {
    if (why != Why::returned) under_way->second = why;
    return;
  }
  asio::co_spawn(executor_, take_back(board), asio::detached);
}

// A full disk is trouble several times a second, and the log may be on it.
void Keeper::tell_trouble(const std::string& line) {
  std::erase_if(troubles_, [this](const auto& told) { return told.second + kToldAgain <= now(); });
  if (troubles_.emplace(line, now()).second) policy_.log(line);
}

// Throws nothing: what the ledger refuses is tried again.
asio::awaitable<void> Keeper::take_back(std::string board) {
  while (!is_stopping_) {
    std::string problem;
    try {
      co_await make_ready(board);
      settle();
      break;
    } catch (const Error& error) {
      problem = std::string(error.what()) + " (" + error.where() + ")";
    }
    tell_trouble("board " + board + ": " + problem);
    co_await sleep(kAfterDiskFault);
  }
  looked_after_.erase(board);
}

// Free, once its lock is ours and it has passed its check.
asio::awaitable<void> Keeper::make_ready(std::string board) {
  const bool has_lock = co_await take_lock(board);
  if (!has_lock) co_return;
  const InventoryBoard* known = this->board(board);
  if (known == nullptr) co_return;
  InventoryBoard entry = *known;
  const bool is_good = co_await passes(std::move(entry), looked_after_.at(board));
  if (is_good) book_.set_condition(board, Condition::free, "", now());
}

// False: the board is gone, or leased, or we stop.
asio::awaitable<bool> Keeper::take_lock(std::string board) {
  const auto late = steady_clock::now() + policy_.lets_go_within;
  bool is_late = false;
  while (!is_stopping_) {
    const auto entry = inventory_.find(board);
    if (entry == inventory_.end() || book_.board(board).lease) co_return false;
    if (holds_.contains(board)) co_return true;
    std::string holder;
    if (auto hold = bench::BoardHold::try_take(entry->second.key, holder)) {
      holds_.emplace(board, std::move(*hold));
      co_return true;
    }
    if (!is_late && steady_clock::now() >= late) {
      is_late = true;
      policy_.log("board " + board + ": " + holder + " does not let it go");
    }
    book_.set_condition(board, is_late ? Condition::offline : Condition::cleaning, holder + " still has it",
                        now());
    settle();
    co_await sleep(is_late ? kLaterLooks : kFirstLooks);
  }
  co_return false;
}

// Checks the board if it is there and due. One that is not there afterwards is absent, not at fault.
asio::awaitable<bool> Keeper::passes(InventoryBoard entry, Why why) {
  const std::string name = entry.board.name;
  const BoardRecord record = book_.board(name).record;
  if (record.is_by_person && why != Why::readmitted) {
    book_.set_condition(name, Condition::quarantined, record.quarantine, now());
    co_return false;
  }
  const bool was_away = presence_.is_away(entry, now());
  if (was_away && !may_bring_back(entry, why)) {
    failed_at_.erase(name);
    co_return false;
  }
  if (!was_away && !is_check_due(name, why)) co_return true;
  const InventoryBoard again = entry;
  HealthTask task = task_of(std::move(entry), why);
  HealthNews news = news_of(name);
  HealthCheck found = co_await check_health(check_, std::move(task), std::move(news));
  found.at = now();
  std::erase_if(failed_at_, [&name](const auto& each) { return each.first == name; });
  const bool is_away = presence_.is_away(again, now());
  if (is_away) co_return false;
  if (was_away && !found.has_passed()) {  // it came back meanwhile
    InventoryBoard present = again;
    const bool is_good = co_await passes(std::move(present), Why::plugged_in);
    co_return is_good;
  }
  co_return keep(name, found);
}

// Whether the board can be given away.
bool Keeper::keep(const std::string& board, const HealthCheck& found) {
  const std::string before = book_.board(board).record.quarantine;
  if (!found.has_passed()) failed_at_[board] = now();
  if (found.was_cleaned) clean_.insert(board);
  book_.note_check(board, found);
  const std::string quarantine = book_.board(board).record.quarantine;
  if (!quarantine.empty()) policy_.log("board " + board + ": quarantined: " + quarantine);
  if (quarantine.empty() && !before.empty()) policy_.log("board " + board + ": passed its check, readmitted");
  return quarantine.empty();
}

// The last user of a board may have left it so that it does not show itself; a board that nobody had was
// unplugged by a hand.
bool Keeper::may_bring_back(const InventoryBoard& entry, Why why) const {
  return why != Why::due && why != Why::plugged_in && check_.means(entry).are_any();
}

CheckCause Keeper::cause_of(Why why) {
  constexpr std::array kCauses{CheckCause::start, CheckCause::due,         CheckCause::lease_lost,
                               CheckCause::due,   CheckCause::readmission, CheckCause::plugged_in};
  return kCauses.at(static_cast<std::size_t>(why));
}

// What failed and was quarantined is only greeted until a person readmits it or the daemon starts: no supply
// is switched every ten minutes.
HealthTask Keeper::task_of(InventoryBoard entry, Why why) const {
  HealthTask task{std::move(entry)};
  task.means = check_.means(task.entry);
  task.climbs = why != Why::due || !failed_at_.contains(task.entry.board.name);
  task.cleans = is_dirty(task.entry);
  task.cause = why == Why::returned && task.cleans ? CheckCause::lease_ended : cause_of(why);
  return task;
}

HealthNews Keeper::news_of(std::string board) {
  HealthNews news;
  news.doing = [this, board](const std::string& doing) {
    book_.set_condition(board, Condition::cleaning, doing, now());
    settle();
  };
  news.taken = [this, board](const StepTaken& taken) {
    book_.note_step(board, taken, now());
    settle();
  };
  return news;
}

bool Keeper::is_dirty(const InventoryBoard& entry) const {
  return entry.board.is_untrusted && !clean_.contains(entry.board.name);
}

bool Keeper::is_check_due(const std::string& board, Why why) const {
  const BoardRecord record = book_.board(board).record;
  const auto known = inventory_.find(board);
  if (known != inventory_.end() && is_dirty(known->second)) return true;
  if (!policy_.is_checking) return false;
  const bool may_be_spared = why == Why::start || why == Why::returned;
  return !may_be_spared || !record.quarantine.empty() || !record.passed ||
         *record.passed + policy_.check_every <= now();
}

void Keeper::look_for_due_checks() {
  for (const BoardStatus& status : book_.boards()) {
    const std::string& name = status.entry.name;
    const auto failed = failed_at_.find(name);
    const bool has_failed = failed != failed_at_.end();
    const bool is_again_due = has_failed && failed->second + policy_.check_again <= now();
    if (is_again_due ||
        (!has_failed && status.entry.condition == Condition::free && is_check_due(name, Why::start)))
      look_after(name, Why::due);
  }
}

void Keeper::look_for_plugs() {
  const auto is_ours = [this](const std::string& board) { return looked_after_.contains(board); };
  try {
    for (const std::string& board : presence_.look(inventory_, is_ours, now()))
      look_after(board, Why::plugged_in);
  } catch (const Error& error) {
    tell_trouble(std::string(error.what()) + " (" + error.where() + ")");
  }
  settle();
}

asio::awaitable<void> Keeper::run() {
  while (!is_stopping_) {
    try {
      book_.end_expired(now());
      look_for_due_checks();
    } catch (const Error& error) {
      tell_trouble(std::string(error.what()) + " (" + error.where() + ")");
    }
    if (presence_.is_look_due(now())) look_for_plugs();
    settle();
    co_await sleep(kTick);
  }
}

asio::awaitable<void> Keeper::sleep(milliseconds time) {
  const auto end = steady_clock::now() + time;
  while (!is_stopping_ && steady_clock::now() < end) co_await news_.wait(end);
}

void Keeper::stop() {
  is_stopping_ = true;
  settle();
}

}  // namespace tinyhil::daemon
