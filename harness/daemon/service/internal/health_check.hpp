// SPDX-License-Identifier: Apache-2.0
// What a check of a board found, and what the checks of a board come to: data only.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "daemon/farm.hpp"
#include "daemon/service/internal/health_ladder.hpp"

namespace tinyhil::daemon {

// Why a board was checked. Stored by its number.
enum class CheckCause {
  start = 1,        // the daemon, or the board, is new
  due = 2,          // the latest check was long ago
  lease_lost = 3,   // its holder did not return it
  lease_ended = 4,  // its holder is not trusted
  readmission = 5,  // a person asked for it
  plugged_in = 6,   // it was absent
};

const char* to_string(CheckCause cause);  // "lease-lost"

struct HealthCheck {
  Moment at{};  // its end
  CheckCause cause{};
  std::string command{};           // what was run to greet the board
  std::string first_problem{};     // before any step; empty: it passed at once
  std::vector<StepTaken> steps{};  // in their order, those that clean it first
  std::string problem{};           // at the end; empty: it passed
  std::optional<Digest> firmware{};
  bool was_cleaned = false;  // first, all of it; not stored
  bool has_passed() const { return problem.empty(); }
};

struct StepFigures {
  std::uint64_t used = 0;
  std::uint64_t helped = 0;  // the check after it passed
};

struct HealthFigures {
  std::uint64_t checks = 0;
  std::uint64_t failed = 0;  // at the first try
  std::uint64_t flaky = 0;   // of those, passed when they were repeated and nothing else was done
  std::map<Step, StepFigures> steps{};
};

bool is_flaky(const HealthCheck& check);
void count(HealthFigures& figures, const HealthCheck& check);

}  // namespace tinyhil::daemon
