// SPDX-License-Identifier: Apache-2.0
// A square of bytes transposed: rows become columns.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace tinyhil::metric {

inline constexpr std::size_t kTransposed = 16;  // rows and columns of the square

// out[column * out_stride + row] = in[row * in_stride + column]
//
// Riffling the rows of a square like a deck of cards, four times, transposes it: each time the bits of a
// byte's place (4 of the row, 4 of the column) move round by one.
inline void transpose_bytes(const std::uint8_t* in, std::size_t in_stride, std::uint8_t* out,
                            std::size_t out_stride) {
  using Row = std::uint8_t __attribute__((vector_size(kTransposed)));
  std::array<Row, kTransposed> rows, riffled;
  for (std::size_t i = 0; i < kTransposed; ++i) std::memcpy(&rows[i], in + i * in_stride, kTransposed);
  for (int round = 0; round < 4; ++round) {
    for (std::size_t i = 0; i < kTransposed / 2; ++i) {
      const Row a = rows[i], b = rows[i + kTransposed / 2];
      riffled[2 * i] = __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      riffled[2 * i + 1] =
          __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    }
    rows = riffled;
  }
  for (std::size_t i = 0; i < kTransposed; ++i) std::memcpy(out + i * out_stride, &rows[i], kTransposed);
}

}  // namespace tinyhil::metric
