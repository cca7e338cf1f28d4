// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <string>

#include "base/calendar.hpp"
#include "daemon/farm.hpp"

namespace tinyhil::daemon {

// "2026-11-30T16:20:38.000125Z"
inline std::string time_text(Moment moment) {
  const auto second = std::chrono::floor<std::chrono::seconds>(moment);
  std::string text = tinyhil::to_text(second);
  text.insert(text.size() - 1, fmt::format(".{:06}", (moment - second).count()));
  return text;
}

}  // namespace tinyhil::daemon
