// SPDX-License-Identifier: Apache-2.0
#include "share_check.hpp"

#include <fmt/format.h>

#include "bound_check.hpp"
#include "finding.hpp"
#include "stats/intervals.hpp"
#include "stats/order_statistics.hpp"
#include "stats/sample_size.hpp"

namespace tinyhil {
namespace {

// A share below `most` is the same as a quantile: more than 1 - most of all vectors are good.
std::optional<std::uint64_t> more_for(const Share& share, double estimate) {
  const std::uint64_t fewest = fewest_for_upper_rank(1 - share.most, 1 - share.alpha);
  if (share.seen == 0) return fewest > share.n ? fewest - share.n : 1;
  return more_vectors_for_quantile(share.n, 1 - estimate, 1 - share.most, share.alpha);
}

}  // namespace

Check share_check(std::string subject, const Share& share) {
  Check check;
  check.subject = std::move(subject);
  check.n = share.n;
  check.unit = "ratio";
  check.estimate = static_cast<double>(share.seen) / static_cast<double>(share.n);
  check.interval = clopper_pearson(share.seen, share.n, 1 - 2 * share.alpha);
  check.confidence = 1 - 2 * share.alpha;
  check.limit = share.most;
  if (share.most == 0) {
    check.outcome = share.seen == 0 ? Outcome::pass : Outcome::fail;
    return check;
  }
  check.outcome = held_to(*check.interval, share.most);
  if (check.outcome == Outcome::inconclusive) check.more_vectors = more_for(share, *check.estimate);
  return check;
}

std::string told_share(const Check& check) {
  return fmt::format("{} of all ({} interval {} .. {}); at most {} allowed{}", percent(*check.estimate),
                     percent(check.confidence), percent(check.interval->low), percent(check.interval->high),
                     percent(*check.limit), what_would_help(check));
}

}  // namespace tinyhil
