// SPDX-License-Identifier: Apache-2.0
// What the device is to infer, and what it may leave out of its answer.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include "model/campaign.hpp"
#include "model/tensor.hpp"

namespace tinyhil {

// A model resident on the device.
struct RunModel {
  std::uint8_t slot = 0;
  Tensor output;  // of one inference, as loaded() said
  // Expected outputs of the request's vectors, `count` * output.bytes(); for ResultForm::digest.
  std::span<const std::uint8_t> golden = {};
  // Cells (vector - first) * repeats + repeat that are not wanted; empty: all are.
  std::vector<bool> done = {};
};

// `count` vectors of one slot, beginning with the `first`, each `repeats` times by every model: in their
// order for one cell, backwards for the next (A B B A).
struct RunRequest {
  std::vector<RunModel> models;
  std::uint16_t vector_slot = 0;
  std::uint16_t first = 0;
  std::uint16_t count = 0;
  std::uint16_t repeats = 1;
  std::uint32_t ordinal = 0;  // of vector `first` in the vector set
  std::uint32_t tag = 0;      // of the campaign, 24 bits: a crash record names it
  RunMode mode = RunMode::measure;
  ResultForm form = ResultForm::full;
  std::uint8_t top_k = 0;
  std::uint8_t batch =
      0;  // most rows in one frame; 0: as many as fit. 1 shows at which vector a device hangs
  std::chrono::milliseconds inference_timeout{10'000};

  // Bytes of a stored row's output.
  std::size_t row_size(const RunModel& model) const;
};

}  // namespace tinyhil
