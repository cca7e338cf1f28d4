// SPDX-License-Identifier: Apache-2.0
#include "trial.hpp"

namespace tinyhil {

bool is_of_the_bench(const Fault& fault, Provenance provenance) {
  switch (fault.kind) {
    case FaultKind::wrong_image:
    case FaultKind::corrupt:
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
