// SPDX-License-Identifier: Apache-2.0
// The one list of the kinds of facts and of their fields. Chains are hashed by it, and a backend keeps and
// finds facts by it. To add a kind or a field, add it here and to docs/formats/facts.md: a field at the end
// of its kind, without a value in the facts that are there.
#pragma once

#include <span>
#include <string_view>

#include "fact.hpp"

namespace tinyhil::store {

// A kind comes after those that it refers to.
std::span<const FactKind> fact_kinds();

const FactKind* find_fact_kind(std::string_view name);  // null when there is none
const FactKind& fact_kind(std::string_view name);       // asserts that there is one

}  // namespace tinyhil::store
