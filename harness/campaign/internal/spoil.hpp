// SPDX-License-Identifier: Apache-2.0
// Outputs made to say something else.
#pragma once

#include <functional>

#include "model/trial.hpp"

namespace tinyhil::campaign {

// The output of a row, to be written.
std::span<std::uint8_t> output_of(Trial& trial, std::size_t row);

// Another class comes first in the output; false when all of its elements are equal.
bool turn_top_class(Trial& trial, std::size_t row);

// Every element is far from what it was: by half of an integer's range, or beyond a million.
void turn_far_away(Trial& trial, std::size_t row);

// One element is one step more, or less where it is the largest number already.
void add_one_step(Trial& trial, std::size_t row);

}  // namespace tinyhil::campaign
