// SPDX-License-Identifier: Apache-2.0
// {test: stress, scenario: [noisy, far], margin: 5 %, against: nominal, min_n: 30}: under stress the
// candidate is at most `margin` less accurate than in the scenario `against`. A scenario is a value of the
// slice `scenario` of the vector set. It is held against the candidate's own nominal accuracy, not against
// the baseline's, so the two samples are of different vectors. To pass, every scenario has to pass at alpha;
// the bound by which one fails is corrected for their number (Bonferroni).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "gate/gate.hpp"
#include "gate/groups.hpp"
#include "gate/internal/bound_check.hpp"
#include "gate/internal/finding.hpp"
#include "gate/internal/named.hpp"
#include "gate/rules/keys.hpp"
#include "stats/disparity.hpp"
#include "stats/intervals.hpp"
#include "stats/sample_size.hpp"

namespace tinyhil::gate {
namespace {

constexpr const char* kSlice = "scenario";

// How often the candidate is right in one scenario.
struct ScenarioAccuracy {
  stats::GroupRate rate;
  Groups groups;  // of the vectors that it answered right

  double value() const { return static_cast<double>(rate.successes) / static_cast<double>(rate.n); }
  Interval bounds(double alpha) const {
    return groups.any() ? share_bounds(groups, alpha)
                        : stats::clopper_pearson(rate.successes, rate.n, 1 - 2 * alpha);
  }
};

ScenarioAccuracy accuracy_in(const Evidence& evidence, std::size_t slice, std::uint16_t value) {
  const PairCounts& counts = evidence.comparison.slices[slice][value];
  const VectorSet& vectors = evidence.vectors;
  const auto right = [&](std::size_t i) -> std::optional<double> {
    if (vectors.slices[slice].code[i] != value || !was_run(evidence.baseline, i)) return std::nullopt;
    return is_right(evidence.candidate, i) ? 1 : 0;
  };
  return {{counts.both_right + counts.gained, counts.n()}, groups_of(vectors, right)};
}

// Over groups Newcombe's way (stats/disparity.hpp) from bounds of each accuracy over its groups.
double lower_difference(const ScenarioAccuracy& a, const ScenarioAccuracy& b, double alpha) {
  if (!a.groups.any() && !b.groups.any()) return stats::difference_of_rates(a.rate, b.rate, 1 - alpha).low;
  const double down = a.value() - a.bounds(alpha).low, up = b.bounds(alpha).high - b.value();
  return std::max(-1.0, a.value() - b.value() - std::hypot(down, up));
}

std::string told_share(const ScenarioAccuracy& accuracy) {
  return percent_of(static_cast<double>(accuracy.rate.successes), static_cast<double>(accuracy.rate.n));
}

std::string told_n(const ScenarioAccuracy& accuracy) {
  return accuracy.groups.any() ? fmt::format("{} from {}", accuracy.rate.n, accuracy.groups.told())
                               : fmt::format("{}", accuracy.rate.n);
}

class Stress final : public Rule {
 public:
  explicit Stress(const Section& section)
      : scenarios_(section.texts("scenario")),
        margin_(read_margin(section)),
        against_(section.text("against", "nominal")),
        min_n_(read_min_n(section)) {
    if (scenarios_.empty())
      section.fail("`scenario` names none", "write for example `scenario: [noisy, far]`");
    for (const std::string& scenario : scenarios_)
      if (scenario == against_)
        section.fail_at("scenario", "`" + against_ + "` would be held against itself", "leave it out");
  }

  Finding judge(const Evidence& evidence) const override {
    const std::string method = fmt::format(
        "accuracy of the candidate in each scenario minus its own in `{}`, other vectors, Newcombe's "
        "bounds{}, "
        "the lower one-sided at {}, the upper at {}",
        against_, shares_groups(evidence.vectors) ? std::string(" from each accuracy's ") + kWayOfGroups : "",
        percent(1 - evidence.alpha), percent(1 - upper_alpha(evidence.alpha)));
    const auto index = slice_named(kSlice, evidence.vectors);
    if (!index) return conclude(method, {no_such_slice(kSlice, evidence.vectors)});
    const Slice& slice = evidence.vectors.slices[*index];
    const auto nominal = value_named(against_, slice);
    if (!nominal) return conclude(method, {no_such_value(against_, slice)});
    const ScenarioAccuracy nominally = accuracy_in(evidence, *index, *nominal);
    std::vector<Check> checks;
    for (const std::string& name : scenarios_) {
      const auto value = value_named(name, slice);
      checks.push_back(value
                           ? check_of(name, accuracy_in(evidence, *index, *value), nominally, evidence.alpha)
                           : no_such_value(name, slice));
    }
    return conclude(method, std::move(checks));
  }

