// SPDX-License-Identifier: Apache-2.0
// Enumerations as they stand in a fact. Written down here, and not taken from to_string(), because a
// word shown to people may improve while a stored one may not.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/fault.hpp"
#include "base/tensor.hpp"
#include "model/bench.hpp"
#include "model/recording.hpp"
#include "model/run_sampling.hpp"
#include "model/trial.hpp"

namespace tinyhil::store {

// Of the enumerations that codes.cpp lists.
template <class Enum>
std::string_view code_of(Enum value);

// Empty for a word that no version of tinyhil has written.
template <class Enum>
std::optional<Enum> from_code(std::string_view code);

}  // namespace tinyhil::store
