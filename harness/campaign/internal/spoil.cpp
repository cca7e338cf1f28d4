// SPDX-License-Identifier: Apache-2.0
#include "spoil.hpp"

#include <algorithm>
#include <cstring>

#include "metric/rows.hpp"

namespace tinyhil::campaign {
namespace {

constexpr std::size_t kIndexBytes = 2;  // before each element of a top-k row

bool swap_unlike(std::span<std::uint8_t> a, std::span<std::uint8_t> b) {
  if (std::ranges::equal(a, b)) return false;
  std::swap_ranges(a.begin(), a.end(), b.begin());
  return true;
}

// The class that was second is first now; of one element alone, its neighbour.
bool turn_top_k(const TrialInfo& info, std::span<std::uint8_t> output) {
  const std::size_t entry = kIndexBytes + size_of(info.output.front().dtype);
  if (info.top_k > 1) return swap_unlike(output.first(kIndexBytes), output.subspan(entry, kIndexBytes));
  output[0] = output[0] == 0 ? 1 : 0;
  return info.output.elements() > 1 && output[1] == 0;
}

template <class T>
void step(std::uint8_t* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  value = static_cast<T>(value == std::numeric_limits<T>::max() ? value - 1 : value + 1);
  std::memcpy(at, &value, sizeof value);
}

void step_element(DType dtype, std::uint8_t* at) {
  switch (dtype) {
    case DType::int8:
      return step<std::int8_t>(at);
    case DType::uint8:
      return step<std::uint8_t>(at);
    case DType::int16:
      return step<std::int16_t>(at);
    case DType::int32:
      return step<std::int32_t>(at);
    case DType::float32:
      return step<std::uint32_t>(at);  // the next float
  }
}

}  // namespace

std::span<std::uint8_t> output_of(Trial& trial, std::size_t row) {
  const std::size_t size = trial.rows.output_size;
  return std::span(trial.rows.outputs).subspan(row * size, size);
}

bool turn_top_class(Trial& trial, std::size_t row) {
  const std::span<std::uint8_t> output = output_of(trial, row);
  if (trial.info.top_k > 0) return turn_top_k(trial.info, output);
  const DType dtype = trial.info.output.front().dtype;
  const std::size_t size = size_of(dtype);
  const std::span<std::uint8_t> top = output.subspan(metric::argmax(dtype, output) * size, size);
  for (std::size_t at = 0; at < output.size(); at += size) {
    if (swap_unlike(top, output.subspan(at, size))) return true;
  }
  return false;
}

void turn_far_away(Trial& trial, std::size_t row) {
  constexpr float kFar = 1e6F;
  const std::span<std::uint8_t> output = output_of(trial, row);
  const DType dtype = trial.info.output.only().dtype;
  const std::size_t size = size_of(dtype);
  for (std::size_t at = 0; at < output.size(); at += size) {
    if (dtype == DType::float32) {
      const bool is_negative = (output[at + 3] & 0x80U) != 0;
      const float far = is_negative ? kFar : -kFar;
      std::memcpy(&output[at], &far, sizeof far);
    } else {
      output[at + size - 1] ^= 0x80U;
    }
  }
}

void add_one_step(Trial& trial, std::size_t row) {
  step_element(trial.info.output.front().dtype,
               output_of(trial, row).data() + (trial.info.top_k > 0 ? kIndexBytes : 0));
}

}  // namespace tinyhil::campaign
