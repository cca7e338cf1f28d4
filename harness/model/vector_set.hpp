// SPDX-License-Identifier: Apache-2.0
// Test vectors with the right answers, slices and golden outputs: one .npz file.
//
//   inputs [N, ...] int8|uint8|int16|int32|float32      required; of a model of several inputs instead
//                                                       inputs_0, inputs_1, ... in the model's order
//   the arrays of the campaign's task (tasks/)          required: labels and classes of a classification
//   slice_<name> [N] integer with slice_<name>_names [K] bytes   any number
//   group [N] integer                                   optional: of what the claim is about, which speaker,
//                                                       patient or machine each vector is of
//   group_unit bytes                                    optional: what that is, "speaker"
//   golden_<name> [N, ...]                              any number: expected outputs; of several outputs
//                                                       golden_<name>_0, golden_<name>_1, ..., which are
//                                                       golden_<name> together
//   input_scale, input_zero_point                       optional scalars: what integers stand for; of several
//                                                       inputs input_scale_0, ...
// How inputs become what a model takes: encoded_vectors.hpp.
//
// Bounds: 1 GiB unpacked, 1,000 arrays, 10 million vectors. No pickled objects, little-endian, C order.
//
// Everything is in memory after loading, and is not changed: threads may read it side by side. An index of
// these arrays is a vector number (docs/glossary.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/tensor_list.hpp"
#include "task.hpp"

namespace tinyhil {

struct Slice {
  std::string name;                 // "accent"
  std::vector<std::string> values;  // "us", "scottish", ...
  std::vector<std::uint16_t> code;  // [N] index into values
};

struct Golden {
  std::size_t bytes_each = 0;
  std::vector<std::uint8_t> outputs;  // [N * bytes_each]
  TensorList output = {};             // types and numbers of elements; shape and scale are not kept
};

struct VectorSet {
  std::filesystem::path file;
  Digest digest;  // of the file
  Digest values;  // of inputs and right answers: the same when they are saved again in another way
  std::size_t count = 0;
  TensorList input;                  // of one vector, batch dimension 1; scale 0 when the file does not say
  std::vector<std::uint8_t> inputs;  // [N * input.bytes()]
  SharedTask task = classification();
  std::vector<std::uint16_t> labels;  // [N] index into classes; empty where the task has no classes
  std::vector<std::string> classes;
  std::vector<float> targets;  // [N * numbers of a vector]; empty where the task has none
  std::vector<Slice> slices;
  std::vector<std::uint32_t> group;      // [N] or empty; equal vectors share the group of the first
  std::string group_unit = "group";      // singular; its plural takes an s
  std::uint64_t copies = 0;              // vectors whose input is that of an earlier one
  std::uint64_t near_copies = 0;         // ... in all but a few bytes (near_copies.hpp)
  std::map<std::string, Golden> golden;  // by the array's whole name: "golden_shipped"

  std::span<const std::uint8_t> vector(std::size_t index) const;  // input of one: input.bytes() bytes
  const Slice* slice(const std::string& name) const;              // nullptr when there is none
};

// Throws Error(usage) naming the array and what is wrong with it.
VectorSet load_vector_set(const std::filesystem::path& file, const SharedTask& task = classification());
// The same from memory; `file` is for messages.
VectorSet parse_vector_set(std::vector<std::uint8_t> content, const std::filesystem::path& file,
                           const SharedTask& task = classification());

}  // namespace tinyhil
