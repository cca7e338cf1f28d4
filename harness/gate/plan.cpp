// SPDX-License-Identifier: Apache-2.0
#include "plan.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/nearest.hpp"
#include "stats/normal.hpp"
#include "stats/order_statistics.hpp"
#include "stats/rates.hpp"
#include "stats/sample_size.hpp"

namespace tinyhil::gate {
namespace {

const Slice& slice_of(const std::string& name, const VectorSet& vectors) {
  if (const Slice* slice = vectors.slice(name)) return *slice;
  std::vector<std::string> names;
  for (const Slice& slice : vectors.slices) names.push_back(slice.name);
  throw Error(ErrorKind::usage, "the vector set has no slice `" + name + "`", vectors.file.string(),
              names.empty() ? "add the array slice_" + name + " to it" : suggestion(name, names));
}

double count_of(const Slice& slice, std::size_t value) {
  return static_cast<double>(std::count(slice.code.begin(), slice.code.end(), value));
}

std::uint64_t of_set(double vectors_of_subject, const Subject& subject, const VectorSet& vectors) {
  const double wanted = std::ceil(vectors_of_subject / subject.share);
  return std::min(static_cast<std::uint64_t>(wanted), vectors.count);
}

// N = (z_(1-alpha) + z_power)^2 psi / margin^2, of the subject; it may be more than there are.
std::uint64_t by_formula(double margin, double alpha, double discordance, const Subject& subject) {
  const double z = stats::normal_quantile(1 - alpha) + stats::normal_quantile(stats::kPower);
  const double by_power = z * z * discordance / (margin * margin);
  const auto by_rule_of_three = static_cast<double>(stats::fewest_without_event(margin, 1 - alpha));
  return static_cast<std::uint64_t>(std::ceil(std::max(by_power, by_rule_of_three) / subject.share));
}

class Planner {
 public:
  Planner(const Policy& policy, const VectorSet& vectors, const Assumptions& assumptions)
      : policy_(policy), vectors_(vectors), assumptions_(assumptions) {}

  AccuracyPlan of(const std::string& rule, const Demand& demand, const Subject& subject) const {
    const Design design = design_of(policy_, demand, subject, vectors_);
    const double margin = *demand.margin;
    AccuracyPlan made{.rule = rule,
                      .subject = subject,
                      .subjects = 1,
                      .margin = margin,
                      .fixed = by_formula(margin, policy_.alpha, assumptions_.discordance, subject),
                      .most = sampling::most_vectors(policy_.sampling, vectors_.count),
                      .equal = at(design, 0, subject),
                      .at_margin = at(design, -margin, subject),
                      .at_effect = std::nullopt};
    if (assumptions_.effect) made.at_effect = at(design, *assumptions_.effect, subject);
    return made;
  }

 private:
  PlannedCase at(const Design& design, double difference, const Subject& subject) const {
    const Truth truth = truth_at(difference, assumptions_.discordance);
    const Characteristic outcome = characteristic(design, truth, assumptions_.runs, assumptions_.seed);
    return {truth, outcome, of_set(outcome.mean_vectors, subject, vectors_)};
  }

  const Policy& policy_;
  const VectorSet& vectors_;
  const Assumptions& assumptions_;
};

}  // namespace

std::vector<Subject> subjects_of(const Demand& demand, const VectorSet& vectors) {
  if (demand.over.empty()) return {{"all vectors", vectors.count, 1}};
  std::vector<Subject> subjects;
  for (const std::string& name : demand.over) {
    const Slice& slice = slice_of(name, vectors);
    for (std::size_t value = 0; value < slice.values.size(); ++value) {
      const double n = count_of(slice, value);
      if (n > 0 && n >= static_cast<double>(demand.min_n))
        subjects.push_back({name + " = " + slice.values[value], static_cast<std::uint64_t>(n),
                            n / static_cast<double>(vectors.count)});
    }
  }
  return subjects;
}

Design design_of(const Policy& policy, const Demand& demand, const Subject& subject,
                 const VectorSet& vectors) {
  Design design = design_of(policy.sampling, *demand.margin, policy.alpha, vectors.count);
  std::vector<std::uint64_t> looks;
  for (const std::uint64_t look : design.looks) {
    const auto seen = static_cast<std::uint64_t>(std::llround(static_cast<double>(look) * subject.share));
    if (seen > 0 && (looks.empty() || seen > looks.back())) looks.push_back(seen);
  }
  if (looks.empty()) looks.push_back(1);
  design.looks = looks;
  return design;
}

Plan plan(const Policy& policy, const VectorSet& vectors, const Assumptions& assumptions) {
  const Planner planner(policy, vectors, assumptions);
  Plan made;
  for (const PolicyRule& rule : policy.rules) {
    const Demand demand = rule.rule->demand();
    if (demand.quantile) {
      const double alpha = demand.of_two_sides ? policy.alpha / 2 : policy.alpha;
      made.latency.push_back(
          {rule.id, *demand.quantile, stats::fewest_for_upper_rank(*demand.quantile, 1 - alpha)});
    }
    if (rule.rule->needs_recordings()) made.by_recordings.push_back(rule.id);
    if (!demand.margin && !demand.quantile && !rule.rule->needs_recordings())
      made.left_out.push_back(rule.id);
    if (!demand.margin) continue;
    const std::vector<Subject> subjects = subjects_of(demand, vectors);
    // They share margin and truth, so the one with the fewest vectors is decided last.
    const auto slowest = std::ranges::min_element(subjects, {}, &Subject::vectors);
    if (slowest == subjects.end()) continue;
    made.accuracy.push_back(planner.of(rule.id, demand, *slowest));
    made.accuracy.back().subjects = subjects.size();
  }
  return made;
}

}  // namespace tinyhil::gate
