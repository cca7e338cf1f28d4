// SPDX-License-Identifier: Apache-2.0
// What the reference engine lacks for a model, all of it at once and before a board is there: the engine's
// own checks, run on the host. What another engine runs, only a board that has it can tell.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/device.hpp"

namespace tinyhil::campaign {

struct EngineSurvey {
  // "operator SIN (nodes 3, 7)": each reason once, with the first of its places, in the order of the file.
  std::vector<std::string> reasons;
  std::uint64_t arena_bytes = 0;  // at most; 0 when the model is not run
  std::uint64_t work = 0;         // steps of inner loops that an inference takes

  bool runs() const { return reasons.empty(); }
};

// Of a file that read_tflite takes.
EngineSurvey survey_for_reference(std::span<const std::uint8_t> model);

// The operators that the reference engine has, by their names in the schema.
std::vector<std::string> operators_of_reference();

// Why the board has no room for what runs: "the model has 533264 bytes, the board's slots 524240"; each of
// them.
std::vector<std::string> too_large_for(const DeviceIdentity& board, std::span<const std::uint8_t> model,
                                       const EngineSurvey& survey);

}  // namespace tinyhil::campaign
