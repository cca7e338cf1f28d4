// SPDX-License-Identifier: Apache-2.0
// {test: stress, scenario: [noisy, far], margin: 5 %, against: nominal, min_n: 30}: under stress the
// candidate is at most `margin` less accurate than in the scenario `against`. A scenario is a value of the
// slice `scenario` of the vector set. It is held against the candidate's own nominal accuracy, not against
// the baseline's, so the two samples are of different vectors. To pass, every scenario has to pass at alpha;
// the bound by which one fails is corrected for their number (Bonferroni).
#include <fmt/format.h>

#include "gate/bound_check.hpp"
#include "gate/finding.hpp"
#include "gate/gate.hpp"
#include "gate/named.hpp"
#include "gate/rules/keys.hpp"
#include "stats/disparity.hpp"

namespace tinyhil {
namespace {

constexpr const char* kSlice = "scenario";

GroupRate rate_of(const PairCounts& counts) { return {counts.both_right + counts.gained, counts.n()}; }

std::string told(const GroupRate& rate) {
  return percent_of(static_cast<double>(rate.successes), static_cast<double>(rate.n));
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
        "accuracy of the candidate in each scenario minus its own in `{}`, other vectors, Newcombe's bounds, "
        "the "
        "lower one-sided at {}, the upper at {}{}",
        against_, percent(1 - evidence.alpha), percent(1 - upper_alpha(evidence.alpha)),
        independence_note(evidence.vectors));
    const auto index = slice_named(kSlice, evidence.vectors);
    if (!index) return conclude(method, {no_such_slice(kSlice, evidence.vectors)});
    const Slice& slice = evidence.vectors.slices[*index];
    const std::vector<PairCounts>& counts = evidence.comparison.slices[*index];
    const auto nominal = value_named(against_, slice);
    if (!nominal) return conclude(method, {no_such_value(against_, slice)});
    std::vector<Check> checks;
    for (const std::string& name : scenarios_) {
      const auto value = value_named(name, slice);
      checks.push_back(value ? check_of(name, rate_of(counts[*value]), rate_of(counts[*nominal]), evidence)
                             : no_such_value(name, slice));
    }
    return conclude(method, std::move(checks));
  }

  std::vector<Term> terms() const override {
    return {looser_without("scenario", scenarios_), looser_if_higher("margin", margin_),
            looser_if_lower("min_n", static_cast<double>(min_n_))};
  }

 private:
  double upper_alpha(double alpha) const { return alpha / static_cast<double>(scenarios_.size()); }

  Check check_of(const std::string& name, const GroupRate& stressed, const GroupRate& nominal,
                 const Evidence& evidence) const {
    const std::string subject = std::string(kSlice) + " = " + name;
    if (stressed.n < min_n_) return too_few(subject, stressed.n);
    if (nominal.n < min_n_) return too_few(std::string(kSlice) + " = " + against_, nominal.n);
    const double difference = static_cast<double>(stressed.successes) / static_cast<double>(stressed.n) -
                              static_cast<double>(nominal.successes) / static_cast<double>(nominal.n);
    const Interval interval{difference_of_rates(stressed, nominal, 1 - evidence.alpha).low,
                            difference_of_rates(stressed, nominal, 1 - upper_alpha(evidence.alpha)).high};
    Check check = check_above(subject, stressed.n, {difference, interval, -margin_, evidence.alpha});
    check.confidence = 1 - evidence.alpha - upper_alpha(evidence.alpha);
    check.reason = fmt::format(
        "the candidate's accuracy is {} in scenario `{}` (n = {}) against {} in `{}` (n = {}), {} points ({} "
        "interval {} .. {}); at most {:.4g} less allowed{}",
        told(stressed), name, stressed.n, told(nominal), against_, nominal.n, points(difference, margin_),
        percent(check.confidence), points(interval.low, margin_), points(interval.high, margin_),
        100 * margin_, what_would_help(check));
    return check;
  }

  Check too_few(const std::string& subject, std::uint64_t n) const {
    Check check = too_few_check(subject, n, min_n_);
    check.limit = -margin_;
    return check;
  }

  std::vector<std::string> scenarios_;
  double margin_;
  std::string against_;
  std::uint64_t min_n_;
};

}  // namespace

std::unique_ptr<Rule> make_stress(const Section& section) { return std::make_unique<Stress>(section); }

}  // namespace tinyhil
