// SPDX-License-Identifier: Apache-2.0
// What the device is to infer, and what it may leave out of its answer.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include "base/tensor_list.hpp"
#include "model/campaign.hpp"
#include "model/vector_number.hpp"

namespace tinyhil::device {

// A run's id on the wire: the campaign's tag, 24 bits, above the number of the run in its session. The device
// hands it back in a crash record.
constexpr std::uint32_t run_id(std::uint32_t tag, std::uint8_t number) { return tag << 8 | number; }
constexpr std::uint32_t tag_of_run(std::uint32_t id) { return id >> 8; }

// A model resident on the device.
struct RunModel {
  std::uint8_t slot = 0;
  TensorList output;  // of one inference, as loaded() said; of top_k a single one
  // Expected outputs of the request's vectors, `count` * output.bytes(); for ResultForm::digest.
  std::span<const std::uint8_t> golden = {};
  // Cells (vector - first) * repeats + repeat that are not wanted; empty: all are.
  std::vector<bool> done = {};
  bool is_known = false;  // how long it takes: it has been seen to answer
};

// `count` vectors of one slot, beginning with the `first`, each `repeats` times by every model: in their
// order for one cell, backwards for the next (A B B A).
struct RunRequest {
  std::vector<RunModel> models;
  std::uint16_t vector_slot = 0;
  std::uint16_t first = 0;
  std::uint16_t count = 0;
  std::uint16_t repeats = 1;
  OrderPosition position;  // of vector `first` among all that the device is given
  std::uint32_t tag = 0;   // of the campaign, 24 bits: a crash record names it
  RunMode mode = RunMode::measure;
  ResultForm form = ResultForm::full;
  std::uint8_t top_k = 0;
  // Most rows in one frame; 0: as many as fit. 1 shows at which vector a device hangs.
  std::uint8_t batch = 0;
  std::chrono::milliseconds inference_timeout{10'000};
  // > 0: how long an inference may take is learned. As long as a model of the request has not answered, this
  // long; then a few times the longest that was seen, and not less than `inference_timeout`.
  std::chrono::milliseconds longest_inference{0};
  std::chrono::nanoseconds longest_seen{0};  // by the host's clock, in earlier runs
  std::uint32_t clock_hz = 0;                // of the device; 0: it does not say how long an inference took

  // Bytes of a stored row's output.
  std::size_t row_size(const RunModel& model) const;
};

}  // namespace tinyhil::device
