// SPDX-License-Identifier: Apache-2.0
// Enumerations as they stand in the database. Written down here, and not taken from to_string(), because a
// word shown to people may improve while a stored one may not.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/fault.hpp"
#include "base/tensor.hpp"
#include "connection.hpp"
#include "model/bench.hpp"
#include "model/run_sampling.hpp"
#include "model/trial.hpp"

namespace tinyhil {

// Of the enumerations that codes.cpp lists.
template <class Enum>
std::string_view code_of(Enum value);

// Empty for a word that no version of tinyhil has written.
template <class Enum>
std::optional<Enum> from_code(std::string_view code);

// A word from the database, which knows no other.
template <class Enum>
Enum decoded(const Connection& connection, const std::string& word) {
  const std::optional<Enum> value = from_code<Enum>(word);
  if (!value) connection.fail_damaged("unknown word `" + word + "`");
  return *value;
}

}  // namespace tinyhil
