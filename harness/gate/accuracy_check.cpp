// SPDX-License-Identifier: Apache-2.0
#include "accuracy_check.hpp"

#include <fmt/format.h>

#include "bound_check.hpp"
#include "finding.hpp"
#include "stats/mcnemar.hpp"
#include "stats/sample_size.hpp"

namespace tinyhil {
namespace {

std::string compared(double difference, const AccuracyLimit& limit) {
  const std::string text = points(difference, limit.margin);
  if (text == "0") return "equally accurate";
  return text.substr(1) + (difference < 0 ? " points worse" : " points better");
}

std::string sentence(const Check& check, const PairedScore& score, const AccuracyLimit& limit) {
  const Pairs& pairs = score.pairs;
  const double mid_p =
      mcnemar_mid_p(static_cast<std::uint64_t>(pairs.lost), static_cast<std::uint64_t>(pairs.gained));
  return fmt::format(
      "{} is {} ({} interval {} .. {}, n = {}); at most {:.4g} allowed; {} right became {}, {} lost, {} "
      "gained, "
      "McNemar mid-p {:.2g}",
      check.subject, compared(*check.estimate, limit), percent(check.confidence),
      points(check.interval->low, limit.margin), points(check.interval->high, limit.margin), check.n,
      100 * limit.margin, percent_of(score.baseline_right, pairs.n),
      percent_of(score.candidate_right, pairs.n), pairs.lost, pairs.gained, mid_p);
}

}  // namespace

Check accuracy_check(const std::string& subject, const PairedScore& score, const AccuracyLimit& limit,
                     bool worse) {
  Check check;
  check.subject = subject;
  check.n = static_cast<std::uint64_t>(score.pairs.n);
  check.unit = "ratio";
  check.estimate = score.pairs.difference();
  check.interval =
      Interval{lower_bound(score.pairs, 1 - limit.alpha), upper_bound(score.pairs, 1 - limit.alpha)};
  check.confidence = 1 - 2 * limit.alpha;
  check.limit = -limit.margin;
  check.reason = sentence(check, score, limit);
  if (check.interval->low > -limit.margin) {
    check.outcome = Outcome::pass;
  } else if (worse) {
    check.outcome = Outcome::fail;
  } else {
    check.outcome = Outcome::inconclusive;
    check.more_vectors = more_vectors(score.pairs, limit.margin, limit.alpha);
    check.reason += what_would_help(check);
  }
  return check;
}

std::string accuracy_method(const Evidence& evidence) {
  return fmt::format(
      "paired accuracy, Tango score bounds, each one-sided at {} (together a two-sided {} interval){}",
      percent(1 - evidence.alpha), percent(1 - 2 * evidence.alpha), independence_note(evidence.vectors));
}

}  // namespace tinyhil
