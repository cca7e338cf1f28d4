// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <memory>
#include <optional>

#include "campaign/execution.hpp"
#include "campaign/internal/board_firmware.hpp"
#include "campaign/internal/energy_run.hpp"
#include "campaign/internal/fault_files.hpp"
#include "campaign/internal/runner.hpp"
#include "campaign/internal/worker.hpp"

namespace tinyhil::campaign {

// One board's part in a run. Not to be moved: the Runner lends the setup, and both the board.
struct Execution::BoardRun {
  std::size_t index;  // among the run's boards
  Worker opener;      // opens the line and outlives it: a process that a thread starts ends with the thread
  Board board;        // that of the bench, which may tell a simulated meter what it does
  FaultFiles fault_files;
  BoardFirmware firmware;
  std::unique_ptr<EnergyRun> energy;  // where current is measured
  std::optional<RunSetup> setup;
  std::optional<Runner> runner;
  asio::cancellation_signal cancel;
  bool has_left = false;  // it failed, and the others go on

  // `faults`: the folder that keeps files that say more of a fault.
  BoardRun(std::size_t at, const Board& of, const std::filesystem::path& faults)
      : index(at),
        board(with_log(of, FaultFiles(faults, of.name))),
        fault_files(faults, of.name),
        firmware(board) {}
  static Board with_log(Board board, const FaultFiles& files) {
    board.fault_log = files.new_log();
    return board;
  }
};

}  // namespace tinyhil::campaign
