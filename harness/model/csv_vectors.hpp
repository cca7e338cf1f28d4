// SPDX-License-Identifier: Apache-2.0
// The vectors of a classification out of a table, one line a vector, as the arrays of a vector file:
//
//   label           the right class: its name, or its number from 0
//   group           optional: of which speaker, patient or machine the vector is
//   slice_<name>    any number: into which value of the slice it falls
//   all others      features, numbers in the world's units, in the order of the model's input
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/tensor.hpp"
#include "formats/csv.hpp"
#include "formats/npz_writer.hpp"

namespace tinyhil {

// input: of the models, where it is known; the features take its shape. classes: in the order of the models'
// outputs; empty: numbers as they are, names in the order of the alphabet. Throws Error(usage) with file and
// line.
std::vector<NpzArray> vectors_of_csv(const Csv& csv, const std::optional<Tensor>& input,
                                     const std::vector<std::string>& classes);

}  // namespace tinyhil
