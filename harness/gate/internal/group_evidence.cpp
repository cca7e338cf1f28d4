// SPDX-License-Identifier: Apache-2.0
#include "group_evidence.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "finding.hpp"
#include "stats/group_mean.hpp"

namespace tinyhil::gate {
namespace {

constexpr double kMostLost = -1, kMostGained = 1;

// The same groups, had none of them lost anything.
Groups without_loss(Groups groups) {
  for (stats::GroupTotal& total : groups.totals) total.sum = 0;
  return groups;
}

// Where even a candidate without any loss could not pass.
std::string why_not_enough(const Groups& groups, double margin, double alpha) {
  if (groups.too_few()) return too_few_words(groups);
  const Groups best = without_loss(groups);
  const double least = -stats::mean_lower_bound(best.totals, kMostLost, 1 - alpha);
  if (least < margin) return "";
  const std::uint64_t more = more_groups_above(best, -margin, kMostLost, alpha).value_or(0);
  return fmt::format(
      "; with {} a loss of {:.3g} points cannot be excluded even if none is seen: {} are needed",
      groups.told(), 100 * least, groups.count + more);
}

}  // namespace

AccuracyEvidence group_evidence(const PairedScore& score, double margin, double alpha) {
  const Groups& groups = score.groups;
  AccuracyEvidence shown;
  shown.alpha = shown.alpha_of_many = alpha;
  shown.more_groups = more_groups_above(groups, -margin, kMostLost, alpha);
  shown.why_not_enough = why_not_enough(groups, margin, alpha);
  shown.bounds = {kMostLost, kMostGained};
  if (groups.too_few()) return shown;
  shown.bounds = {stats::mean_lower_bound(groups.totals, kMostLost, 1 - alpha),
                  stats::mean_upper_bound(groups.totals, kMostGained, 1 - alpha)};
  shown.is_good = shown.bounds.low > -margin;
  shown.p_worse = stats::p_below(groups.totals, -margin, kMostGained);
  return shown;
}

void confirm_over_groups(const PairedScore& score, double margin, double alpha, AccuracyEvidence& shown) {
  if (!score.groups.any() || score.groups.are_vectors) return;  // single vectors are independent
  const AccuracyEvidence over_groups = group_evidence(score, margin, alpha);
  shown.is_good = shown.is_good && over_groups.is_good;
  shown.bounds.low = std::min(shown.bounds.low, over_groups.bounds.low);
  shown.more_vectors.reset();
  shown.more_groups = over_groups.more_groups;
  shown.why_not_enough = over_groups.why_not_enough;
  if (score.groups.too_few()) shown.p_worse = 1;
}

}  // namespace tinyhil::gate
