// SPDX-License-Identifier: Apache-2.0
// A fact of a run as its chain has it, whatever keeps it: its kind, its number, and values by name. Which
// kinds there are, with which fields, fact_kinds.hpp lists; docs/formats/facts.md specifies the bytes.
// Example:
//
//   Fact end(fact_kind("run_end"), 1);
//   end.set("run", std::int64_t{1}).set("ended_at", "2026-11-23T14:05:09.000Z");
//   const Digest link = link_digest(previous, end);
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/digest.hpp"

namespace tinyhil::store {

enum class FieldType : char { integer = 'i', real = 'r', text = 't', bytes = 'b' };

struct FactField {
  std::string_view name;
  FieldType type;
  std::string_view refers_to = {};  // the kind whose number it holds
};

struct FactKind {
  std::string_view name;
  std::span<const FactField> fields;  // in the order in which they are hashed, without the number

  std::size_t index_of(std::string_view field) const;  // asserts that it has the field
  bool has(std::string_view field) const;
};

using FactBytes = std::span<const std::uint8_t>;  // lent

// Nothing, or a value of one of the four types.
using FactValue = std::variant<std::monostate, std::int64_t, double, std::string, FactBytes>;

struct Fact {
  explicit Fact(const FactKind& of, std::int64_t number_in_store = 0);

  // Asserts that the kind has such a field. A field that is never set has no value.
  Fact& set(std::string_view field, FactValue value);
  const FactValue& value(std::string_view field) const;

  const FactKind* kind;
  std::int64_t number = 0;  // counted from 1 in each kind of a store
  std::vector<FactValue> values;
};

// How nouns say their numbers and digests.
inline FactValue fact_number(std::uint64_t value) { return static_cast<std::int64_t>(value); }
inline FactValue fact_bytes(const Digest& digest) { return FactBytes(digest.bytes); }

// SHA-256(previous || fact)
Digest link_digest(const Digest& previous, const Fact& fact);

}  // namespace tinyhil::store
