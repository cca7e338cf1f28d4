// SPDX-License-Identifier: Apache-2.0
#include "accuracy_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bound_check.hpp"
#include "finding.hpp"

namespace tinyhil::gate {
namespace {

std::string compared(double difference, double margin) {
  const std::string text = points(difference, margin);
  if (text == "0") return "equally accurate";
  return text.substr(1) + (difference < 0 ? " points worse" : " points better");
}

// "n = 600", or "600 vectors from 98 speakers, as much evidence as 123 independent ones".
std::string counted(const PairedScore& score) {
  if (!score.groups.any() || score.groups.are_vectors) return fmt::format("n = {}", score.pairs.n);
  return fmt::format("{} vectors from {}, as much evidence as {:.0f} independent ones", score.pairs.n,
                     score.groups.told(), std::max(1.0, score.worth.n));
}

std::string before_and_after(const PairedScore& score) {
  const stats::Pairs& pairs = score.pairs;
  const std::string before = percent_of(score.baseline_right, pairs.n),
                    after = percent_of(score.candidate_right, pairs.n);
  if (!score.is_right_or_wrong)
    return fmt::format("on average {} of the full score became {}", before, after);
  return fmt::format("{} right became {}, {} lost, {} gained", before, after, pairs.lost, pairs.gained);
}

// Shares of the vectors that were run would say little of the set: the chosen ones are too many of them.
std::string sentence_apart(const Check& check, const stats::DisagreementFirst& apart, const char* bounds_are,
                           double margin) {
  return fmt::format(
      "{} is {} over the {} vectors of this set ({} {} {} .. {}; n = {}: {} of the {} on which the "
      "host's "
      "outputs differ, {} lost, {} gained, and {} of the {} others, {} lost, {} gained); at most {:.4g} "
      "allowed",
      check.subject, compared(*check.estimate, margin), apart.all, percent(check.confidence), bounds_are,
      points(check.interval->low, margin), points(check.interval->high, margin), check.n,
      apart.predicted - apart.waiting, apart.predicted, apart.lost, apart.gained, apart.sampled,
      apart.all - apart.predicted, apart.sampled_lost, apart.sampled_gained, 100 * margin);
}

std::string sentence(const Check& check, const PairedScore& score, const char* bounds_are, double margin) {
  if (score.apart.all > 0) return sentence_apart(check, score.apart, bounds_are, margin);
  return fmt::format("{} is {} ({} {} {} .. {}, {}); at most {:.4g} allowed; {}", check.subject,
                     compared(*check.estimate, margin), percent(check.confidence), bounds_are,
                     points(check.interval->low, margin), points(check.interval->high, margin),
                     counted(score), 100 * margin, before_and_after(score));
}

}  // namespace

Check accuracy_check(const PairedSubject& subject, const AccuracyEvidence& shown, double margin, bool worse) {
  Check check;
  check.subject = subject.name;
  check.n = static_cast<std::uint64_t>(subject.score.pairs.n);
  check.unit = Unit::ratio;
  const stats::DisagreementFirst& apart = subject.score.apart;
  check.estimate = apart.all > 0 ? apart.difference() : subject.score.pairs.difference();
  check.interval = shown.bounds;
  check.confidence = 1 - 2 * shown.alpha;
  check.limit = -margin;
  check.reason = sentence(check, subject.score, shown.bounds_are, margin);
  if (shown.is_good) {
    check.outcome = Outcome::pass;
  } else if (worse) {
    check.outcome = Outcome::fail;
  } else {
    check.outcome = Outcome::inconclusive;
    check.more_vectors = shown.more_vectors;
    if (subject.score.groups.any()) ask_for_groups(check, subject.score.groups, shown.more_groups);
    check.reason += shown.why_not_enough + what_would_help(check);
  }
  return check;
}

}  // namespace tinyhil::gate
