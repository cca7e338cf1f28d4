// SPDX-License-Identifier: Apache-2.0
#include "model.hpp"

#include <numeric>
#include <thread>

namespace peers {

Bytes expected_output(std::span<const std::uint8_t> input, std::size_t output_size) {
  Bytes output(output_size);
  std::iota(output.begin(), output.end(), std::accumulate(input.begin(), input.end(), std::uint8_t{0}));
  return output;
}

Bytes invoke(const Model& model, std::span<const std::uint8_t> input) {
  std::this_thread::sleep_for(model.invoke_time);
  return expected_output(input, model.output_size);
}

Bytes seeded_vector(std::uint64_t seed, std::uint64_t ordinal, std::size_t size) {
  std::uint64_t state = seed * 0x9E3779B97F4A7C15u + ordinal * 0xD1B54A32D192ED03u;
  Bytes bytes(size);
  for (std::uint8_t& byte : bytes) {
    std::uint64_t z = state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    byte = static_cast<std::uint8_t>(z >> 56);
  }
  if (!bytes.empty()) bytes[0] &= 0x7F;  // 0xEB and up make the agent's fake engine fail or crash
  return bytes;
}

}  // namespace peers
