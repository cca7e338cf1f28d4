// SPDX-License-Identifier: Apache-2.0
#include "near_copies.hpp"

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

namespace tinyhil {
namespace {

constexpr std::size_t kFewestBytes = 16;
constexpr std::size_t kMostVectors = 2'000'000;
constexpr std::size_t kBytesAnOther = 50;  // one in so many may differ
constexpr std::size_t kQuarters = 4;

// Sorted by the hash of one quarter of the bytes, then by place.
std::vector<std::pair<std::uint64_t, std::uint32_t>> by_quarter(const VectorSet& set, std::size_t quarter) {
  const std::size_t size = set.input.bytes();
  const std::size_t first = quarter * size / kQuarters, last = (quarter + 1) * size / kQuarters;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> order;
  order.reserve(set.count);
  for (std::uint32_t i = 0; i < set.count; ++i) {
    const auto part = set.vector(i).subspan(first, last - first);
    const std::string_view bytes(reinterpret_cast<const char*>(part.data()), part.size());
    order.emplace_back(std::hash<std::string_view>{}(bytes), i);
  }
  std::sort(order.begin(), order.end());
  return order;
}

bool are_near(const VectorSet& set, std::uint32_t a, std::uint32_t b) {
  const auto ours = set.vector(a), theirs = set.vector(b);
  const std::size_t allowed = std::max<std::size_t>(1, ours.size() / kBytesAnOther);
  std::size_t differing = 0;
  for (std::size_t i = 0; i < ours.size() && differing <= allowed; ++i)
    differing += ours[i] != theirs[i] ? 1U : 0U;
  return differing > 0 && differing <= allowed;
}

}  // namespace

std::uint64_t count_near_copies(const VectorSet& set) {
  if (set.input.bytes() < kFewestBytes || set.count > kMostVectors) return 0;
  std::vector<bool> is_near(set.count);
  for (std::size_t quarter = 0; quarter < kQuarters; ++quarter) {
    const auto order = by_quarter(set, quarter);
    for (std::size_t i = 1, first = 0; i < order.size(); ++i) {
      if (order[i].first != order[first].first) first = i;
      const std::uint32_t vector = order[i].second;
      if (first == i || is_near[vector]) continue;
      is_near[vector] =
          are_near(set, vector, order[first].second) || are_near(set, vector, order[i - 1].second);
    }
  }
  return static_cast<std::uint64_t>(std::ranges::count(is_near, true));
}

}  // namespace tinyhil
