// SPDX-License-Identifier: Apache-2.0
#include "alike.hpp"

#include <sstream>

namespace tinyhil::metric {
namespace {

// The shortest text that tells two floats apart, with the zero point where there is a scale.
std::string quantisation(const Tensor& output) {
  if (output.scale == 0) return "none";
  std::ostringstream text;
  text.precision(9);
  text << output.scale << " with zero point " << output.zero_point;
  return text.str();
}

std::string clock_of(const BoardIdentity& board) {
  return board.clock + " at " + std::to_string(board.clock_hz) + " Hz";
}

}  // namespace

void check_output(const Trial& trial, const VectorSet& vectors) {
  if (trial.rows.size() > 0) vectors.task->check_output(trial.info.model, trial.info.output, vectors);
}

std::string unlike_outputs(const Trial& candidate, const Trial& baseline) {
  if (candidate.rows.size() == 0 || baseline.rows.size() == 0) return "";  // nothing known, nothing compared
  if (candidate.info.top_k > 0 || baseline.info.top_k > 0)
    return "top-k: only the largest elements of each output are known";
  const Tensor &ours = candidate.info.output.front(), &theirs = baseline.info.output.front();
  if (ours.dtype != theirs.dtype) {
    return std::string("other type: ") + to_string(ours.dtype) + " for the candidate, " +
           to_string(theirs.dtype) + " for the baseline";
  }
  if (ours.scale == theirs.scale && ours.zero_point == theirs.zero_point) return "";
  return "other scale: " + quantisation(ours) + " for the candidate, " + quantisation(theirs) +
         " for the baseline";
}

std::string unlike_ticks(const TrialInfo& candidate, const TrialInfo& baseline) {
  if (candidate.mode == RunMode::throughput || baseline.mode == RunMode::throughput)
    return "throughput mode: transfer and inference overlap";
  const BoardIdentity &ours = candidate.board, &theirs = baseline.board;
  if (ours.name != theirs.name || ours.serial != theirs.serial) {
    return "other board: " + ours.name + " (" + ours.serial + ") for the candidate, " + theirs.name + " (" +
           theirs.serial + ") for the baseline";
  }
  if (ours.clock != theirs.clock || ours.clock_hz != theirs.clock_hz) {
    return "other clock: " + clock_of(ours) + " for the candidate, " + clock_of(theirs) + " for the baseline";
  }
  return ours.clock_hz == 0 ? "no clock" : "";
}

}  // namespace tinyhil::metric
