// SPDX-License-Identifier: Apache-2.0
#include "bound_check.hpp"

#include <fmt/format.h>

#include "finding.hpp"
#include "stats/sample_size.hpp"

namespace tinyhil::gate {
namespace {

Check undecided_check(std::string subject, std::uint64_t n, const Bound& bound) {
  Check check;
  check.subject = std::move(subject);
  check.outcome = Outcome::inconclusive;
  check.n = n;
  check.unit = Unit::ratio;
  check.estimate = bound.estimate;
  check.interval = bound.interval;
  check.confidence = 1 - 2 * bound.alpha;
  check.limit = bound.limit;
  return check;
}

}  // namespace

Check check_below(std::string subject, std::uint64_t n, const Bound& bound) {
  Check check = undecided_check(std::move(subject), n, bound);
  check.outcome = held_to(bound.interval, bound.limit);
  if (check.outcome == Outcome::inconclusive)
    check.more_vectors = stats::more_vectors_for_bound(n, bound.interval.high - bound.estimate,
                                                       bound.limit - bound.estimate, bound.alpha);
  return check;
}

Check check_above(std::string subject, std::uint64_t n, const Bound& bound) {
  Check check = undecided_check(std::move(subject), n, bound);
  if (bound.interval.low > bound.limit) check.outcome = Outcome::pass;
  if (bound.interval.high < bound.limit) check.outcome = Outcome::fail;
  if (check.outcome == Outcome::inconclusive)
    check.more_vectors = stats::more_vectors_for_bound(n, bound.estimate - bound.interval.low,
                                                       bound.estimate - bound.limit, bound.alpha);
  return check;
}

std::string what_would_help(const Check& check) {
  if (check.outcome != Outcome::inconclusive) return "";
  if (check.more_groups) {
    return fmt::format("; undecided: about {} more {}{} would be expected to show that it is good enough",
                       *check.more_groups, check.group_unit, *check.more_groups == 1 ? "" : "s");
  }
  if (check.more_vectors) {
    return fmt::format("; undecided: about {} more vectors would be expected to show that it is good enough",
                       *check.more_vectors);
  }
  return "; undecided: more vectors are not expected to make it pass, the difference seen is at or beyond "
         "the limit";
}

}  // namespace tinyhil::gate
