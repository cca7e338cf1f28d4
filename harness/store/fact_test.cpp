// SPDX-License-Identifier: Apache-2.0
// docs/formats/facts.md is the specification: its list of kinds is the one in the code, and its example
// holds.
#include "fact.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <numeric>

#include "fact_kinds.hpp"
#include "format_page.hpp"

namespace tinyhil::store {
namespace {

// The fenced block ```kinds, one line a kind.
std::string kinds_on_the_page() {
  std::ifstream page(std::string(TINYHIL_SOURCE_DIR) + "/docs/formats/facts.md");
  std::string kinds;
  bool is_inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("```")) {
      is_inside = line == "```kinds";
    } else if (is_inside) {
      const bool continues = line.starts_with("  ");
      kinds += (continues ? " " : "\n") + line.substr(continues ? 2 : 0);
    }
  }
  return kinds;
}

std::string kinds_in_the_code() {
  std::string kinds;
  for (const FactKind& kind : fact_kinds()) {
    kinds += "\n" + std::string(kind.name);
    for (const FactField& field : kind.fields) {
      kinds += &field == kind.fields.data() ? ": " : ", ";
      kinds += std::string(field.name) + " " + static_cast<char>(field.type);
      if (!field.refers_to.empty()) kinds += ">" + std::string(field.refers_to);
    }
  }
  return kinds;
}

Digest digest_in(const Examples& examples, const std::string& name) {
  Digest digest;
  const std::vector<std::uint8_t>& bytes = examples.at(name);
  EXPECT_EQ(bytes.size(), digest.bytes.size()) << name;
  std::copy_n(bytes.begin(), std::min(bytes.size(), digest.bytes.size()), digest.bytes.begin());
  return digest;
}

Digest hash_of(const Digest& previous, const std::vector<std::uint8_t>& fact) {
  Sha256 hash;
  return hash.add(previous.bytes).add(fact).finish();
}

TEST(FactsPage, ListsTheKindsAndFieldsOfTheCode) { EXPECT_EQ(kinds_on_the_page(), kinds_in_the_code()); }

TEST(FactsPage, HasAnExampleThatHolds) {
  std::vector<std::uint8_t> counting(32);
  std::iota(counting.begin(), counting.end(), std::uint8_t{0});
  Fact vectors(fact_kind("vector_set"), 1);
  vectors.set("count", std::int64_t{1000}).set("digest", FactBytes(counting));
  Fact tensor(fact_kind("tensor"), 2);
  for (const char* dim : {"dim0", "dim2", "dim3"}) tensor.set(dim, std::int64_t{1});
  tensor.set("dtype", "int8").set("rank", std::int64_t{2}).set("dim1", std::int64_t{2});
  tensor.set("scale", 0.00390625).set("zero_point", std::int64_t{-128});
  Fact end(fact_kind("run_end"), 1);
  end.set("run", std::int64_t{1});

  const Examples examples = examples_of("facts.md");
  Digest previous;
  for (const Fact& fact : {vectors, tensor, end}) {
    const std::string name = std::string(fact.kind->name) + " " + std::to_string(fact.number);
    const Digest link = digest_in(examples, "link of " + name);
    EXPECT_EQ(hash_of(previous, examples.at(name)), link) << name;
    EXPECT_EQ(link_digest(previous, fact), link) << name;
    previous = link;
  }
}

TEST(Fact, IsAnotherWithTheSameTextUnderAnotherNameOrOfAnotherType) {
  Fact fact(fact_kind("run_end"), 1);
  fact.set("ended_at", "1");
  Fact typed = fact;
  typed.set("ended_at", std::int64_t{1});
  Fact bytes = fact;
  const std::vector<std::uint8_t> one = {'1'};
  bytes.set("ended_at", FactBytes(one));
  Fact named = fact;
  named.set("ended_at", {}).set("run", "1");
  for (const Fact* other : {&typed, &bytes, &named})
    EXPECT_NE(link_digest({}, fact), link_digest({}, *other));
}

TEST(Fact, WithAnEmptyValueIsAnotherThanWithoutOne) {
  Fact fact(fact_kind("run_end"), 1);
  const Digest without = link_digest({}, fact);
  EXPECT_NE(link_digest({}, fact.set("ended_at", "")), without);
  EXPECT_EQ(link_digest({}, fact.set("ended_at", {})), without);
}

}  // namespace
}  // namespace tinyhil::store
