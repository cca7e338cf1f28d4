// SPDX-License-Identifier: Apache-2.0
#include "sense.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "finding.hpp"
#include "sample.hpp"
#include "stats/normal.hpp"
#include "stats/paired_mean.hpp"

namespace tinyhil::gate {
namespace {

constexpr std::uint64_t kFewest = 5;    // of a class, before its answers say anything
constexpr double kMuchBetter = 0.1;     // points of accuracy: swapped
constexpr double kOtherOrder = 0.2;     // points of accuracy that other labels would gain
constexpr double kMayLookAgain = 0.01;  // of alpha, where a campaign is looked at more than once

// What one model answered to the vectors of each class. Vectors without an answer are in no count.
class Answers {
 public:
  Answers(const Scorecard& card, const VectorSet& vectors)
      : classes_(vectors.classes.size()), counts_(classes_ * classes_) {
    for (std::size_t i = 0; i < card.predicted.size() && i < vectors.labels.size(); ++i)
      if (card.predicted[i] < classes_) ++counts_[vectors.labels[i] * classes_ + card.predicted[i]];
  }

  std::size_t classes() const { return classes_; }
  std::uint64_t of(std::size_t label, std::size_t answer) const { return counts_[label * classes_ + answer]; }
  std::uint64_t found(std::size_t label) const { return of(label, label); }

  std::uint64_t labelled(std::size_t label) const {
    std::uint64_t sum = 0;
    for (std::size_t answer = 0; answer < classes_; ++answer) sum += of(label, answer);
    return sum;
  }
  std::uint64_t answered(std::size_t answer) const {
    std::uint64_t sum = 0;
    for (std::size_t label = 0; label < classes_; ++label) sum += of(label, answer);
    return sum;
  }
  std::uint64_t all() const { return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0}); }
  std::uint64_t right() const {
    std::uint64_t sum = 0;
    for (std::size_t label = 0; label < classes_; ++label) sum += found(label);
    return sum;
  }
  std::size_t largest_class() const {
    std::size_t largest = 0;
    for (std::size_t label = 1; label < classes_; ++label)
      if (labelled(label) > labelled(largest)) largest = label;
    return largest;
  }
  std::size_t most_frequent_answer_to(std::size_t label) const {
    std::size_t most = 0;
    for (std::size_t answer = 1; answer < classes_; ++answer)
      if (of(label, answer) > of(label, most)) most = answer;
    return most;
  }

 private:
  std::size_t classes_;
  std::vector<std::uint64_t> counts_;  // [label * classes + answer]
};

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

// The mean of the classes' recalls is 1 / classes for whoever does not look, be the classes rare or not.
// Each recall is moved towards that as by one more vector a class, one of them right, so that few vectors
// prove nothing.
bool looks_at_vectors(const Answers& answers, double alpha) {
  double classes = 0;
  for (std::size_t label = 0; label < answers.classes(); ++label) classes += answers.labelled(label) > 0;
  if (classes < 2) return false;
  double mean = 0, variance = 0;
  for (std::size_t label = 0; label < answers.classes(); ++label) {
    if (answers.labelled(label) == 0) continue;
    const double n = static_cast<double>(answers.labelled(label)) + classes;
    const double recall = static_cast<double>(answers.found(label) + 1) / n;
    mean += recall;
    variance += recall * (1 - recall) / n;
  }
  return mean / classes - stats::normal_quantile(1 - alpha) * std::sqrt(variance) / classes > 1 / classes;
}

std::optional<std::string> no_better_than_chance(const Answers& baseline, const Evidence& evidence) {
  const std::size_t largest = baseline.largest_class();
  if (baseline.labelled(largest) == baseline.all())
    return std::nullopt;  // one class occurs: only_one_class()
  const std::uint64_t always = baseline.labelled(largest), n = baseline.all();
  if (n == 0 || baseline.right() > always || looks_at_vectors(baseline, evidence.total_alpha))
    return std::nullopt;
  return fmt::format(
      "the baseline `{}` is right on {} of {} vectors and guessing `{}` each time on {}: it is not "
      "shown to be better than chance, so that to be as good as it means nothing; are the labels, "
      "or the order of the classes, those of the model?",
      evidence.baseline.info.model, baseline.right(), n, evidence.vectors.classes[largest], always);
}

