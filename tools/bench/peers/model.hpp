// SPDX-License-Identifier: Apache-2.0
// The model that every device of the bench runs, and the vectors that every host sends.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace peers {

using Bytes = std::vector<std::uint8_t>;

struct Model {
  std::size_t input_size;
  std::size_t output_size;
  std::chrono::microseconds invoke_time;
};

// output[i] = (sum of the input's bytes + i) mod 256, as in the agent's fake engine with bias 0.
Bytes expected_output(std::span<const std::uint8_t> input, std::size_t output_size);

// The device's inference: expected_output, after the model's time. It sleeps rather than spins, because
// pacing the line needs the same few cores.
Bytes invoke(const Model& model, std::span<const std::uint8_t> input);

// Pseudo-random bytes (splitmix64), the same for the same seed and ordinal everywhere.
Bytes seeded_vector(std::uint64_t seed, std::uint64_t ordinal, std::size_t size);

}  // namespace peers
