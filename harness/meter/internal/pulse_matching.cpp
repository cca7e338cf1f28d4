// SPDX-License-Identifier: Apache-2.0
#include "pulse_matching.hpp"

#include <algorithm>

namespace tinyhil::meter {
namespace {

// Entry (i, j): the longest matching of the first i windows with the first j pulses, or of what follows them.
class LengthTable {
 public:
  LengthTable(std::size_t windows, std::size_t pulses)
      : columns_(pulses + 1), lengths_((windows + 1) * (pulses + 1)) {}

  std::uint16_t& at(std::size_t i, std::size_t j) { return lengths_[i * columns_ + j]; }

 private:
  std::size_t columns_;
  std::vector<std::uint16_t> lengths_;
};

}  // namespace

std::vector<std::optional<std::size_t>> certain_pairs(
    std::size_t windows, std::size_t pulses, const std::function<bool(std::size_t, std::size_t)>& fits) {
  LengthTable before(windows, pulses), behind(windows, pulses);
  std::vector<std::vector<bool>> pairs(windows, std::vector<bool>(pulses));
  for (std::size_t i = 0; i < windows; ++i)
    for (std::size_t j = 0; j < pulses; ++j) {
      pairs[i][j] = fits(i, j);
      const std::uint16_t with = pairs[i][j] ? before.at(i, j) + 1 : 0;
      before.at(i + 1, j + 1) = std::max({before.at(i, j + 1), before.at(i + 1, j), with});
    }
  for (std::size_t i = windows; i-- > 0;)
    for (std::size_t j = pulses; j-- > 0;) {
      const std::uint16_t with = pairs[i][j] ? behind.at(i + 1, j + 1) + 1 : 0;
      behind.at(i, j) = std::max({behind.at(i + 1, j), behind.at(i, j + 1), with});
    }
  const std::uint16_t longest = before.at(windows, pulses);
  std::vector<std::optional<std::size_t>> certain(windows);
  for (std::size_t i = 0; i < windows; ++i) {
    std::size_t ways = 0, pulse = 0;
    bool without = false;  // a longest matching that leaves window i out
    for (std::size_t j = 0; j <= pulses; ++j)
      without = without || before.at(i, j) + behind.at(i + 1, j) == longest;
    for (std::size_t j = 0; j < pulses; ++j) {
      if (!pairs[i][j] || before.at(i, j) + 1 + behind.at(i + 1, j + 1) != longest) continue;
      ++ways;
      pulse = j;
    }
    if (ways == 1 && !without) certain[i] = pulse;
  }
  return certain;
}

}  // namespace tinyhil::meter
