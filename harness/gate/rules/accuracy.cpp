// SPDX-License-Identifier: Apache-2.0
// {test: accuracy, at_least: 90 %}: the candidate's own accuracy, whatever the baseline's is. {class: wake}
// or {class: [wake, stop]}: the share of such vectors that it finds, recall; `over: classes` means every
// class. {over: [sex, accent]}: on each value of these slices. To pass, each share has to be above `at_least`
// by its bound (an intersection-union test); to fail, one has to be below it after Holm's correction. A share
// of fewer than min_n vectors is undecided, never left out. A vector without an answer is a wrong one.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "gate/gate.hpp"
#include "gate/internal/bound_check.hpp"
#include "gate/internal/finding.hpp"
#include "gate/internal/named.hpp"
#include "gate/rules/keys.hpp"
#include "model/task.hpp"
#include "stats/group_mean.hpp"
#include "stats/intervals.hpp"

namespace tinyhil::gate {
namespace {

constexpr const char* kClasses = "classes";

// Some of the vectors that were run, and how many of them are right, or the sum of their scores.
struct Part {
  std::string name;
  std::uint64_t n = 0;
  double right = 0;
  bool is_right_or_wrong = true;
  std::vector<stats::GroupTotal>
      groups{};         // of vectors, or of one each; empty: each right or wrong by itself
  std::string slice{};  // of which it is one value; empty: of none

  std::uint64_t count() const { return static_cast<std::uint64_t>(right); }  // of right answers
};

// By numbers of label and slice value; nothing: any.
struct Wanted {
  std::optional<std::size_t> label{};
  const Slice* slice = nullptr;
  std::size_t value = 0;
};

bool belongs(std::size_t vector, const Wanted& wanted, const VectorSet& vectors) {
  return (!wanted.label || vectors.labels[vector] == *wanted.label) &&
         (wanted.slice == nullptr || wanted.slice->code[vector] == wanted.value);
}

Part part_of(std::string name, const Wanted& wanted, const Evidence& evidence) {
  const VectorSet& vectors = evidence.vectors;
  Part part{std::move(name)};
  part.is_right_or_wrong = evidence.candidate.task.is_right_or_wrong;
  if (wanted.slice != nullptr) part.slice = wanted.slice->name;
  std::map<std::uint32_t, stats::GroupTotal> groups;
  for (std::size_t i = 0; i < vectors.count; ++i) {
    if (!was_run(evidence.candidate, i) || !belongs(i, wanted, vectors)) continue;
    const double score{evidence.candidate.scores[i]};
    ++part.n;
    part.right += score;
    if (vectors.group.empty()) {
      if (!part.is_right_or_wrong) part.groups.push_back({score, 1, 1});
      continue;
    }
    stats::GroupTotal& group = groups.try_emplace(vectors.group[i], stats::GroupTotal{0, 0, 1}).first->second;
    group.size += 1;
    group.sum += score;
  }
  for (const auto& [id, group] : groups) part.groups.push_back(group);
  return part;
}

Check about(Check check, const Part& part) {
  if (part.slice.empty()) return check;
  check.slices = {part.slice};
  check.is_of_one_value = true;
  return check;
}

double lower(const Part& part, double confidence) {
  return part.groups.empty() ? stats::clopper_pearson(part.count(), part.n, 2 * confidence - 1).low
                             : stats::mean_lower_bound(part.groups, 0, confidence);
}

double upper(const Part& part, double confidence) {
  return part.groups.empty() ? stats::clopper_pearson(part.count(), part.n, 2 * confidence - 1).high
                             : stats::mean_upper_bound(part.groups, 1, confidence);
}

class Accuracy final : public Rule {
 public:
  explicit Accuracy(const Section& section)
      : at_least_(section.ratio("at_least")),
        classes_(section.texts("class")),
        over_(section.texts("over")),
        min_n_(read_min_n(section)) {
    if (!(at_least_ > 0 && at_least_ < 1))
      section.fail_at("at_least", "`at_least` must be above 0 % and below 100 %", "write for example 90 %");
    const auto all = std::ranges::find(over_, kClasses);
    if (all == over_.end()) return;
    if (!classes_.empty())
      section.fail_at("class", "`over: classes` means every class already", "remove one of the two");
    over_.erase(all);
    every_class_ = true;
  }

  Finding judge(const Evidence& evidence) const override {
    std::vector<Check> checks;
    const std::vector<Part> parts = parts_of(evidence, checks);
    std::vector<Part> enough;
    for (const Part& part : parts) {
      if (part.n < min_n_) {
        checks.push_back(about(too_few_check(part.name, part.n, min_n_), part));
        checks.back().limit = at_least_;
        checks.back().allowed = Allowed::at_least;
      } else {
        enough.push_back(part);
      }
    }
    for (Check& check : judged(enough, evidence)) checks.push_back(std::move(check));
    std::ranges::stable_sort(checks, {}, [](const Check& check) { return check.estimate.value_or(-1); });
    return conclude(method(evidence), std::move(checks));
  }

  std::vector<Mistake> mistakes(const Known& known) const override {
    std::vector<Mistake> found;
    need_scores(known, found);
    for (const std::string& name : classes_) need_class(known, name, found);
    for (const std::string& name : over_) need_slice(known, name, found);
    if (at_least_ + known.most_to_lose() <= 1 && !every_class_ && classes_.empty())
      found.push_back(
          {fmt::format("`at_least: {}` cannot fail: guessing is right as often", percent(at_least_)),
           "write a larger one", kLimitsCheck});
    return found;
  }

