// SPDX-License-Identifier: Apache-2.0
#include "fact_clock.hpp"

#include "base/calendar.hpp"

namespace tinyhil::store {

std::string to_text(FactTime time) {
  const Moment second = std::chrono::floor<std::chrono::seconds>(time);
  std::string text = tinyhil::to_text(second);
  text.pop_back();  // Z
  const std::string thousandths = std::to_string(1000 + (time - second).count()).substr(1);
  return text + "." + thousandths + "Z";
}

}  // namespace tinyhil::store
