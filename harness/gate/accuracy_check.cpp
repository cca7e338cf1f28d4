// SPDX-License-Identifier: Apache-2.0
#include "accuracy_check.hpp"

#include <fmt/format.h>

#include <cmath>

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

// Vectors of one group are worth less than as many independent ones.
std::string worth_note(const PairedScore& score) {
  if (score.worth.n == score.pairs.n) return "";
  return fmt::format(" in groups worth {:.0f} independent ones", score.worth.n);
}

// More groups like those seen: as many vectors more as their worth is short.
std::optional<std::uint64_t> more_in_groups(const PairedScore& score, const AccuracyLimit& limit) {
  const auto more = more_vectors(score.worth, limit.margin, limit.alpha);
  if (!more || score.worth.n == score.pairs.n) return more;
  return static_cast<std::uint64_t>(std::ceil(static_cast<double>(*more) * score.pairs.n / score.worth.n));
}

std::string group_note(const VectorSet& vectors) {
  if (vectors.group.empty()) return "";
  const std::string copies =
      vectors.copies == 0
          ? ""
          : fmt::format("; {} vectors equal an earlier one and are in its group", vectors.copies);
  return "; vectors of one group are not independent, so the counts are scaled to what the groups are worth "
         "(design effect)" +
         copies;
}

std::string sentence(const Check& check, const PairedScore& score, const AccuracyLimit& limit) {
  const Pairs& pairs = score.pairs;
  const double mid_p =
      mcnemar_mid_p(static_cast<std::uint64_t>(pairs.lost), static_cast<std::uint64_t>(pairs.gained));
  return fmt::format(
      "{} is {} ({} interval {} .. {}, n = {}{}); at most {:.4g} allowed; {} right became {}, {} lost, {} "
      "gained, "
      "McNemar mid-p {:.2g}",
      check.subject, compared(*check.estimate, limit), percent(check.confidence),
      points(check.interval->low, limit.margin), points(check.interval->high, limit.margin), check.n,
      worth_note(score), 100 * limit.margin, percent_of(score.baseline_right, pairs.n),
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
      Interval{lower_bound(score.worth, 1 - limit.alpha), upper_bound(score.worth, 1 - limit.alpha)};
  check.confidence = 1 - 2 * limit.alpha;
  check.limit = -limit.margin;
  check.reason = sentence(check, score, limit);
  if (check.interval->low > -limit.margin) {
    check.outcome = Outcome::pass;
  } else if (worse) {
    check.outcome = Outcome::fail;
  } else {
    check.outcome = Outcome::inconclusive;
    check.more_vectors = more_in_groups(score, limit);
    check.reason += what_would_help(check);
  }
  return check;
}

std::string accuracy_method(const Evidence& evidence) {
  return fmt::format(
      "paired accuracy, Tango score bounds, each one-sided at {} (together a two-sided {} interval){}",
      percent(1 - evidence.alpha), percent(1 - 2 * evidence.alpha), group_note(evidence.vectors));
}

}  // namespace tinyhil
