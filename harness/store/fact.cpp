// SPDX-License-Identifier: Apache-2.0
#include "fact.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <utility>

namespace tinyhil::store {
namespace {

void add_number(Sha256& hash, std::uint64_t value) {
  std::array<std::uint8_t, 8> bytes{};
  for (std::uint8_t& byte : bytes) {
    byte = static_cast<std::uint8_t>(value);
    value >>= 8;
  }
  hash.add(bytes);
}

void add_text(Sha256& hash, std::string_view text) {
  add_number(hash, text.size());
  hash.add(text);
}

void add_name(Sha256& hash, std::string_view name, FieldType type) {
  add_text(hash, name);
  const char letter = static_cast<char>(type);
  hash.add(std::string_view(&letter, 1));
}

// By the type of the value and not by the one that is declared: what was put in its place shows.
struct AddField {
  Sha256& hash;
  std::string_view name;

  void operator()(std::monostate) const {}
  void operator()(std::int64_t value) const {
    add_name(hash, name, FieldType::integer);
    add_number(hash, static_cast<std::uint64_t>(value));
  }
  void operator()(double value) const {
    add_name(hash, name, FieldType::real);
    add_number(hash, std::bit_cast<std::uint64_t>(value));
  }
  void operator()(const std::string& value) const {
    add_name(hash, name, FieldType::text);
    add_text(hash, value);
  }
  void operator()(FactBytes value) const {
    add_name(hash, name, FieldType::bytes);
    add_number(hash, value.size());
    hash.add(value);
  }
};

}  // namespace

bool FactKind::has(std::string_view field) const {
  return std::ranges::find(fields, field, &FactField::name) != fields.end();
}

std::size_t FactKind::index_of(std::string_view field) const {
  const auto found = std::ranges::find(fields, field, &FactField::name);
  assert(found != fields.end());
  return static_cast<std::size_t>(found - fields.begin());
}

Fact::Fact(const FactKind& of, std::int64_t number_in_store)
    : kind(&of), number(number_in_store), values(of.fields.size()) {}

Fact& Fact::set(std::string_view field, FactValue value) {
  values[kind->index_of(field)] = std::move(value);
  return *this;
}

const FactValue& Fact::value(std::string_view field) const { return values[kind->index_of(field)]; }

Digest link_digest(const Digest& previous, const Fact& fact) {
  Sha256 hash;
  hash.add(previous.bytes);
  add_text(hash, fact.kind->name);
  AddField{hash, "id"}(fact.number);
  for (std::size_t i = 0; i < fact.values.size(); ++i)
    std::visit(AddField{hash, fact.kind->fields[i].name}, fact.values[i]);
  return hash.finish();
}

}  // namespace tinyhil::store
