// SPDX-License-Identifier: Apache-2.0
// What a .tflite file says of itself, read on the host before any board is touched: inputs, outputs,
// operators. The file is not trusted (flat_table.hpp). Whether a board can run it, only the board knows.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/tensor_list.hpp"

namespace tinyhil {

struct TfliteModel {
  // Nothing where the type or rank is one that the link cannot carry.
  std::vector<std::optional<Tensor>> inputs, outputs;
  // All inputs, all outputs; nothing where one of them is such, or there are none or more than a list may
  // have.
  std::optional<TensorList> input() const;
  std::optional<TensorList> output() const;
  std::vector<std::uint32_t> operators;  // codes of the schema's BuiltinOperator, in the order of the file
};

// It carries the identifier of the format, TFL3.
bool is_tflite(std::span<const std::uint8_t> content);

// Throws Error(usage), `file` being where, for what does not hold together: cut short, or no model at all.
TfliteModel read_tflite(std::span<const std::uint8_t> content, const std::string& file);

}  // namespace tinyhil
