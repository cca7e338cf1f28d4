// SPDX-License-Identifier: Apache-2.0
// Arrays that an .npz file has once for each tensor of a model: `inputs` where there is one tensor,
// `inputs_0`, `inputs_1`, ... in the model's order where there are several.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "formats/npz.hpp"

namespace tinyhil {

// "inputs_3" for 3.
std::string numbered(const std::string& stem, std::size_t index);

// Whether that is what the name is, with a number that a tensor may have.
bool is_numbered(const std::string& name, const std::string& stem);

// The names that the file has for `stem`, at least one. Throws Error(usage) that names the array, when there
// is none, when a number is left out, or when it has the one without a number, too.
std::vector<std::string> arrays_of(const Npz& npz, const std::string& stem);

// One row after the other, each with the arrays' rows one after the other. `arrays`: of `rows` rows each.
std::vector<std::uint8_t> row_by_row(const std::vector<std::vector<std::uint8_t>>& arrays, std::size_t rows);

}  // namespace tinyhil
