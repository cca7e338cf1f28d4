// SPDX-License-Identifier: Apache-2.0
// When a fact was stored, for those whose noun has no time of its own. A test gives a clock of its own.
#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace tinyhil::store {

using FactTime = std::chrono::sys_time<std::chrono::milliseconds>;
using FactClock = std::function<FactTime()>;

inline FactTime system_fact_time() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::string to_text(FactTime time);  // "2026-11-23T14:05:09.042Z"

}  // namespace tinyhil::store
