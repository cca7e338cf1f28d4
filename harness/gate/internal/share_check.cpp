// SPDX-License-Identifier: Apache-2.0
#include "share_check.hpp"

#include <fmt/format.h>

#include "bound_check.hpp"
#include "finding.hpp"
#include "stats/intervals.hpp"
#include "stats/order_statistics.hpp"
#include "stats/sample_size.hpp"

namespace tinyhil::gate {
namespace {

// A share below `most` is the same as a quantile: more than 1 - most of all vectors are good.
std::optional<std::uint64_t> more_for(const AllowedShare& share, double estimate) {
  const std::uint64_t fewest = stats::fewest_for_upper_rank(1 - share.most, 1 - share.alpha);
  if (share.seen == 0) return fewest > share.n ? fewest - share.n : 1;
  return stats::more_vectors_for_quantile(share.n, 1 - estimate, 1 - share.most, share.alpha);
}

void decide_by_groups(Check& check, const AllowedShare& share) {
  check.interval = share_bounds(share.groups, share.alpha);
  check.outcome = share.groups.too_few() ? Outcome::inconclusive : held_to(*check.interval, share.most);
  if (check.outcome == Outcome::inconclusive)
    ask_for_groups(check, share.groups, more_groups_below(share.groups, share.most, 1, share.alpha));
}

}  // namespace

Check share_check(std::string subject, const AllowedShare& share) {
  Check check;
  check.subject = std::move(subject);
  check.n = share.n;
  check.unit = Unit::ratio;
  check.estimate = static_cast<double>(share.seen) / static_cast<double>(share.n);
  check.interval = stats::clopper_pearson(share.seen, share.n, 1 - 2 * share.alpha);
  check.confidence = 1 - 2 * share.alpha;
  check.limit = share.most;
  if (share.most == 0) {
    check.outcome = share.seen == 0 ? Outcome::pass : Outcome::fail;
  } else if (share.groups.any()) {
    decide_by_groups(check, share);
  } else {
    check.outcome = held_to(*check.interval, share.most);
    if (check.outcome == Outcome::inconclusive) check.more_vectors = more_for(share, *check.estimate);
  }
  return check;
}

std::string told_share(const Check& check, const Groups& groups) {
  const bool counted = *check.limit > 0;
  return fmt::format("{} of all ({} interval {} .. {}{}); at most {} allowed{}{}", percent(*check.estimate),
                     percent(check.confidence), percent(check.interval->low), percent(check.interval->high),
                     counted ? from_groups(groups, check.n) : "", percent(*check.limit),
                     counted ? too_few_words(groups) : "", what_would_help(check));
}

std::string way_of_shares(const VectorSet& vectors) {
  return shares_groups(vectors) ? kWayOfGroups : "Clopper-Pearson";
}

}  // namespace tinyhil::gate
