// SPDX-License-Identifier: Apache-2.0
// What the daemon knows at one moment of its boards and of who wants them: data only. It comes from the
// ledger and goes into schedule(), explain() and expired(), which change nothing. Example:
//
//   Farm farm;
//   farm.boards.push_back(board_entry("nucleo-1", {{"chip", "stm32f4"}, {"probe", "st-link"}}));
//   LeaseRequest request{.id = {7}, .owner = "alice", .selector = Selector::parse("chip=stm32f4")};
//   request.asked_at = now;
//   farm.waiting.push_back(request);
//
// A Moment is UTC, but it must not jump: who asks for the time adds what a steady clock counted to what the
// system's clock said at the start.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/digest.hpp"
#include "selector.hpp"

namespace tinyhil::daemon {

using Moment = std::chrono::sys_time<std::chrono::microseconds>;
using Span = std::chrono::microseconds;

struct RequestId {
  std::uint64_t value = 0;
  auto operator<=>(const RequestId&) const = default;
};

enum class Condition {
  free,         // it can be leased now
  leased,       // somebody has it
  cleaning,     // its lease is over; it is reset, erased or checked before it is free again
  quarantined,  // it failed its checks and waits for a person or a passed check
  offline,      // it cannot be reached
  absent,       // it is not plugged in
};

inline bool is_in_service(Condition condition) {
  return condition != Condition::quarantined && condition != Condition::offline &&
         condition != Condition::absent;
}

struct BoardEntry {
  std::string name;  // unique in the farm
  Labels labels;     // its name too, as label `board`
  Condition condition = Condition::free;
  std::optional<Digest> firmware{};  // what is on it, where that is known
  Span busy{0};                      // how long it was leased, in all its life: its wear
};

inline BoardEntry board_entry(std::string name, Labels labels = {}) {
  labels["board"] = name;
  return {.name = std::move(name), .labels = std::move(labels)};
}

enum class Priority { low, normal, high };
inline constexpr int kPriorities = 3;

struct LeaseRequest {
  RequestId id;       // unique in the farm
  std::string owner;  // from the credential, never what the client says
  Selector selector{};
  Priority priority = Priority::normal;
  Moment asked_at{};
  std::optional<Digest> firmware{};  // it would like a board that has this already
  std::optional<Span> expects{};     // how long it expects to hold the board; nothing: it did not say
};

struct Lease {
  RequestId request;  // which it fulfils; that one waits no more
  std::string board;
  std::string owner;
  std::uint64_t epoch = 0;  // of the board: grows with each of its leases, so that an older one is refused
  Moment granted_at{};
  Moment expires_at{};      // its hard end, whatever its client does
  Moment last_heartbeat{};  // granted_at until the first one
  std::optional<Span> expects{};
};

// Why a lease, or the wait for one, is over. Stored by its number.
enum class LeaseEnd {
  released = 1,    // by its holder
  cancelled = 2,   // by its owner, while it waited
  silent = 3,      // nothing was heard of its holder, or of who waited, for the time to live
  over = 4,        // its hard end came
  forced = 5,      // by an administrator
  board_gone = 6,  // the board is no longer in any bench file
};

// What an owner used up to a moment, for the fair share (internal/fair_share.hpp). Leases that are held are
// not in it yet.
struct OwnerUse {
  std::string owner;  // unique in the farm
  Span used{0};       // board time, of which older parts count less
  Moment as_of{};
};

struct Farm {
  std::vector<BoardEntry> boards{};
  std::vector<LeaseRequest> waiting{};
  std::vector<Lease> leases{};  // those that are held
  std::vector<OwnerUse> used{};
};

}  // namespace tinyhil::daemon
