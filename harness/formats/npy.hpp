// SPDX-License-Identifier: Apache-2.0
// One array of numpy's .npy format, versions 1 to 3:
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html Little-endian integers of 1 to 8
// bytes, bool, float32, float64 and byte strings, in C order, up to 8 dimensions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tinyhil {

// Which array of which file a complaint is about.
struct ArrayPlace {
  std::string file;
  std::string array;

  // Throws Error(usage): "array `labels` <what>".
  [[noreturn]] void refuse(const std::string& what, std::string remedy) const;
};

enum class NpyKind { boolean, signed_integer, unsigned_integer, floating, bytes };

struct NpyHeader {
  NpyKind kind = NpyKind::boolean;
  std::size_t item_size = 0;
  std::vector<std::size_t> shape;  // empty: a scalar

  std::optional<std::size_t> byte_count() const;  // nothing when it does not fit in size_t
  std::string description() const;                // "int8[1200, 49, 10]"
};

struct NpyArray {
  ArrayPlace place;
  NpyHeader header;
  std::vector<std::uint8_t> values;  // header.byte_count() bytes

  std::size_t size() const { return values.size() / header.item_size; }
  bool is_integer() const;
  bool is_scalar() const { return size() == 1 && header.shape.size() <= 1; }
  // Element `index` of an integer or bool array; nothing when it exceeds int64.
  std::optional<std::int64_t> integer(std::size_t index) const;
  double real(std::size_t index) const;       // of a floating array
  std::string text(std::size_t index) const;  // of a bytes array, without the padding
};

// The dictionary text in the header: "{'descr': '|i1', 'fortran_order': False, 'shape': (2, 3), }".
NpyHeader parse_npy_header(std::string_view text, const ArrayPlace& place);

// `content` is the whole .npy file. Throws Error(usage).
NpyArray parse_npy(std::vector<std::uint8_t> content, ArrayPlace place);

}  // namespace tinyhil
