// SPDX-License-Identifier: Apache-2.0
#include "gate/rules/keys.hpp"

namespace tinyhil::gate {

double read_margin(const Section& section) {
  const double margin = section.ratio("margin");
  if (!(margin > 0 && margin < 1)) {
    section.fail_at("margin", "the margin must be above 0 % and below 100 %",
                    "write for example `margin: 2 %`");
  }
  return margin;
}

std::optional<double> read_share(const Section& section, std::string_view key) {
  const std::optional<double> share = section.optional_ratio(key);
  if (share && !(*share >= 0 && *share < 1)) {
    section.fail_at(
        key, "`" + std::string(key) + "` must be 0 % or more and less than 100 %, which nothing could exceed",
        "write for example `" + std::string(key) + ": 2 %`");
  }
  return share;
}

std::uint64_t read_min_n(const Section& section) {
  constexpr std::int64_t kDefault = 30;
  return static_cast<std::uint64_t>(section.integer("min_n", 1, 1'000'000'000, kDefault));
}

}  // namespace tinyhil::gate
