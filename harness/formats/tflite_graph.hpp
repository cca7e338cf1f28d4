// SPDX-License-Identifier: Apache-2.0
// What a .tflite file computes, as a digest: two exports of the same network have the same one.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/digest.hpp"

namespace tinyhil {

// Over inputs, outputs and operators in their order, with their options, and over the type, shape,
// quantisation and values of each tensor that they reach. Description, metadata, names, signatures, and the
// order in which tensors, operator codes and buffers are listed do not count. Nothing for a file that is no
// .tflite, is damaged, or names its parts more often than any model does; never reads outside of it.
//
// Schema: tensorflow/compiler/mlir/lite/schema/schema.fbs, version 3.
std::optional<Digest> tflite_graph(std::span<const std::uint8_t> file);

}  // namespace tinyhil