  bool needs_labels() const override { return true; }

  std::vector<Term> terms() const override {
    return {looser_if_lower("at_least", at_least_), looser_if_lower("min_n", static_cast<double>(min_n_))};
  }

 private:
  static std::string share_of(const TaskTraits& task) {
    return task.has_classes ? "share of right answers" : task.measure;
  }
  static const char* way_of_single_vectors(const TaskTraits& task) {
    return task.is_right_or_wrong ? "Clopper-Pearson bounds" : "Gaffke's bounds of the mean";
  }

  std::string method(const Evidence& evidence) const {
    const std::string way = evidence.vectors.group.empty()
                                ? way_of_single_vectors(evidence.candidate.task)
                                : "bounds over groups of vectors, of which nothing but the range is assumed";
    return fmt::format(
        "{}, {}, each one-sided at {}; a failing one is below after Holm's "
        "correction",
        share_of(evidence.candidate.task), way, percent(1 - evidence.alpha));
  }

  std::vector<std::string> names_of_classes(const VectorSet& vectors) const {
    return every_class_ ? vectors.classes : classes_;
  }

  // What the vectors do not have becomes an error among `checks`.
  std::vector<Part> parts_of(const Evidence& evidence, std::vector<Check>& checks) const {
    const VectorSet& vectors = evidence.vectors;
    std::vector<std::pair<std::string, Wanted>> wanted;
    for (const std::string& name : names_of_classes(vectors)) {
      const auto label = class_named(name, vectors);
      if (label) wanted.push_back({"recall of `" + name + "`", {label}});
      if (!label) checks.push_back(no_such_class(name, vectors));
    }
    if (wanted.empty() && checks.empty()) wanted.push_back({vectors.task->traits().measure, {}});
    std::vector<Part> parts;
    for (auto& [name, one] : wanted) {
      if (over_.empty()) parts.push_back(part_of(name, one, evidence));
      for (const std::string& slice : over_) {
        one.slice = vectors.slice(slice);
        if (one.slice == nullptr) {
          checks.push_back(no_such_slice(slice, vectors));
        } else {
          std::ranges::move(parts_by_value(name, one, evidence), std::back_inserter(parts));
        }
      }
    }
    return parts;
  }

  static std::vector<Part> parts_by_value(const std::string& name, Wanted wanted, const Evidence& evidence) {
    const Slice& slice = *wanted.slice;
    std::vector<Part> parts;
    for (wanted.value = 0; wanted.value < slice.values.size(); ++wanted.value) {
      const std::string& value = slice.values[wanted.value];
      parts.push_back(part_of(name + ", " + slice.name + " = " + value, wanted, evidence));
    }
    return parts;
  }

  // Holm's: while the worst of those left is below at alpha over their number, it fails.
  std::vector<bool> below(const std::vector<Part>& parts, double alpha) const {
    std::vector<bool> is_below(parts.size());
    std::size_t left = parts.size();
    for (bool found = true; found && left > 0;) {
      found = false;
      for (std::size_t i = 0; i < parts.size(); ++i) {
        if (is_below[i] || upper(parts[i], 1 - alpha / static_cast<double>(left)) >= at_least_) continue;
        is_below[i] = found = true;
        --left;
        break;
      }
    }
    return is_below;
  }

  std::vector<Check> judged(const std::vector<Part>& parts, const Evidence& evidence) const {
    const std::vector<bool> is_below = below(parts, evidence.alpha);
    std::vector<Check> checks;
    for (std::size_t i = 0; i < parts.size(); ++i)
      checks.push_back(check_of(parts[i], is_below[i], evidence.alpha));
    return checks;
  }

  Check check_of(const Part& part, bool is_below, double alpha) const {
    const double estimate = part.right / static_cast<double>(part.n);
    const Interval interval{lower(part, 1 - alpha), upper(part, 1 - alpha)};
    Check check = check_above(part.name, part.n, {estimate, interval, at_least_, alpha});
    check.allowed = Allowed::at_least;
    if (check.outcome == Outcome::fail && !is_below) check.outcome = Outcome::inconclusive;
    check.reason =
        fmt::format("{} is {} ({} interval {} .. {}, {}); at least {} asked{}", part.name, percent(estimate),
                    percent(check.confidence), percent(interval.low), percent(interval.high), counted(part),
                    percent(at_least_), what_would_help(check));
    return about(std::move(check), part);
  }

  // "512 of 600 right in 40 groups", or the vectors alone where each is more than right or wrong.
  static std::string counted(const Part& part) {
    if (!part.is_right_or_wrong) return fmt::format("n = {}", part.n);
    const std::string groups = part.groups.empty() ? "" : fmt::format(" in {} groups", part.groups.size());
    return fmt::format("{} of {} right{}", part.right, part.n, groups);
  }

  double at_least_;
  std::vector<std::string> classes_, over_;  // empty: all vectors
  bool every_class_ = false;
  std::uint64_t min_n_;
};

}  // namespace

std::unique_ptr<Rule> make_accuracy(const Section& section) { return std::make_unique<Accuracy>(section); }

}  // namespace tinyhil::gate
