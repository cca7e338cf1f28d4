// SPDX-License-Identifier: Apache-2.0
#include "trial.hpp"

namespace tinyhil {

bool is_of_the_bench(const Fault& fault, Provenance provenance) {
  switch (fault.kind) {
    case FaultKind::wrong_image:
    case FaultKind::corrupt:
    case FaultKind::remark:
    case FaultKind::read_back:
      return true;
    case FaultKind::gone:
      return provenance == Provenance::real;
    case FaultKind::timeout:
    case FaultKind::reset:
    case FaultKind::refused:
      return false;
  }
  return true;
}

bool same_subject(const TrialInfo& stored, const TrialInfo& now) {
  return stored.model_digest == now.model_digest && stored.vectors_digest == now.vectors_digest &&
         stored.repeats == now.repeats && stored.mode == now.mode && stored.top_k == now.top_k &&
         stored.polled == now.polled && stored.board.kind == now.board.kind &&
         stored.board.serial == now.board.serial && stored.board.image == now.board.image &&
         stored.input == now.input && stored.output == now.output;
}

std::string pooling_obstacle(const BoardIdentity& a, const BoardIdentity& b) {
  const auto clock_of = [](const BoardIdentity& board) {
    return board.clock + " at " + std::to_string(board.clock_hz) + " Hz";
  };
  const std::string aspects[][3] = {{"kind", a.kind, b.kind},
                                    {"provenance", to_string(a.provenance), to_string(b.provenance)},
                                    {"firmware", a.image.short_hex(), b.image.short_hex()},
                                    {"engine", a.engine + " " + a.build, b.engine + " " + b.build},
                                    {"clock", clock_of(a), clock_of(b)}};
  for (const auto& [what, of_a, of_b] : aspects) {
    if (of_a != of_b) return what + " " + of_a + " on `" + a.name + "`, " + of_b + " on `" + b.name + "`";
  }
  return "";
}

const char* to_string(RunMode mode) {
  switch (mode) {
    case RunMode::measure:
      return "measure";
    case RunMode::throughput:
      return "throughput";
  }
  return "unknown";
}

const char* to_string(TrialState state) {
  switch (state) {
    case TrialState::running:
      return "running";
    case TrialState::complete:
      return "complete";
    case TrialState::faulted:
      return "faulted";
    case TrialState::interrupted:
      return "interrupted";
  }
  return "unknown";
}

}  // namespace tinyhil
