// SPDX-License-Identifier: Apache-2.0
#include "accuracy_check.hpp"

#include <fmt/format.h>

#include <cmath>

#include "bound_check.hpp"
#include "finding.hpp"
#include "stats/mcnemar.hpp"

namespace tinyhil {
namespace {

std::string compared(double difference, double margin) {
  const std::string text = points(difference, margin);
  if (text == "0") return "equally accurate";
  return text.substr(1) + (difference < 0 ? " points worse" : " points better");
}

// Vectors of one group are worth less than as many independent ones.
std::string worth_note(const PairedScore& score) {
  if (score.worth.n == score.pairs.n) return "";
  return fmt::format(" in groups worth {:.0f} independent ones", score.worth.n);
}

// Shares of the vectors that were run would say little of the set: the chosen ones are too many of them.
std::string sentence_apart(const Check& check, const DisagreementFirst& apart, double margin) {
  return fmt::format(
      "{} is {} over the {} vectors of this set ({} interval {} .. {}; n = {}: {} of the {} on which the "
      "host's "
      "outputs differ, {} lost, {} gained, and {} of the {} others, {} lost, {} gained); at most {:.4g} "
      "allowed",
      check.subject, compared(*check.estimate, margin), apart.all, percent(check.confidence),
      points(check.interval->low, margin), points(check.interval->high, margin), check.n,
      apart.predicted - apart.waiting, apart.predicted, apart.lost, apart.gained, apart.sampled,
      apart.all - apart.predicted, apart.sampled_lost, apart.sampled_gained, 100 * margin);
}

std::string sentence(const Check& check, const PairedScore& score, double margin) {
  if (score.apart.all > 0) return sentence_apart(check, score.apart, margin);
  const Pairs& pairs = score.pairs;
  const double mid_p =
      mcnemar_mid_p(static_cast<std::uint64_t>(pairs.lost), static_cast<std::uint64_t>(pairs.gained));
  return fmt::format(
      "{} is {} ({} interval {} .. {}, n = {}{}); at most {:.4g} allowed; {} right became {}, {} lost, {} "
      "gained, "
      "McNemar mid-p {:.2g}",
      check.subject, compared(*check.estimate, margin), percent(check.confidence),
      points(check.interval->low, margin), points(check.interval->high, margin), check.n, worth_note(score),
      100 * margin, percent_of(score.baseline_right, pairs.n), percent_of(score.candidate_right, pairs.n),
      pairs.lost, pairs.gained, mid_p);
}

}  // namespace

Check accuracy_check(const PairedSubject& subject, const AccuracyEvidence& shown, double margin, bool worse) {
  Check check;
  check.subject = subject.name;
  check.n = static_cast<std::uint64_t>(subject.score.pairs.n);
  check.unit = "ratio";
  const DisagreementFirst& apart = subject.score.apart;
  check.estimate = apart.all > 0 ? apart.difference() : subject.score.pairs.difference();
  check.interval = shown.bounds;
  check.confidence = 1 - 2 * shown.alpha;
  check.limit = -margin;
  check.reason = sentence(check, subject.score, margin);
  if (shown.is_good) {
    check.outcome = Outcome::pass;
  } else if (worse) {
    check.outcome = Outcome::fail;
  } else {
    check.outcome = Outcome::inconclusive;
    check.more_vectors = shown.more_vectors;
    check.reason += what_would_help(check);
  }
  return check;
}

}  // namespace tinyhil
