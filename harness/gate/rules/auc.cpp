// SPDX-License-Identifier: Apache-2.0
// {test: auc, class: yes, margin: 1 %}: the area under the ROC curve of one class's score, which looks at
// every threshold at once, is at most `margin` below the baseline's (1 % of the area of a perfect model).
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "gate/gate.hpp"
#include "gate/internal/bound_check.hpp"
#include "gate/internal/finding.hpp"
#include "gate/internal/named.hpp"
#include "gate/rules/keys.hpp"
#include "stats/auc_bounds.hpp"
#include "stats/delong.hpp"
#include "stats/rates.hpp"

namespace tinyhil::gate {
namespace {

constexpr double kMostToLose = 0.5;  // from an area of 1 to one of chance

bool has_class(const Evidence& evidence, std::size_t vector) {
  return evidence.candidate.answers[vector] == Answer::given;
}

// A vector that the candidate did not answer ranks as the worst for it and as the best for the baseline, so
// failing never pays. Returns how many there are.
std::size_t rank_unanswered_last(ClassScores& scores, const Evidence& evidence, std::size_t label) {
  constexpr double kHighest = std::numeric_limits<double>::infinity();
  const std::size_t answered = scores.candidate.size();
  for (std::size_t i = 0; i < evidence.candidate.answers.size(); ++i) {
    if (!was_run(evidence.candidate, i) || has_class(evidence, i)) continue;
    const bool is_class = evidence.vectors.labels[i] == label;
    scores.candidate.push_back(is_class ? -kHighest : kHighest);
    scores.baseline.push_back(is_class ? kHighest : -kHighest);
    scores.is_class.push_back(is_class);
  }
  return scores.candidate.size() - answered;
}

// [score] as the scores come: vectors with an answer, then those without.
std::vector<std::uint32_t> group_numbers(const Evidence& evidence) {
  std::vector<std::uint32_t> groups;
  if (evidence.vectors.group.empty()) return groups;
  for (const bool answered : {true, false}) {
    for (std::size_t i = 0; i < evidence.candidate.answers.size(); ++i) {
      if (was_run(evidence.candidate, i) && has_class(evidence, i) == answered)
        groups.push_back(evidence.vectors.group[i]);
    }
  }
  return groups;
}

Interval wider(const Interval& a, const Interval& b) {
  return {std::min(a.low, b.low), std::max(a.high, b.high)};
}

class Auc final : public Rule {
 public:
  explicit Auc(const Section& section) : class_(section.text("class")), margin_(read_margin(section)) {}

  Finding judge(const Evidence& evidence) const override {
    const std::string method = fmt::format(
        "difference of paired areas under the ROC curve, the wider of DeLong's bounds and of those by "
        "the placements of either kind of vectors, which hold for rare failures{}, each one-sided at "
        "{}",
        evidence.vectors.group.empty() ? "" : ", counted by group", percent(1 - evidence.alpha));
    const auto label = class_named(class_, evidence.vectors);
    if (!label) return conclude(method, {no_such_class(class_, evidence.vectors)});
    ClassScores scores = evidence.comparison.scores ? evidence.comparison.scores(*label) : ClassScores{};
    if (scores.candidate.empty())
      return conclude(method, {error_check(subject(), "the scores are not known: run with `results: full`")});
    const std::size_t unanswered = rank_unanswered_last(scores, evidence, *label);
    return conclude(method, {check_of(scores, group_numbers(evidence), unanswered, evidence.alpha)});
  }

  std::vector<Mistake> mistakes(const Known& known) const override {
    std::vector<Mistake> found;
    need_scores(known, found);
    need_class(known, class_, found);
    if (known.top_k > 0) {
      found.push_back({"the area under the ROC curve takes every score, and the results are top-k",
                       "write `results: full` in the campaign"});
    }
    if (margin_ >= kMostToLose) {
      found.push_back(
          {fmt::format("`margin: {}` cannot fail: between a perfect model and one that guesses lie {}",
                       percent(margin_), percent(kMostToLose)),
           "write a smaller one", kLimitsCheck});
    }
    return found;
  }

  bool needs_labels() const override { return true; }

  std::vector<Term> terms() const override { return {looser_if_higher("margin", margin_)}; }

 private:
  std::string subject() const { return "AUC of `" + class_ + "`"; }

  Check check_of(const ClassScores& scores, const std::vector<std::uint32_t>& groups, std::size_t unanswered,
                 double alpha) const {
    const std::uint64_t n = scores.is_class.size();
    const auto positives = static_cast<std::uint64_t>(std::ranges::count(scores.is_class, true));
    if (std::min(positives, n - positives) < 2) return too_few(positives, n);
    const std::optional<stats::AucDifference> found = stats::delong(scores);
    if (!found) return error_check(subject(), "a score is not a number");
    const Interval bounds = wider(found->bounds(1 - alpha), stats::auc_bounds(scores, groups, 1 - alpha));
    Check check = check_above(subject(), n, {found->difference(), bounds, -margin_, alpha});
    const std::string least = least_needed(check, positives, alpha);
    check.reason = fmt::format(
        "{} is {:.4f} against {:.4f} of the baseline, {} points ({} interval {} .. {}, n = {}, {} of the "
        "class); at most {:.4g} less allowed{}{}{}",
        subject(), found->candidate, found->baseline, points(found->difference(), margin_),
        percent(check.confidence), points(check.interval->low, margin_),
        points(check.interval->high, margin_), n, positives, 100 * margin_,
        unanswered == 0 ? "" : fmt::format("; {} vectors without an answer rank last", unanswered),
        found->se == 0 ? "; both order all pairs alike, so the interval tells what so many vectors can show"
                       : "",
        least.empty() ? what_would_help(check) : least);
    return check;
  }

  // A failure that is not among n vectors may still be 3/n of them: below some number of the class nothing
  // but a better candidate can pass.
  std::string least_needed(Check& check, std::uint64_t positives, double alpha) const {
    if (check.outcome != Outcome::inconclusive) return "";
    const std::uint64_t others = check.n - positives;
    const std::uint64_t least = stats::fewest_of_class(margin_, others, 1 - alpha);
    if (least == 0) {
      return fmt::format(
          "; undecided: {} vectors of other classes are too few for this margin, at least {} are needed",
          others, stats::fewest_without_event(margin_, 1 - alpha) + 1);
    }
    if (positives >= least) return "";
    check.more_vectors = least - positives;
    return fmt::format(
        "; undecided: at least {} vectors of the class are needed for this margin, {} more, even "
        "when not one of them ranks lower",
        least, *check.more_vectors);
  }

  Check too_few(std::uint64_t positives, std::uint64_t n) const {
    Check check;
    check.subject = subject();
    check.outcome = Outcome::inconclusive;
    check.n = n;
    check.unit = Unit::ratio;
    check.limit = -margin_;
    check.reason = fmt::format(
        "{} is undefined: {} of {} vectors are of the class, and at least 2 of it and 2 "
        "others are needed",
        subject(), positives, n);
    return check;
  }

  std::string class_;
  double margin_;
};

}  // namespace

std::unique_ptr<Rule> make_auc(const Section& section) { return std::make_unique<Auc>(section); }

}  // namespace tinyhil::gate
