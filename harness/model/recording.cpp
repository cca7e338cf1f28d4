// SPDX-License-Identifier: Apache-2.0
#include "recording.hpp"

namespace tinyhil {

const char* to_string(RecordingState state) {
  switch (state) {
    case RecordingState::running:
      return "running";
    case RecordingState::complete:
      return "complete";
    case RecordingState::lost:
      return "lost";
    case RecordingState::interrupted:
      return "interrupted";
  }
  return "unknown";
}

}  // namespace tinyhil
