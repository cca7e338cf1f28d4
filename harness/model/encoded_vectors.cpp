// SPDX-License-Identifier: Apache-2.0
#include "encoded_vectors.hpp"

#include <algorithm>
#include <cassert>
#include <string>

#include "base/error.hpp"
#include "base/quantise.hpp"

namespace tinyhil {

bool needs_encoding(const TensorList& given, const TensorList& wanted) {
  if (given.size() != wanted.size()) return false;
  bool is_some = false;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const bool is_converted = can_convert(given[i], wanted[i]);
    if (!is_converted && (given[i].dtype != wanted[i].dtype || given[i].dims != wanted[i].dims)) return false;
    is_some = is_some || is_converted;
  }
  return is_some;
}

TensorList encoded_input(const TensorList& given, const TensorList& wanted) {
  if (!needs_encoding(given, wanted)) return given;
  std::vector<Tensor> sent(given.begin(), given.end());
  for (std::size_t i = 0; i < sent.size(); ++i)
    if (can_convert(given[i], wanted[i])) sent[i] = wanted[i];
  return TensorList(std::move(sent));
}

VectorSet encoded(const VectorSet& vectors, const TensorList& wanted) {
  assert(needs_encoding(vectors.input, wanted));
  VectorSet made;
  made.file = vectors.file;
  made.digest = vectors.digest;
  made.count = vectors.count;
  made.input = encoded_input(vectors.input, wanted);
  made.inputs.resize(made.count * made.input.bytes());
  for (std::size_t vector = 0; vector < made.count; ++vector) {
    const std::span<const std::uint8_t> from = vectors.vector(vector);
    const std::span<std::uint8_t> to =
        std::span(made.inputs).subspan(vector * made.input.bytes(), made.input.bytes());
    for (std::size_t i = 0; i < made.input.size(); ++i) {
      const Tensor &given = vectors.input[i], &sent = made.input[i];
      const auto part = from.subspan(vectors.input.offset(i), given.bytes());
      const auto place = to.subspan(made.input.offset(i), sent.bytes());
      if (given.dtype == sent.dtype)
        std::ranges::copy(part, place.begin());
      else
        convert(given, part, sent, place);
    }
  }
  return made;
}

void check_finite(const VectorSet& vectors) {
  for (std::size_t i = 0; i < vectors.input.size(); ++i) {
    if (vectors.input[i].dtype != DType::float32) continue;
    for (std::size_t vector = 0; vector < vectors.count; ++vector) {
      const auto part = vectors.vector(vector).subspan(vectors.input.offset(i), vectors.input[i].bytes());
      const std::optional<std::size_t> bad = first_not_finite(part);
      if (!bad) continue;
      const std::string array = vectors.input.is_single() ? "inputs" : "inputs_" + std::to_string(i);
      throw Error(ErrorKind::usage,
                  "element " + std::to_string(*bad) + " of vector " + std::to_string(vector) + " in `" +
                      array + "` is not finite, and cannot be quantised for a model",
                  vectors.file.string(), "remove NaN and infinity from the vectors");
    }
  }
}

}  // namespace tinyhil
