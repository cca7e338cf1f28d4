// SPDX-License-Identifier: Apache-2.0
// An .npz file as numpy's np.savez would write it: the same bytes for the same arrays. Example:
//
//   write_file("vectors.npz", npz_of({{"labels", "<i4", {2}, bytes}}));
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tinyhil {

struct NpzArray {
  std::string name;                // "labels"
  std::string descr;               // of numpy: "<f4", "<i4", "|S6"
  std::vector<std::size_t> shape;  // empty: a scalar
  std::string values;              // little-endian, in C order
};

std::string npz_of(const std::vector<NpzArray>& arrays);

NpzArray float_array(std::string name, std::vector<std::size_t> shape, const std::vector<float>& values);
NpzArray integer_array(std::string name, const std::vector<std::int32_t>& values);
NpzArray text_array(std::string name, const std::vector<std::string>& texts);  // padded with zeros

}  // namespace tinyhil
