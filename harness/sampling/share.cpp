// SPDX-License-Identifier: Apache-2.0
#include "share.hpp"

namespace tinyhil::sampling {
namespace {

constexpr std::uint64_t kCommon = 64;

}  // namespace

bool is_common(std::uint64_t place) { return place < kCommon || place % kCommon == 0; }

bool Share::has(std::uint64_t place) const { return is_common(place) || place % boards == board; }

std::uint64_t Share::before(std::uint64_t place) const {
  std::uint64_t count = 0;
  for (std::uint64_t each = 0; each < place; ++each) count += has(each) ? 1 : 0;
  return count;
}

std::vector<std::uint32_t> Share::of(const std::vector<std::uint32_t>& order) const {
  std::vector<std::uint32_t> part;
  for (std::size_t place = 0; place < order.size(); ++place) {
    if (has(place)) part.push_back(order[place]);
  }
  return part;
}

}  // namespace tinyhil::sampling
