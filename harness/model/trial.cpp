// SPDX-License-Identifier: Apache-2.0
#include "trial.hpp"

namespace tinyhil {

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