// No senseless set: background alone counts false alarms. But it cannot tell a model that never answers
// anything else.
std::optional<std::string> only_one_class(const VectorSet& vectors) {
  const auto other =
      std::ranges::find_if(vectors.labels, [&](auto label) { return label != vectors.labels.front(); });
  if (vectors.labels.empty() || other != vectors.labels.end()) return std::nullopt;
  return fmt::format(
      "all vectors are of class `{0}`: a model that answers `{0}` to everything would be right each time",
      vectors.classes[vectors.labels.front()]);
}

// The answers to each class are mostly one and the same, to no two classes the same, and not the class
// itself.
std::optional<std::string> other_order(const Answers& baseline, const Evidence& evidence) {
  std::vector<bool> taken(baseline.classes());
  std::uint64_t by_other = 0;
  std::string words;
  for (std::size_t label = 0; label < baseline.classes(); ++label) {
    if (baseline.labelled(label) == 0) continue;
    const std::size_t answer = baseline.most_frequent_answer_to(label);
    if (taken[answer] || baseline.labelled(label) < kFewest) return std::nullopt;
    taken[answer] = true;
    by_other += baseline.of(label, answer);
    if (answer != label && words.empty())
      words = fmt::format("vectors labelled `{}` are mostly answered `{}`", evidence.vectors.classes[label],
                          evidence.vectors.classes[answer]);
  }
  const double gain = share(by_other, baseline.all()) - share(baseline.right(), baseline.all());
  if (words.empty() || gain < kOtherOrder) return std::nullopt;
  return fmt::format(
      "the labels seem to be in another order than the outputs of the baseline `{}`: {}, and with the "
      "classes put in the order of its answers {} of {} vectors are right instead of {}",
      evidence.baseline.info.model, words, by_other, baseline.all(), baseline.right());
}

std::optional<std::string> one_answer(const Answers& answers, const Scorecard& card, const char* who,
                                      const VectorSet& vectors) {
  const std::uint64_t n = answers.all();
  for (std::size_t answer = 0; answer < answers.classes(); ++answer) {
    if (answers.answered(answer) != n || n - answers.labelled(answer) < kFewest) continue;
    return fmt::format("the {} `{}` answers `{}` to all {} vectors, of which {} are of other classes", who,
                       card.info.model, vectors.classes[answer], n, n - answers.labelled(answer));
  }
  return std::nullopt;
}

struct LostClass {
  std::string words;
  bool is_shown = false;  // beyond chance
};

// If nothing had changed, each vector that only one model finds would be as likely the candidate's.
std::vector<LostClass> lost_classes(const Answers& candidate, const Answers& baseline,
                                    const Evidence& evidence) {
  const double level = (evidence.sample.sampling.is_all_at_once() ? 1 : kMayLookAgain) * evidence.total_alpha;
  std::vector<LostClass> lost;
  for (std::size_t label = 0; label < baseline.classes(); ++label) {
    const std::uint64_t found = baseline.found(label);
    if (found == 0 || candidate.found(label) > 0 || candidate.all() == 0) continue;
    const double p = std::pow(0.5, static_cast<double>(found)) * static_cast<double>(baseline.classes());
    lost.push_back({fmt::format("the candidate finds none of the {} vectors of class `{}`, the baseline {}",
                                baseline.labelled(label), evidence.vectors.classes[label], found),
                    p < level});
  }
  return lost;
}

