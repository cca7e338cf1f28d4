// SPDX-License-Identifier: Apache-2.0
// What the daemon does to a leased board for a holder on another machine: reset, power cycle, firmware,
// memory. The caller waits. Example:
//
//   LeaseOperation reset{"reset"};
//   const OperationResult done = carry_out({address, 12, 3}, std::move(reset));
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "daemon/http/daemon_address.hpp"

namespace tinyhil::daemon {

struct LeaseAddress {
  DaemonAddress daemon;
  std::uint64_t lease = 0;
  std::uint64_t epoch = 0;
};

struct LeaseOperation {
  std::string name;  // "reset", "power-cycle", "flash", "memory", "core"
  bool halts = false;
  bool erases = false;
  // Sent first, unless the daemon has it. None: the one that the daemon's bench names.
  std::optional<std::filesystem::path> image{};
  std::uint32_t address = 0;  // of memory
  std::uint32_t size = 0;     // 0: none is read
};

struct OperationResult {
  std::string document{};        // JSON, as `tinyhil reset --json` says it where the board is
  std::optional<Error> error{};  // what it failed with
  bool has_touched_board = false;
};

// A connection that breaks off is made anew for 20 s. Throws Error where it was not begun, or nobody knows
// what became of it: what the daemon refuses with, bench_fault when it is not reached, usage for an image
// that cannot be read or is larger than 64 MiB.
OperationResult carry_out(const LeaseAddress& place, const LeaseOperation& operation);

}  // namespace tinyhil::daemon
