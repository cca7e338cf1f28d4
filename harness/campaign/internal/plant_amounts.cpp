// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "gate/term.hpp"
#include "plant_faults.hpp"

namespace tinyhil::campaign {
namespace {

// Beyond what a rule of latencies allows, and at least three times what it was.
double slower_by(const Specimen& specimen, const Trial& trial) {
  double factor = 3;
  const auto fastest = std::ranges::min_element(trial.rows.clock);
  const double ns = std::max(1.0, static_cast<double>(*fastest)) * 1e9 / trial.info.board.clock_hz;
  for (const gate::PolicyRule& rule : specimen.inputs.policy.rules) {
    if (!rule.test.starts_with("latency_")) continue;
    const double limit = number_of(rule, "limit").value_or(0), growth = number_of(rule, "growth").value_or(0);
    if (std::isfinite(limit)) factor = std::max(factor, 1.1 * limit / ns);
    if (std::isfinite(growth)) factor = std::max(factor, 1.1 * (1 + growth));
  }
  return factor;
}

}  // namespace

std::string slow(Specimen& specimen) {
  for (Trial* trial : specimen.of_candidate()) {
    if (trial->rows.size() == 0) return kNoRows;
    if (trial->info.board.clock_hz == 0) return "the board has no clock";
    if (trial->info.mode == RunMode::throughput) return "latency is not measured in throughput mode";
    const double factor = slower_by(specimen, *trial);
    for (std::vector<std::uint32_t>* ticks : {&trial->rows.clock, &trial->rows.timer}) {
      for (std::uint32_t& tick : *ticks)
        tick = static_cast<std::uint32_t>(std::min(4294967295.0, tick * factor));
    }
  }
  return "";
}

namespace {

std::uint64_t beyond(const gate::PolicyRule& rule, std::uint64_t baseline, std::uint64_t now) {
  const double limit = number_of(rule, "limit").value_or(gate::kNoLimit),
               growth = number_of(rule, "growth").value_or(gate::kNoLimit);
  const double most = std::min(limit, static_cast<double>(baseline) + growth);
  return std::isfinite(most) ? std::max(now, static_cast<std::uint64_t>(most) + 1) : now;
}

bool is_about(const gate::PolicyRule& rule, const char* metric) {
  const std::pair<std::string, std::string> key{"metric", metric};
  return rule.test == "memory" && std::ranges::find(rule.keys, key) != rule.keys.end();
}

void grow(const gate::PolicyRule& rule, const TrialInfo& baseline, TrialInfo& info) {
  if (is_about(rule, "arena_used"))
    info.arena_used = static_cast<std::uint32_t>(beyond(rule, baseline.arena_used, info.arena_used));
  if (is_about(rule, "model_size")) info.model_size = beyond(rule, baseline.model_size, info.model_size);
  if (is_about(rule, "flash_size"))
    info.board.flash_size = beyond(rule, baseline.board.flash_size, info.board.flash_size);
  if (is_about(rule, "ram_size"))
    info.board.ram_size = beyond(rule, baseline.board.ram_size, info.board.ram_size);
}

}  // namespace

std::string large(Specimen& specimen) {
  const std::vector<Trial*> ours = specimen.of_candidate(),
                            theirs = specimen.of(specimen.inputs.campaign.baseline);
  for (std::size_t i = 0; i < ours.size() && i < theirs.size(); ++i) {
    for (const gate::PolicyRule& rule : specimen.inputs.policy.rules)
      grow(rule, theirs[i]->info, ours[i]->info);
  }
  return "";
}

}  // namespace tinyhil::campaign
