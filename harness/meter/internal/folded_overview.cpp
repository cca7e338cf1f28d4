// SPDX-License-Identifier: Apache-2.0
#include "folded_overview.hpp"

#include <nlohmann/json.hpp>

namespace tinyhil::meter {
namespace {

constexpr std::uint64_t kPointsMax = 10'000;

}  // namespace

std::string folded_overview(const TraceReader& trace, std::uint64_t first, std::uint64_t last) {
  using Json = nlohmann::ordered_json;
  std::uint64_t folded = 1;
  while ((last - first) / folded > kPointsMax - 1) folded *= 2;
  const std::uint64_t points = (last - first) / folded;
  Json low = Json::array(), high = Json::array();
  if (points > 0) {
    const auto begin = static_cast<double>(first);
    std::uint64_t i = 0;
    for (const TraceColumn& column :
         trace.columns(begin, begin + static_cast<double>(points * folded), points)) {
      const double middle = (static_cast<double>(i++) + 0.5) * static_cast<double>(folded);
      const double x = (middle - 0.5) * trace.sample_s() * 1e6;
      low.push_back({{"x", x}, {"y", static_cast<double>(column.low_a) * 1e9}});
      high.push_back({{"x", x}, {"y", static_cast<double>(column.high_a) * 1e9}});
    }
  }
  const Json overview{{"lastElementFoldCount", 0},
                      {"data", {{"length", points}, {"min", std::move(low)}, {"max", std::move(high)}}},
                      {"maxNumberOfElements", kPointsMax},
                      {"numberOfTimesToFold", folded}};
  return overview.dump();
}

}  // namespace tinyhil::meter
