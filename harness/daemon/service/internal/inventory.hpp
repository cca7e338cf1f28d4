// SPDX-License-Identifier: Apache-2.0
// Which boards a host has: those of all its bench files. Nothing is opened. Example:
//
//   for (const InventoryBoard& entry : load_inventory({"/etc/tinyhil/bench.d"})) print(entry.labels);
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "model/bench.hpp"

namespace tinyhil::daemon {

struct InventoryBoard {
  std::filesystem::path bench;                // absolute
  Board board;                                // its name is unique on the host
  std::map<std::string, std::string> labels;  // its own, and `board`, `bench`, `driver`, `provenance`
  std::string key;                            // of its lock (bench/board_hold.hpp)
};

// The boards of these bench files, and of each *.yaml and *.yml in these folders, by name. Throws
// Error(usage): a file that is not there or not right, two boards of one name, two entries for one physical
// board.
std::vector<InventoryBoard> load_inventory(const std::vector<std::filesystem::path>& sources);

// What a program that leases the board is told about it: TINYHIL_BENCH and TINYHIL_BOARD, by which our own
// commands find it; TINYHIL_PORT and ESPPORT, the device file of its line; TINYHIL_PROBE and PROBE_RS_PROBE,
// its debug probe's serial number. Only what there is.
std::map<std::string, std::string> lease_environment(const InventoryBoard& entry);

}  // namespace tinyhil::daemon
