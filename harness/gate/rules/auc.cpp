// SPDX-License-Identifier: Apache-2.0
// {test: auc, class: yes, margin: 1 %}: the area under the ROC curve of one class's score, which looks at
// every threshold at once, is at most `margin` below the baseline's (1 % of the area of a perfect model).
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "gate/bound_check.hpp"
#include "gate/finding.hpp"
#include "gate/gate.hpp"
#include "gate/named.hpp"
#include "gate/rules/keys.hpp"
#include "stats/delong.hpp"

namespace tinyhil {
namespace {

// A vector that the candidate did not answer ranks as the worst for it and as the best for the baseline, so
// failing never pays. Returns how many there are.
std::size_t rank_unanswered_last(ClassScores& scores, const Evidence& evidence, std::size_t label) {
  constexpr double kHighest = std::numeric_limits<double>::infinity();
  const std::size_t answered = scores.candidate.size();
  for (std::size_t i = 0; i < evidence.candidate.predicted.size(); ++i) {
    if (evidence.candidate.predicted[i] < evidence.vectors.classes.size()) continue;
    const bool is_class = evidence.vectors.labels[i] == label;
    scores.candidate.push_back(is_class ? -kHighest : kHighest);
    scores.baseline.push_back(is_class ? kHighest : -kHighest);
    scores.is_class.push_back(is_class);
  }
  return scores.candidate.size() - answered;
}

class Auc final : public Rule {
 public:
  explicit Auc(const Section& section) : class_(section.text("class")), margin_(read_margin(section)) {}

  Finding judge(const Evidence& evidence) const override {
    const std::string method =
        fmt::format("difference of paired areas under the ROC curve, DeLong's bounds, each one-sided at {}{}",
                    percent(1 - evidence.alpha), independence_note(evidence.vectors));
    const auto label = class_named(class_, evidence.vectors);
    if (!label) return conclude(method, {no_such_class(class_, evidence.vectors)});
    ClassScores scores = evidence.comparison.scores ? evidence.comparison.scores(*label) : ClassScores{};
    if (scores.candidate.empty())
      return conclude(method, {error_check(subject(), "the scores are not known: run with `results: full`")});
    const std::size_t unanswered = rank_unanswered_last(scores, evidence, *label);
    return conclude(method, {check_of(scores, unanswered, evidence.alpha)});
  }

  std::vector<Term> terms() const override { return {looser_if_higher("margin", margin_)}; }

 private:
  std::string subject() const { return "AUC of `" + class_ + "`"; }

  Check check_of(const ClassScores& scores, std::size_t unanswered, double alpha) const {
    const std::uint64_t n = scores.is_class.size();
    const auto positives = static_cast<std::uint64_t>(std::ranges::count(scores.is_class, true));
    if (std::min(positives, n - positives) < 2) return too_few(positives, n);
    const std::optional<AucDifference> found = delong(scores);
    if (!found) return error_check(subject(), "a score is not a number");
    Check check = check_above(subject(), n, {found->difference(), found->bounds(1 - alpha), -margin_, alpha});
    check.reason = fmt::format(
        "{} is {:.4f} against {:.4f} of the baseline, {} points ({} interval {} .. {}, n = {}, {} of the "
        "class); at most {:.4g} less allowed{}{}{}",
        subject(), found->candidate, found->baseline, points(found->difference(), margin_),
        percent(check.confidence), points(check.interval->low, margin_),
        points(check.interval->high, margin_), n, positives, 100 * margin_,
        unanswered == 0 ? "" : fmt::format("; {} vectors without an answer rank last", unanswered),
        found->se == 0 ? "; both order all pairs alike, so the interval tells what so many pairs can show"
                       : "",
        what_would_help(check));
    return check;
  }

  Check too_few(std::uint64_t positives, std::uint64_t n) const {
    Check check;
    check.subject = subject();
    check.outcome = Outcome::inconclusive;
    check.n = n;
    check.unit = "ratio";
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

}  // namespace tinyhil
