// SPDX-License-Identifier: Apache-2.0
// The commands of the CLI. Each returns the process's exit code or throws Error.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "model/error.hpp"

namespace tinyhil {

// Shared by the commands that judge a run.
struct JudgeOptions {
  std::filesystem::path campaign;
  std::filesystem::path store = "results/tinyhil.db";
  std::vector<std::string> candidates;          // only these; empty: all of the campaign
  std::optional<std::filesystem::path> report;  // folder
  std::optional<std::int64_t> run;              // default: the campaign's latest
  bool json = false;
};

struct RunOptions {
  JudgeOptions judge;
  std::optional<std::filesystem::path> bench;  // default: the campaign's
  std::string board;                           // default: the bench's first
};

struct BoardsOptions {
  std::filesystem::path bench;
  bool json = false;
};

struct SimBoardOptions {
  std::string machine;
  std::filesystem::path image;
  std::optional<std::uint16_t> tcp;
  bool pty = false;
};

ExitCode run_command(const RunOptions& options);
ExitCode judge_command(const JudgeOptions& options);
ExitCode report_command(const JudgeOptions& options);
ExitCode compare_command(const JudgeOptions& options);
ExitCode boards_command(const BoardsOptions& options);       // bench_fault when one does not answer
ExitCode sim_board_command(const SimBoardOptions& options);  // becomes the emulator; returns only by throwing

}  // namespace tinyhil
