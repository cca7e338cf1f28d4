// SPDX-License-Identifier: Apache-2.0
// Who has which board, and who waits: the farm in memory, and each change of it in the ledger first. Time is
// passed in; no board is touched here (keeper.hpp). Example:
//
//   LeaseBook book(ledger, {}, now);
//   book.set_boards({{"m4", {{"chip", "stm32f4"}}}}, now);
//   const LeaseRecord lease = book.ask({.owner = "ci", .selector = "chip=stm32f4"}, now);
//   for (const FarmChange& change : book.take_changes()) ...
//
// A call that throws Error(bench_fault), for the disk is full, has changed nothing.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/explain.hpp"
#include "daemon/farm.hpp"
#include "daemon/schedule.hpp"
#include "daemon/service/internal/ledger.hpp"

namespace tinyhil::daemon {

struct LeasePolicy {
  SchedulePolicy schedule{};
  Span time_to_live = std::chrono::seconds(30);  // of a holder, or of who waits, that is not heard
  Span longest = std::chrono::hours(24);         // of any lease
  std::size_t waiting_most = 2'000;
  std::size_t waiting_most_of_owner = 500;
};

struct FarmChange {
  enum class Kind { asked, granted, ended, board, step, absent, present };
  Kind kind;
  RequestId lease{};  // of asked, granted and ended
  std::string
      board{};       // of granted, of ended where it was granted, of board: its condition changed, and others
  LeaseEnd end{};    // of ended
  StepTaken step{};  // of step
  std::string reason{};  // of absent
};

// Of a board that is not plugged in; somebody may have it.
struct Absence {
  std::string reason;  // in words
  Moment since;
};

struct BoardStatus {
  BoardEntry entry;
  std::string reason{};  // why it is not free, in words
  BoardRecord record{};  // what the ledger knows of it
  std::optional<Lease> lease{};
  std::optional<Absence> absence{};
  std::uint64_t absences = 0;  // since the daemon started
};

class LeaseBook {
 public:
  // Leases that were held when the ledger was last used are held, and have their whole time to live before
  // them: nobody could be heard meanwhile.
  LeaseBook(Ledger& ledger, const LeasePolicy& policy, Moment now);

  // The boards that there are from now on. One that was not there before is offline until set_condition().
  // One that is gone is gone at once, or when its lease ends.
  void set_boards(const std::map<std::string, Labels>& boards, Moment now);

  // Asks for a board, and gives it at once where one is free. Asked again with the key of one that is not
  // over, it is that one: who lost the answer, for the daemon was killed, asks again. Throws Error(usage):
  // the selector is not right, or no board of this host could ever match; Error(queue_full).
  LeaseRecord ask(LeaseWish wish, Moment now);
  // Its holder, or who waits, is there. Throws Error(lease_lost) when it is over or the epoch is another.
  void beat(RequestId id, std::uint64_t epoch, Moment now);
  // Does nothing when it is over. `who`, for the audit; empty: the daemon by itself.
  void end(RequestId id, LeaseEnd end, Moment now, const std::string& who = "");
  void end_expired(Moment now);

  // What became of a board. `free` gives it to who waits for it; where the ledger refuses that, the board is
  // free, and the next call with `free` gives it.
  void set_condition(const std::string& board, Condition condition, const std::string& reason, Moment now);
  // `who`: only a person readmits it; empty: the next check that it passes does, too.
  void quarantine(const std::string& board, const std::string& reason, Moment now,
                  const std::string& who = "");
  // A step that was taken with a board that failed its check, or was cleaned; it stands in the audit.
  void note_step(const std::string& board, const StepTaken& taken, Moment now);
  // The check is kept. One that passed lifts the board's quarantine; one that did not quarantines it.
  void note_check(const std::string& board, const HealthCheck& check);

  // It was unplugged, or is still, for this reason: nobody gets it, who has it keeps it. Once it is back it
  // is free when set_condition() says so.
  void note_absence(const std::string& board, const Absence& absence, Moment now);
  void note_presence(const std::string& board, Moment now);

  void note(const AuditEntry& entry);

  // Throws Error(usage) when there never was such a lease.
  LeaseRecord lease(RequestId id) const;
  bool is_open(RequestId id) const { return open_.contains(id); }  // it waits or is granted
  std::vector<LeaseRecord> open_leases() const;                    // waiting or granted, by id
  std::optional<Explanation> why(RequestId id, Moment now) const;  // nothing: it does not wait
  std::vector<BoardStatus> boards() const;                         // by name
  BoardStatus board(const std::string& name) const;                // throws Error(usage)
  Ledger& ledger() const { return ledger_; }
  const LeasePolicy& policy() const { return policy_; }

  std::vector<FarmChange> take_changes();  // since the last call, in their order

 private:
  struct Place {  // what is known of a board beside its entry in the farm
    std::string reason{};
    BoardRecord record{};
    bool is_in_a_bench = true;
    std::optional<Absence> absence{};
    std::uint64_t absences = 0;
  };
  BoardEntry& entry(const std::string& board);
  const Lease* lease_of(const std::string& board) const;
  const LeaseRecord* asked_already(const LeaseWish& wish) const;  // nullptr: it is a new one
  void refuse_unless_any_matches(const LeaseRecord& record) const;
  void check_room(const LeaseWish& wish) const;
  void give_away(Moment now);
  void grant(const Grant& grant, std::uint64_t epoch, Moment now);
  void charge(const Lease& lease, Moment now);
  void forget(const std::string& board);

  Ledger& ledger_;
  LeasePolicy policy_;
  Farm farm_;
  std::map<std::string, Place> places_;    // of the farm's boards
  std::map<RequestId, LeaseRecord> open_;  // of the farm's leases and of those that wait
  std::map<RequestId, Moment> heard_;      // of those that wait
  std::vector<FarmChange> changes_;
};

}  // namespace tinyhil::daemon
