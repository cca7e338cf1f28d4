// SPDX-License-Identifier: Apache-2.0
#include "waiver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "gate/internal/finding.hpp"
#include "model/reading.hpp"

namespace tinyhil::gate {
namespace {

// A bound as wide as the excess must not fall short of it by the last bit of a division.
constexpr double kRounding = 1e-9;

std::string words(double amount, Unit unit) {
  return unit == Unit::ratio ? percent(amount) : fmt::format("{:.4g} {}", amount, to_string(unit));
}

std::string out_of_scope(const Waiver& waiver, const TrialInfo& candidate) {
  const auto differs = [](const std::optional<std::string>& wanted, const std::string& is) {
    return wanted && *wanted != is;
  };
  if (differs(waiver.candidate, candidate.model)) return "it is for candidate `" + *waiver.candidate + "`";
  if (differs(waiver.board, candidate.board.name)) return "it is for board `" + *waiver.board + "`";
  if (differs(waiver.board_kind, candidate.board.kind)) {
    return "it is for boards of kind `" + *waiver.board_kind + "`";
  }
  return "";
}

std::string not_covered(const Waiver& waiver, const Check& check) {
  const auto excess = excess_of(check);
  if (!excess) return "how far `" + check.subject + "` lies beyond its limit was not measured";
  const Unit unit = is_duration(check.unit) ? Unit::milliseconds : check.unit;
  const double amount = *excess * (base_of(check.unit).factor / base_of(unit).factor);
  const auto bound =
      std::ranges::find_if(waiver.max_excess, [&](const Excess& one) { return one.unit == unit; });
  if (bound == waiver.max_excess.end()) {
    return fmt::format("its max_excess says nothing of `{}`, which is in {}", check.subject,
                       unit == Unit::ratio ? "%" : to_string(unit));
  }
  if (amount <= bound->amount * (1 + kRounding)) return "";
  return fmt::format("`{}` may be {} beyond the limit, and max_excess is {}", check.subject,
                     words(amount, unit), words(bound->amount, unit));
}

// Empty when it applies.
std::string why_not(const Waiver& waiver, const TrialInfo& candidate, Moment now, const Finding& finding) {
  if (now >= waiver.end()) return "it expired on " + to_text(waiver.expires);
  if (std::string other = out_of_scope(waiver, candidate); !other.empty()) return other;
  if (std::ranges::none_of(finding.checks, [](const Check& check) { return check.estimate.has_value(); }))
    return "nothing was measured that could be held against its max_excess";
  for (const Check& check : finding.checks) {
    if (check.outcome != Outcome::fail) continue;
    if (std::string gap = not_covered(waiver, check); !gap.empty()) return gap;
  }
  return "";
}

WaiverUse described(const Waiver& waiver, std::string refusal) {
  return {refusal.empty(),         waiver.reason, waiver.owner,      waiver.approved_by,
          to_text(waiver.expires), false,         std::move(refusal)};
}

std::string expiry_words(const Waiver& waiver, Moment now) {
  const auto left = std::chrono::floor<std::chrono::days>(waiver.end() - now).count();
  if (left == 0) return "; the waiver expires today";
  return fmt::format("; the waiver expires in {} day{}", left, left == 1 ? "" : "s");
}

void waive(const Waiver& waiver, Moment now, Finding& finding) {
  for (Check& check : finding.checks) {
    if (check.outcome == Outcome::fail) check.outcome = Outcome::waived;
  }
  const Finding rest = conclude(finding.method, finding.checks);
  finding.outcome = rest.outcome;
  finding.waivers.back().expires_soon = waiver.end() - now <= kExpiresSoon;
  const std::string soon = finding.waivers.back().expires_soon ? expiry_words(waiver, now) : "";
  const std::string by =
      fmt::format("waived until {} (owner {}, approved by {}: {})", to_text(waiver.expires), waiver.owner,
                  waiver.approved_by, waiver.reason);
  finding.reason = finding.outcome == Outcome::waived
                       ? by + ": " + finding.reason + soon
                       : rest.reason + "; what failed is " + by + ": " + finding.reason + soon;
}

}  // namespace

std::optional<double> excess_of(const Check& check) {
  if (!check.limit || !check.estimate) return std::nullopt;
  const bool at_least = allowed_side(check) == Allowed::at_least;
  double excess = -room(check, *check.estimate);
  if (check.interval) {
    excess = std::max(excess, -room(check, at_least ? check.interval->low : check.interval->high));
  }
  return std::isfinite(excess) ? std::optional(excess) : std::nullopt;
}

void apply_waivers(const std::vector<Waiver>& waivers, const TrialInfo& candidate, Moment now,
                   Finding& finding) {
  if (finding.outcome != Outcome::fail) return;
  for (const Waiver& waiver : waivers) {
    if (waiver.rule != finding.rule) continue;
    finding.waivers.push_back(described(waiver, why_not(waiver, candidate, now, finding)));
    if (finding.waivers.back().applied) {
      waive(waiver, now, finding);
      return;
    }
  }
  for (const WaiverUse& use : finding.waivers) {
    finding.reason += fmt::format("; the waiver of {} does not apply: {}", use.owner, use.refusal);
  }
}

}  // namespace tinyhil::gate
