// SPDX-License-Identifier: Apache-2.0
#include "accuracy_evidence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "finding.hpp"
#include "group_evidence.hpp"
#include "named.hpp"
#include "sample.hpp"
#include "stats/disagreement_first.hpp"
#include "stats/e_process.hpp"
#include "stats/sample_size.hpp"
#include "stats/sprt.hpp"

namespace tinyhil::gate {
namespace {

constexpr const char* kAnyTime = "interval that holds at all looks";  // a confidence sequence

stats::Betting betting_of(const Evidence& evidence, double margin) {
  const std::optional<double>& discordance = evidence.sample.sampling.discordance;
  return discordance ? stats::Betting(margin, *discordance) : stats::Betting(margin);
}

double level_of(const Evidence& evidence) {
  return level_of_look(evidence.sample, evidence.total_alpha, evidence.vectors.count);
}

std::string copies_note(const VectorSet& vectors) {
  if (vectors.copies == 0) return "";
  return fmt::format("; {} vectors equal an earlier one and are in its group", vectors.copies);
}

// What groups add to evidence that may be looked at at any time.
std::string confirmation(const VectorSet& vectors) {
  if (!shares_groups(vectors)) return "";
  return fmt::format(
      "; vectors of one {} are not independent: counts are scaled to what they are worth (design effect), "
      "and a pass has to be shown by {} too, at this look's share of alpha{}",
      vectors.group_unit, kWayOfGroups, copies_note(vectors));
}

// At planned looks.
std::string bounds_of(const VectorSet& vectors) {
  const std::string measure = vectors.task->traits().measure;
  if (!shares_groups(vectors))
    return fmt::format("paired {}, Gaffke's bounds of the mean difference", measure);
  return fmt::format("paired {}, {}, for vectors of one {} are not independent{}", measure, kWayOfGroups,
                     vectors.group_unit, copies_note(vectors));
}

// Markov's inequality: an e-value e has p <= 1/e.
double p_of(double log_e) { return std::min(1.0, std::exp(-log_e)); }

AccuracyEvidence by_bounds(const PairedScore& score, double margin, double alpha) {
  if (score.groups.any()) return group_evidence(score, margin, alpha);
  AccuracyEvidence shown;
  shown.alpha = shown.alpha_of_many = alpha;
  shown.bounds = {stats::lower_bound(score.pairs, 1 - alpha), stats::upper_bound(score.pairs, 1 - alpha)};
  shown.is_good = shown.bounds.low > -margin;
  shown.p_worse = stats::p_worse(score.pairs, margin);
  shown.more_vectors = stats::more_vectors(score.pairs, margin, alpha);
  return shown;
}

// In the far tails that an adjustment for many values asks for, looks hang together less than the level takes
// into account: there the errors of looks are added up.
AccuracyEvidence at_planned_look(const Evidence& evidence, const PairedScore& score, double margin) {
  AccuracyEvidence shown = by_bounds(score, margin, level_of(evidence));
  shown.bounds_are = "interval of this look";
  shown.alpha_of_many = evidence.alpha;
  return shown;
}

AccuracyEvidence by_betting(const Evidence& evidence, const PairedScore& score, double margin) {
  const stats::Betting betting = betting_of(evidence, margin);
  const stats::EValues e = betting.of(score.worth);
  AccuracyEvidence shown;
  shown.alpha = shown.alpha_of_many = evidence.total_alpha;
  shown.bounds_are = kAnyTime;
  shown.bounds = betting.confidence_sequence(score.worth, shown.alpha);
  shown.is_good = stats::is_evidence(e.log_pass, shown.alpha);
  shown.p_worse = p_of(e.log_fail);
  shown.more_vectors = betting.more_vectors(score.worth, shown.alpha);
  return shown;
}

AccuracyEvidence about_this_set(const Evidence& evidence, const PairedScore& score, double margin) {
  const stats::FiniteDraws draws{score.differences, score.of_set};
  const stats::Betting betting = betting_of(evidence, margin);
  const stats::EValues e = stats::finite_values(betting, draws, -margin);
  AccuracyEvidence shown;
  shown.alpha = shown.alpha_of_many = evidence.total_alpha;
  shown.bounds_are = kAnyTime;
  shown.bounds = stats::finite_bounds(betting, draws, shown.alpha);
  shown.is_good = stats::is_evidence(e.log_pass, shown.alpha);
  shown.p_worse = p_of(e.log_fail);
  const std::uint64_t rest = score.of_set - score.differences.size();
  if (rest > 0)
    shown.more_vectors = std::min(betting.more_vectors(score.pairs, shown.alpha).value_or(rest), rest);
  return shown;
}

AccuracyEvidence with_disagreements_first(const Evidence& evidence, const PairedScore& score, double margin) {
  AccuracyEvidence shown;
  shown.alpha = shown.alpha_of_many = evidence.total_alpha;
  shown.bounds_are = kAnyTime;
  shown.bounds = stats::bounds_at_any_time(score.apart, shown.alpha);
  shown.is_good = stats::p_not_worse(score.apart, margin) < shown.alpha;
  shown.p_worse = stats::p_worse(score.apart, margin);
  shown.more_vectors = stats::more_vectors(score.apart, margin, shown.alpha);
  return shown;
}

// The test itself has no bounds. Those beside it are the bets': a campaign stops where the ratio is far out,
// and there bounds made for one look miss twice as often as they say. Where the models disagree more often
// than was stated, the test would pass what it must not: then nothing passes, and bets alone can fail.
AccuracyEvidence by_ratio(const Evidence& evidence, const PairedScore& score, double margin) {
  AccuracyEvidence shown = by_betting(evidence, score, margin);
  const double discordance = *evidence.sample.sampling.discordance;
  if (margin >= discordance) return shown;  // the SPRT does not exist there
  const stats::Sprt test = stats::sprt(margin, discordance, evidence.total_alpha, stats::kSprtBeta);
  const double ratio = test.ratio(score.worth);
  const bool holds = test.holds_for(score.worth);
  shown.is_good = holds && ratio >= test.accept;
  if (holds) shown.p_worse = ratio <= test.reject ? 0 : 1;
  shown.more_vectors.reset();
  return shown;
}

}  // namespace

AccuracyEvidence accuracy_evidence(const Evidence& evidence, const PairedScore& score, double margin) {
  if (evidence.sample.sampling.order == DrawOrder::disagreement_first)
    return with_disagreements_first(evidence, score, margin);
  const auto over_groups_too = [&](AccuracyEvidence shown) {
    confirm_over_groups(score, margin, evidence.alpha, shown);
    return shown;
  };
  switch (evidence.sample.sampling.stop) {
    case StopRule::e_process:
      return evidence.sample.sampling.claim == Claim::this_set
                 ? about_this_set(evidence, score, margin)
                 : over_groups_too(by_betting(evidence, score, margin));
    case StopRule::sprt:
      return over_groups_too(by_ratio(evidence, score, margin));
    case StopRule::group_sequential:
      return at_planned_look(evidence, score, margin);
    case StopRule::never:
      break;
  }
  return by_bounds(score, margin, evidence.alpha);
}

std::string accuracy_method(const Evidence& evidence) {
  const sampling::Sampling& sampling = evidence.sample.sampling;
  if (sampling.order == DrawOrder::disagreement_first) {
    return fmt::format(
        "paired accuracy over this vector set: all {} vectors on which the host's outputs differ, and of the "
        "others a random sample, where losses and gains are bounded by a mixture likelihood ratio, valid at "
        "whatever time one looks, each one-sided at {}",
        evidence.sample.chosen, percent(1 - evidence.total_alpha));
  }
  const std::string levels =
      fmt::format("each one-sided at {} (together a two-sided {} interval)",
                  percent(1 - evidence.total_alpha), percent(1 - 2 * evidence.total_alpha));
  const std::string confirmed = sampling.claim == Claim::this_set ? "" : confirmation(evidence.vectors);
  switch (sampling.stop) {
    case StopRule::e_process:
      return fmt::format(
          "paired {}, betting e-process, valid at whatever time one looks, {}; the claim is about {}{}",
          evidence.vectors.task->traits().measure, levels,
          sampling.claim == Claim::this_set ? "this vector set" : "vectors like these", confirmed);
    case StopRule::sprt:
      return fmt::format(
          "paired accuracy, SPRT on disagreements expected on at most {} of the vectors, which cannot pass "
          "while there are more; by chance {} of equal candidates fail; bounds beside it by a betting "
          "confidence sequence, wider than the test and valid at whatever time it stops, {}{}",
          percent(sampling.discordance.value_or(0)), percent(stats::kSprtBeta), levels, confirmed);
    case StopRule::group_sequential:
      return fmt::format("{}, each one-sided at {} at this look of at most 5, which together spend {}",
                         bounds_of(evidence.vectors), percent(1 - level_of(evidence)),
                         percent(evidence.total_alpha));
    case StopRule::never:
      break;
  }
  return bounds_of(evidence.vectors) + ", " + levels;
}

}  // namespace tinyhil::gate