  std::vector<Mistake> mistakes(const Known& known) const override {
    std::vector<Mistake> found;
    need_right_or_wrong(known, found);
    if (const Slice* slice = need_slice(known, kSlice, found)) {
      need_value(*slice, against_, found);
      for (const std::string& scenario : scenarios_) need_value(*slice, scenario, found);
    }
    need_margin(known, "margin", margin_, found);
    return found;
  }

  bool needs_labels() const override { return true; }

  std::vector<Term> terms() const override {
    return {looser_without("scenario", scenarios_), looser_if_higher("margin", margin_),
            looser_if_lower("min_n", static_cast<double>(min_n_))};
  }

 private:
  double upper_alpha(double alpha) const { return alpha / static_cast<double>(scenarios_.size()); }

  Check check_of(const std::string& name, const ScenarioAccuracy& stressed, const ScenarioAccuracy& nominal,
                 double alpha) const {
    const std::string subject = std::string(kSlice) + " = " + name;
    if (stressed.rate.n < min_n_) return too_few(subject, stressed.rate.n);
    if (nominal.rate.n < min_n_) return too_few(std::string(kSlice) + " = " + against_, nominal.rate.n);
    const double difference = stressed.value() - nominal.value();
    const Interval interval{lower_difference(stressed, nominal, alpha),
                            -lower_difference(nominal, stressed, upper_alpha(alpha))};
    Check check = check_above(subject, stressed.rate.n, {difference, interval, -margin_, alpha});
    check.slices = {kSlice};
    check.is_of_one_value = true;
    check.confidence = 1 - alpha - upper_alpha(alpha);
    ask_for_groups_of(stressed, nominal, alpha, check);
    check.reason = fmt::format(
        "the candidate's accuracy is {} in scenario `{}` (n = {}) against {} in `{}` (n = {}), {} points ({} "
        "interval {} .. {}); at most {:.4g} less allowed{}{}{}",
        told_share(stressed), name, told_n(stressed), told_share(nominal), against_, told_n(nominal),
        points(difference, margin_), percent(check.confidence), points(interval.low, margin_),
        points(interval.high, margin_), 100 * margin_, too_few_words(stressed.groups),
        too_few_words(nominal.groups), what_would_help(check));
    return check;
  }

  // The width shrinks with the root of the groups as it does with that of vectors.
  void ask_for_groups_of(const ScenarioAccuracy& stressed, const ScenarioAccuracy& nominal, double alpha,
                         Check& check) const {
    const Groups& fewer =
        !nominal.groups.any() || (stressed.groups.any() && stressed.groups.count <= nominal.groups.count)
            ? stressed.groups
            : nominal.groups;
    if (!fewer.any() || check.outcome != Outcome::inconclusive) return;
    if (fewer.too_few()) return ask_for_groups(check, fewer, kFewestGroups - fewer.count);
    ask_for_groups(check, fewer,
                   stats::more_vectors_for_bound(fewer.count, *check.estimate - check.interval->low,
                                                 *check.estimate + margin_, alpha));
  }

  Check too_few(const std::string& subject, std::uint64_t n) const {
    Check check = too_few_check(subject, n, min_n_);
    check.limit = -margin_;
    check.slices = {kSlice};
    check.is_of_one_value = true;
    return check;
  }

  std::vector<std::string> scenarios_;
  double margin_;
  std::string against_;
  std::uint64_t min_n_;
};

}  // namespace

std::unique_ptr<Rule> make_stress(const Section& section) { return std::make_unique<Stress>(section); }

}  // namespace tinyhil::gate
