// SPDX-License-Identifier: Apache-2.0
#include "named.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/nearest.hpp"
#include "finding.hpp"

namespace tinyhil::gate {

std::optional<std::size_t> slice_named(const std::string& name, const VectorSet& vectors) {
  const Slice* found = vectors.slice(name);
  if (found == nullptr) return std::nullopt;
  return static_cast<std::size_t>(found - vectors.slices.data());
}

std::optional<std::size_t> class_named(const std::string& name, const VectorSet& vectors) {
  const auto found = std::ranges::find(vectors.classes, name);
  if (found == vectors.classes.end()) return std::nullopt;
  return static_cast<std::size_t>(found - vectors.classes.begin());
}

std::optional<std::size_t> value_named(const std::string& name, const Slice& slice) {
  const auto found = std::ranges::find(slice.values, name);
  if (found == slice.values.end()) return std::nullopt;
  return static_cast<std::size_t>(found - slice.values.begin());
}

Check no_such_slice(const std::string& name, const VectorSet& vectors) {
  std::vector<std::string> names;
  for (const Slice& slice : vectors.slices) names.push_back(slice.name);
  const std::string hint = names.empty() ? "it has no slices" : suggestion(name, names);
  return error_check(name, fmt::format("the vector set has no slice `{}`; {}", name, hint));
}

Check no_such_class(const std::string& name, const VectorSet& vectors) {
  return error_check(
      name, fmt::format("the vector set has no class `{}`; {}", name, suggestion(name, vectors.classes)));
}

Check no_such_value(const std::string& name, const Slice& slice) {
  return error_check(name, fmt::format("the slice `{}` has no value `{}`; {}", slice.name, name,
                                       suggestion(name, slice.values)));
}

}  // namespace tinyhil::gate
