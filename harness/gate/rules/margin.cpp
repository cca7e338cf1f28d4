// SPDX-License-Identifier: Apache-2.0
#include "gate/rules/margin.hpp"

namespace tinyhil {

double read_margin(const Section& section) {
  const double margin = section.ratio("margin");
  if (!(margin > 0 && margin < 1)) {
    section.fail_at("margin", "the margin must lie between 0 % and 100 %", "write for example `margin: 2 %`");
  }
  return margin;
}

}  // namespace tinyhil