std::optional<std::string> far_better(const Evidence& evidence) {
  const PairCounts& all = evidence.comparison.all;
  const stats::Pairs pairs{static_cast<double>(all.lost), static_cast<double>(all.gained),
                           static_cast<double>(all.n())};
  if (all.n() == 0 || all.gained == 0) return std::nullopt;
  const double bound = stats::lower_bound(pairs, 1 - evidence.total_alpha);
  if (bound <= kMuchBetter) return std::nullopt;
  return fmt::format("the candidate is {} better than the baseline, at least {}: are the two swapped?",
                     percent(pairs.difference()), percent(bound));
}

// Collects what was seen, as the policy weighs it.
class Seen {
 public:
  explicit Seen(const SenseLevels& levels) : levels_(levels) {}

  void add(const std::string& check, Outcome outcome, std::string reason, const std::string& remedy = "") {
    const SenseLevel level = levels_.of(check);
    if (level == SenseLevel::off) return;
    if (level == SenseLevel::warn) return warn(check, std::move(reason), remedy);
    push(Severity::critical,
         check_of(check, outcome, std::move(reason),
                  "mend that; if it is meant, write `checks: {" + check + ": warn}` in the policy"));
  }

  void warn(const std::string& check, std::string reason, const std::string& remedy) {
    if (levels_.of(check) != SenseLevel::off)
      push(Severity::minor, check_of(check, Outcome::inconclusive, std::move(reason), remedy));
  }

  std::vector<Finding> take() { return std::move(findings_); }

 private:
  static Check check_of(const std::string& name, Outcome outcome, std::string reason, std::string remedy) {
    Check check;
    check.subject = name;
    check.outcome = outcome;
    check.reason = std::move(reason);
    check.would_change = std::move(remedy);
    return check;
  }

  void push(Severity severity, Check check) {
    const std::string rule = "checks: " + check.subject;
    Finding finding = conclude("signs of senseless data, models or settings", {std::move(check)});
    finding.rule = rule;
    finding.kind = kSenseKind;
    finding.severity = severity;
    findings_.push_back(std::move(finding));
  }

  const SenseLevels& levels_;
  std::vector<Finding> findings_;
};

void look_at_answers(const Evidence& evidence, Seen& seen) {
  const Answers candidate(evidence.candidate, evidence.vectors),
      baseline(evidence.baseline, evidence.vectors);
  if (const auto words = other_order(baseline, evidence)) {
    seen.add(kLabelOrderCheck, Outcome::error, *words);
  } else if (const auto chance = no_better_than_chance(baseline, evidence)) {
    seen.add(kChanceCheck, Outcome::error, *chance);
  }
  if (const auto words = only_one_class(evidence.vectors))
    seen.warn(kChanceCheck, *words, "add vectors of the other classes");
  if (const auto words = one_answer(baseline, evidence.baseline, "baseline", evidence.vectors))
    seen.add(kOneAnswerCheck, Outcome::error, *words);
  if (const auto words = one_answer(candidate, evidence.candidate, "candidate", evidence.vectors))
    seen.add(kOneAnswerCheck, Outcome::fail, *words);
  std::string by_chance;
  for (const LostClass& lost : lost_classes(candidate, baseline, evidence)) {
    if (lost.is_shown) seen.add(kLostClassCheck, Outcome::fail, lost.words);
    if (!lost.is_shown) by_chance += (by_chance.empty() ? "" : "; ") + lost.words;
  }
  if (!by_chance.empty()) seen.warn(kLostClassCheck, by_chance + ": too few to tell it from chance", "");
  if (const auto words = far_better(evidence)) seen.add(kSwappedCheck, Outcome::error, *words);
}

}  // namespace

std::vector<Finding> sense_findings(const Policy& policy, const Evidence& evidence) {
  Seen seen(policy.checks);
  const bool by_labels =
      std::ranges::any_of(policy.rules, [](const PolicyRule& rule) { return rule.rule->needs_labels(); });
  if (by_labels && evidence.vectors.classes.size() >= 2 && !is_biased(evidence))
    look_at_answers(evidence, seen);
  for (const Mistake& warning : evidence.warnings) seen.warn(warning.check, warning.what, warning.remedy);
  return seen.take();
}

}  // namespace tinyhil::gate
