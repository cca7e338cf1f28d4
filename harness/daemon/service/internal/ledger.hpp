// SPDX-License-Identifier: Apache-2.0
// What the daemon must still know after it was killed: who asked for a board, who has one, how often each was
// given away, and what was done by whom. A step is on the disk when its commit() returns, and leaves nothing
// behind without it. One thread at a time. Example:
//
//   Ledger ledger("/var/lib/tinyhil/daemon.db");
//   LedgerStep step(ledger);
//   const RequestId id = step.add(wish, now);
//   const std::uint64_t epoch = step.grant(id, "m4", now);
//   step.commit();
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "daemon/farm.hpp"
#include "daemon/service/internal/health_check.hpp"
#include "store/sqlite/connection.hpp"

namespace tinyhil::daemon {

const char* to_string(LeaseEnd end);

// What is asked for.
struct LeaseWish {
  std::string owner;  // from the credential
  std::string selector{};
  Priority priority = Priority::normal;
  std::optional<Digest> firmware{};  // that would be welcome on the board
  std::string purpose{};             // in the owner's words, for others to read
  std::string key{};                 // of the request that asked, its owner's alone; empty: none
  std::optional<Span> expects{};     // how long it is meant to take
  Span longest{};                    // after which it ends, whatever its holder does
};

struct LeaseRecord {
  RequestId id{};
  LeaseWish wish;
  Moment asked_at{};
  std::string board{};  // empty: it waits, or waited until its end
  std::uint64_t epoch = 0;
  std::optional<Moment> granted_at{};
  std::optional<Moment> ended_at{};
  std::optional<LeaseEnd> end{};
};

struct BoardRecord {
  std::uint64_t epoch = 0;           // of its latest lease; 0: it had none yet
  Span busy{};                       // leased so far, in leases that have ended
  std::uint64_t leases = 0;          // that have ended
  std::string quarantine{};          // why nobody gets it; empty: anybody may
  bool is_by_person = false;         // who quarantined it; only a person readmits it then
  std::optional<Moment> passed{};    // its latest check that it passed
  std::optional<Digest> firmware{};  // that was found on it then
  HealthFigures health{};
};

struct AuditEntry {
  std::int64_t number = 0;
  Moment at{};
  std::string who;
  std::string what;     // "lease.end"
  std::string subject;  // "lease 12", "board m4"
  std::string outcome;  // "done", "refused: ..."
};

class Ledger {
 public:
  // Makes the file if it is not there. Throws Error(bench_fault): it cannot be opened, is damaged, is
  // something else, belongs to another version of tinyhil, or another daemon has it.
  explicit Ledger(const std::filesystem::path& file);

  std::vector<LeaseRecord> open_leases();  // waiting or granted, by id
  std::optional<LeaseRecord> lease(RequestId id);
  std::vector<LeaseRecord> ended(std::size_t most);  // the latest first
  std::map<std::string, BoardRecord> boards();
  std::vector<HealthCheck> checks(const std::string& board,
                                  std::size_t most);  // the latest first; 100 are kept
  std::vector<AuditEntry> audit(std::size_t most);    // the latest first

 private:
  friend class LedgerStep;
  store::Connection connection_;
};

// Throws Error(bench_fault) from any call when the disk or the database refuses; then nothing of it is kept.
class LedgerStep {
 public:
  explicit LedgerStep(Ledger& ledger);

  RequestId add(const LeaseWish& wish, Moment now);
  // Gives the board to a request that waits, and returns the lease's epoch: higher than that of any lease of
  // this board before, so that who holds it now can be told from who held it before.
  std::uint64_t grant(RequestId id, const std::string& board, Moment now);
  void end(RequestId id, LeaseEnd end, Moment now);
  void quarantine(const std::string& board, const std::string& reason, bool is_by_person);
  // The board passed a check, which lifts its quarantine.
  void pass(const std::string& board, const std::optional<Digest>& firmware, Moment now);
  // Of what came of it, nothing more is done: quarantine() or pass() does that.
  void add_check(const std::string& board, const HealthCheck& check);
  void note(const AuditEntry& entry);  // its number is chosen here
  void commit();

 private:
  store::Connection& connection_;
  store::Transaction transaction_;
};

}  // namespace tinyhil::daemon
