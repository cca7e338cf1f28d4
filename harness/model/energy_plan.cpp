// SPDX-License-Identifier: Apache-2.0
#include "energy_plan.hpp"

#include <string>

namespace tinyhil {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kBlocksMax = 10'000;

struct Bounds {
  std::chrono::milliseconds least;
  std::chrono::milliseconds most;
};

// The agent's own bounds (docs/protocol.md).
constexpr Bounds kWindow{1ms, 60s};
constexpr Bounds kRest{1ms, 10s};
constexpr Bounds kIdle{1ms, 60s};
constexpr Bounds kSleep{0ms, 600s};

std::chrono::milliseconds read_length(const Section& section, const std::string& key,
                                      std::chrono::milliseconds fallback, const Bounds& bounds) {
  const auto given = section.optional_duration(key);
  if (!given) return fallback;
  if (*given < bounds.least || *given > bounds.most)
    section.fail_at(key, '`' + key + "` is outside of what a board does",
                    "write " + std::to_string(bounds.least.count()) + " ms to " +
                        std::to_string(bounds.most.count()) + " ms");
  return std::chrono::duration_cast<std::chrono::milliseconds>(*given);
}

}  // namespace

EnergyPlan read_energy_plan(const Section& section) {
  EnergyPlan plan;
  plan.vectors = static_cast<std::uint32_t>(section.integer("vectors", 2, kBlocksMax, plan.vectors));
  plan.window = read_length(section, "window", plan.window, kWindow);
  plan.rest = read_length(section, "rest", plan.rest, kRest);
  plan.idle = read_length(section, "idle", plan.idle, kIdle);
  plan.sleep = read_length(section, "sleep", plan.sleep, kSleep);
  if (section.choice("meter_lost", {"stop", "go-on"}, "stop") == "go-on") plan.lost = MeterLost::go_on;
  section.finish();
  return plan;
}

}  // namespace tinyhil
