// SPDX-License-Identifier: Apache-2.0
#include "equal_vectors.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <string_view>
#include <utility>

namespace tinyhil {
namespace {

std::string_view bytes_of(const VectorSet& set, std::uint32_t index) {
  const auto bytes = set.vector(index);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Sorted by hash, then by place, so that copies stand near each other behind their first.
std::vector<std::pair<std::uint64_t, std::uint32_t>> by_hash(const VectorSet& set) {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> order;
  order.reserve(set.count);
  for (std::uint32_t i = 0; i < set.count; ++i)
    order.emplace_back(std::hash<std::string_view>{}(bytes_of(set, i)), i);
  std::sort(order.begin(), order.end());
  return order;
}

void join(VectorSet& set, std::uint32_t copy, std::uint32_t first) {
  if (set.group.empty()) {
    set.group.resize(set.count);
    std::iota(set.group.begin(), set.group.end(), 0u);
  }
  set.group[copy] = set.group[first];
}

}  // namespace

std::uint64_t group_equal_vectors(VectorSet& set) {
  std::uint64_t copies = 0;
  const auto order = by_hash(set);
  for (std::size_t i = 1, first = 0; i < order.size(); ++i) {
    if (order[i].first != order[first].first ||
        bytes_of(set, order[i].second) != bytes_of(set, order[first].second)) {
      first =
          i;  // of two inputs with one hash, copies of the former may be missed: it takes a 64-bit collision
      continue;
    }
    join(set, order[i].second, order[first].second);
    ++copies;
  }
  return copies;
}

}  // namespace tinyhil
