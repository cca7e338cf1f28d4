// SPDX-License-Identifier: Apache-2.0
#include "board_energy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "finding.hpp"

namespace tinyhil::gate {
namespace {

// Beyond, what is left over may be another thing than what was to be measured.
constexpr double kMostIncomplete = 0.1;

Check undecided(const std::string& board, std::string reason) {
  Check check;
  check.subject = "board " + board;
  check.outcome = Outcome::inconclusive;
  check.reason = std::move(reason);
  return check;
}

bool is_of_pair(const MeasuredWindow& window, const Evidence& evidence) {
  return window.kind != WindowKind::inference || window.model == evidence.candidate.info.model ||
         window.model == evidence.baseline.info.model;
}

void note_incomplete(const BoardEnergy& board, const Evidence& evidence, std::vector<Check>& found) {
  std::size_t all = 0, incomplete = 0;
  const MeasuredWindow* first = nullptr;
  for (const Recording* recording : board.recordings) {
    for (const MeasuredWindow& window : recording->windows) {
      if (!is_of_pair(window, evidence)) continue;
      ++all;
      if (window.state == WindowState::complete) continue;
      ++incomplete;
      if (first == nullptr) first = &window;
    }
  }
  if (static_cast<double>(incomplete) <= kMostIncomplete * static_cast<double>(all)) return;
  found.push_back(undecided(board.board, fmt::format("{} of {} windows on board {} are incomplete: {}",
                                                     incomplete, all, board.board, first->why)));
}

void note_expired(const BoardEnergy& board, std::vector<Check>& found) {
  for (const Recording* recording : board.recordings) {
    const MeterIdentity& meter = recording->info.meter;
    const std::string day = recording->started_at.substr(0, 10);
    if (meter.expires.empty() || day <= meter.expires) continue;
    found.push_back(undecided(board.board,
                              fmt::format("the calibration of the meter of board {} expired on {}, before it "
                                          "recorded on {}: have it calibrated and measure again",
                                          board.board, meter.expires, day)));
    return;
  }
}

}  // namespace

std::string BoardEnergy::unlike_meters() const {
  for (const Recording* recording : recordings) {
    std::string obstacle = comparing_obstacle(meter(), recording->info.meter);
    if (!obstacle.empty()) return obstacle;
  }
  return "";
}

std::vector<stats::InferenceWindow> BoardEnergy::windows(const std::string& model) const {
  std::vector<stats::InferenceWindow> all;
  for (const Recording* recording : recordings)
    std::ranges::move(stats::inference_windows(*recording, model), std::back_inserter(all));
  return all;
}

std::vector<stats::EnergyBlock> BoardEnergy::blocks(const stats::ModelPair& models) const {
  std::vector<stats::EnergyBlock> all;
  for (const Recording* recording : recordings)
    std::ranges::move(stats::energy_blocks(*recording, models), std::back_inserter(all));
  return all;
}

std::vector<stats::MeasuredWindow> BoardEnergy::rests(WindowKind kind) const {
  std::vector<stats::MeasuredWindow> all;
  for (const Recording* recording : recordings)
    std::ranges::move(stats::resting_windows(*recording, kind), std::back_inserter(all));
  return all;
}

std::vector<BoardEnergy> by_board(std::span<const Recording> recordings) {
  std::vector<BoardEnergy> boards;
  for (const Recording& recording : recordings) {
    const auto known = std::ranges::find(boards, recording.info.board, &BoardEnergy::board);
    BoardEnergy& board =
        known == boards.end() ? boards.emplace_back(BoardEnergy{recording.info.board, {}}) : *known;
    board.recordings.push_back(&recording);
  }
  return boards;
}

EnergyOfRun energy_of_run(const Evidence& evidence) {
  EnergyOfRun found;
  found.boards = by_board(*evidence.recordings);
  if (found.boards.empty())
    found.obstacles.push_back(error_check("energy",
                                          "current was not measured in this run: no current meter "
                                          "took part in it"));
  for (const BoardEnergy& board : found.boards) {
    if (const std::string unlike = board.unlike_meters(); !unlike.empty()) {
      found.obstacles.push_back(undecided(
          board.board,
          fmt::format("what the meters of board {} recorded is incomparable: {}", board.board, unlike)));
    }
    note_expired(board, found.obstacles);
    note_incomplete(board, evidence, found.obstacles);
  }
  return found;
}

std::string simulated_note(const MeterIdentity& meter) {
  return meter.simulated ? " by a simulated meter" : "";
}

}  // namespace tinyhil::gate
