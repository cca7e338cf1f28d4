// SPDX-License-Identifier: Apache-2.0
// Enumerations out of the database.
#pragma once

#include <optional>
#include <string>

#include "store/internal/codes.hpp"
#include "store/sqlite/connection.hpp"

namespace tinyhil::store {

// A word from the database, which knows no other.
template <class Enum>
Enum decoded(const Connection& connection, const std::string& word) {
  const std::optional<Enum> value = from_code<Enum>(word);
  if (!value) connection.fail_damaged("unknown word `" + word + "`");
  return *value;
}

}  // namespace tinyhil::store
