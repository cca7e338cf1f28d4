// SPDX-License-Identifier: Apache-2.0
// What current meters recorded of a run, board by board: energies are compared within a board and a meter
// only. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gate/gate.hpp"
#include "model/verdict.hpp"
#include "stats/recorded_energy.hpp"

namespace tinyhil::gate {

struct BoardEnergy {
  std::string board;
  std::vector<const Recording*> recordings;  // of one meter, set up in one way; at least one

  const MeterIdentity& meter() const { return recordings.front()->info.meter; }
  std::string unlike_meters() const;  // why its recordings cannot be counted together; empty: they can
  // Of all its recordings.
  std::vector<stats::InferenceWindow> windows(const std::string& model) const;
  std::vector<stats::EnergyBlock> blocks(const stats::ModelPair& models) const;
  std::vector<stats::MeasuredWindow> rests(WindowKind kind) const;
};

// In the order in which they were first recorded.
std::vector<BoardEnergy> by_board(std::span<const Recording> recordings);

// Recordings that are not of one meter, set up in one way, are of the board and cannot be counted together.
struct EnergyOfRun {
  std::vector<BoardEnergy> boards;
  std::vector<Check> obstacles;  // each an inconclusive or an error; then nothing may pass
};

// What there is of the two models, or of all rests. Obstacles: nothing was recorded, meters that are unlike,
// a calibration that had expired, and windows of which too many are incomplete.
EnergyOfRun energy_of_run(const Evidence& evidence);

// " by a simulated meter", or empty.
std::string simulated_note(const MeterIdentity& meter);

}  // namespace tinyhil::gate
