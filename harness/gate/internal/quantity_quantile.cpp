// SPDX-License-Identifier: Apache-2.0
// {test: <quantity>_quantile, quantile: 0.99, limit: 20 ms, growth: 2 %}. `limit` bounds the candidate's own
// quantile by an order statistic, which holds for every distribution; `growth` bounds it relative to the
// baseline's, measured by the same source on the same board. At least one of them is given. Several boards
// are judged one by one: the worst has to keep the limit too.
#include <fmt/format.h>

#include <algorithm>

#include "boards.hpp"
#include "bound_check.hpp"
#include "comparable.hpp"
#include "finding.hpp"
#include "gate/groups.hpp"
#include "quantile_bounds.hpp"
#include "quantity_rules.hpp"
#include "stats/order_statistics.hpp"
#include "stats/sample_size.hpp"

namespace tinyhil::gate {
namespace {

struct GrowthBounds {
  std::optional<double> low, high;
  double confidence;
};

std::optional<double> ratio(std::optional<std::uint32_t> above, std::optional<std::uint32_t> below) {
  if (!above || !below || *below == 0) return std::nullopt;
  return static_cast<double>(*above) / *below - 1;
}

class QuantityQuantile final : public Rule {
 public:
  QuantityQuantile(const QuantityRules& rules, const Section& section)
      : rules_(rules),
        quantile_(section.number("quantile", 0.01, 0.9999)),
        limit_(rules.read_limit(section)),
        growth_(section.optional_ratio("growth")),
        ignore_groups_(read_ignores_groups(section)),
        name_(fmt::format("p{:g}", 100 * quantile_)) {
    if (!limit_ && !growth_)
      section.fail("nothing is limited",
                   fmt::format("add `limit: 20 {}` or `growth: 2 %`", to_string(rules.quantity.unit)));
    if (growth_ && *growth_ < 0)
      section.fail_at("growth", "it is below zero", "write for example `growth: 2 %`");
  }

  Finding judge(const Evidence& evidence) const override {
    std::vector<Check> checks;
    const std::vector<BoardEvidence> boards = by_board(evidence);
    const double fail_alpha =
        evidence.alpha / static_cast<double>(boards.size());  // one of them may fail by chance
    for (const BoardEvidence& each : boards) {
      if (limit_) checks.push_back(of_board(limit_check(each.evidence, fail_alpha), each, evidence));
      if (growth_) checks.push_back(of_board(growth_check(each.evidence, fail_alpha), each, evidence));
    }
    return conclude(
        fmt::format("order statistics bounding {}, one-sided {}; repeats of a vector count once{}", name_,
                    percent(1 - evidence.alpha), group_note(evidence)),
        std::move(checks));
  }

  std::vector<Term> terms() const override {
    return {looser_if_lower("quantile", quantile_), looser_if_higher("limit", limit_.value_or(kNoLimit)),
            looser_if_higher("growth", growth_.value_or(kNoLimit)),
            looser_if_higher("groups", ignore_groups_ ? 1 : 0)};
  }

  std::vector<Mistake> mistakes(const Known& known) const override {
    std::vector<Mistake> found;
    rules_.find_mistakes(known, limit_, found);
    return found;
  }

  Demand demand() const override { return {.quantile = quantile_, .of_two_sides = growth_.has_value()}; }

 private:
  QuantitySample sample_of(const Scorecard& card, const Evidence& evidence) const {
    return {card, rules_.quantity, evidence.vectors, ignore_groups_};
  }

  std::string group_note(const Evidence& evidence) const {
    if (ignore_groups_) return ignored_groups_note(evidence.vectors, true);
    const Groups groups = sample_of(evidence.candidate, evidence).groups();
    return groups.any()
               ? fmt::format("; {}, for vectors of one {} are not independent", kWayOfGroups, groups.unit)
               : "";
  }

  // A board gets its share of further vectors only.
  static Check of_board(Check check, const BoardEvidence& board, const Evidence& all) {
    if (all.boards.empty()) return check;
    check.subject += on_board(all, board.board);
    check.reason = "board " + board.board + ": " + check.reason;
    const auto boards =
        static_cast<std::uint64_t>(std::ranges::count(all.boards, false, &BoardFacts::has_left));
    if (check.more_vectors) *check.more_vectors *= boards;
    if (check.more_groups) *check.more_groups *= boards;
    return check;
  }

  Check limit_check(const Evidence& evidence, double fail_alpha) const {
    const Scorecard& card = evidence.candidate;
    if (std::string missing = unmeasured(card, rules_.quantity, "candidate"); !missing.empty())
      return untimed(name_, missing);
    const QuantitySample sample = sample_of(card, evidence);
    const Measured& values = of(card);
    const std::string_view unit = to_string(values.quantity.unit);
    const double limit = *limit_ / (base_of(values.quantity.unit).factor * 1e9);
    const double limit_ticks = *limit_ * values.steps_per_base / 1e9;
    const auto upper = sample.upper(quantile_, 1 - evidence.alpha);
    const auto lower = sample.lower(quantile_, 1 - fail_alpha);

    Check check;
    check.subject = name_;
    check.quantity = rules_.quantity.name;
    check.n = sample.vectors();
    check.unit = values.quantity.unit;
    check.estimate = values.in_unit(values.steps_at(quantile_));
    if (upper && lower) check.interval = Interval{values.in_unit(*lower), values.in_unit(*upper)};
    check.confidence = 1 - evidence.alpha;
    check.limit = limit;
    check.reason = fmt::format("{} is {:.4g} {}{} (n = {}{}{}); at most {:.4g} {} allowed", name_,
                               *check.estimate, unit, emulated_note(card), check.n, from(sample),
                               bound_text(values, sample, upper, evidence.alpha), limit, unit);
    if (upper && *upper <= limit_ticks) {
      check.outcome = Outcome::pass;
    } else if (lower && *lower > limit_ticks) {
      check.outcome = Outcome::fail;
    } else {
      undecided(check, sample, limit_ticks, evidence.alpha);
    }
    return check;
  }

  Check growth_check(const Evidence& evidence, double fail_alpha) const {
    const std::string subject = name_ + " growth";
    const Scorecard &candidate = evidence.candidate, &baseline = evidence.baseline;
    if (const std::string obstacle = unlike_measured(evidence, rules_.quantity); !obstacle.empty())
      return untimed(subject, obstacle);
    const Measured &ours = of(candidate), &theirs = of(baseline);
    const std::uint32_t now = ours.steps_at(quantile_), before = theirs.steps_at(quantile_);
    if (before == 0) return error_check(subject, std::string(rules_.too_coarse));
    Check check;
    check.subject = subject;
    check.n = candidate.drawn;
    check.unit = Unit::ratio;
    check.estimate = ratio(now, before);
    check.limit = growth_;
    check.reason = fmt::format("{} changed by {}, from {:.4g} to {:.4g} {}{} (n = {}); at most {} allowed",
                               name_, signed_percent(*check.estimate), theirs.in_unit(before),
                               ours.in_unit(now), to_string(rules_.quantity.unit), emulated_note(candidate),
                               check.n, signed_percent(*growth_));
    decide_growth(check, evidence, fail_alpha);
    return check;
  }

  // Half of alpha for each side's bound, so that both hold together however the two samples hang together.
  GrowthBounds bounds_of_growth(const QuantitySample& candidate, const QuantitySample& baseline, double alpha,
                                double fail_alpha) const {
    const double pass = 1 - alpha / 2, fail = 1 - fail_alpha / 2;
    return {ratio(candidate.lower(quantile_, fail), baseline.upper(quantile_, fail)),
            ratio(candidate.upper(quantile_, pass), baseline.lower(quantile_, pass)), 1 - alpha};
  }

  // Where every vector takes the same ticks again there is no noise to allow for: integers are compared.
  void decide_growth(Check& check, const Evidence& evidence, double fail_alpha) const {
    const QuantitySample candidate = sample_of(evidence.candidate, evidence),
                         baseline = sample_of(evidence.baseline, evidence);
    if (candidate.exact() && baseline.exact()) {
      check.outcome = keeps(*check.estimate) ? Outcome::pass : Outcome::fail;
      return;
    }
    const GrowthBounds bounds = bounds_of_growth(candidate, baseline, evidence.alpha, fail_alpha);
    check.confidence = bounds.confidence;
    if (bounds.low && bounds.high) check.interval = Interval{*bounds.low, *bounds.high};
    if (bounds.high && keeps(*bounds.high)) {
      check.outcome = Outcome::pass;
    } else if (bounds.low && !keeps(*bounds.low)) {
      check.outcome = Outcome::fail;
    } else {
      check.outcome = Outcome::inconclusive;
      ask_for_floor(check, candidate, 1 - evidence.alpha / 2);
      check.reason += fmt::format("; undecided: the {} vary too much to tell", rules_.values);
    }
  }

  // 102 / 100 - 1 is a little more than 0.02 in binary; the slack is less than a tick.
  bool keeps(double growth) const { return growth <= *growth_ + 1e-10; }

  static std::string from(const QuantitySample& sample) {
    return sample.groups().any() ? " from " + sample.groups().told() : "";
  }

  // Below so many no rank bounds the quantile.
  void ask_for_floor(Check& check, const QuantitySample& sample, double confidence) const {
    if (sample.groups().any()) {
      ask_for_groups(check, sample.groups(), below_floor(sample.groups().count, confidence));
    } else {
      check.more_vectors = below_floor(sample.vectors(), confidence);
    }
  }

  void undecided_over_groups(Check& check, const QuantitySample& sample, double limit_ticks,
                             double alpha) const {
    ask_for_groups(check, sample.groups(), sample.more_groups(quantile_, limit_ticks, alpha));
    check.reason += too_few_words(sample.groups()) +
                    (check.more_groups ? what_would_help(check)
                                       : "; undecided: more groups are not expected to make it pass");
  }

  void undecided(Check& check, const QuantitySample& sample, double limit_ticks, double alpha) const {
    check.outcome = Outcome::inconclusive;
    if (sample.groups().any()) return undecided_over_groups(check, sample, limit_ticks, alpha);
    check.more_vectors = below_floor(sample.vectors(), 1 - alpha);
    if (check.more_vectors) {
      check.reason += fmt::format("; undecided: {} more vectors are needed for a bound of {}",
                                  *check.more_vectors, name_);
      return;
    }
    check.more_vectors = stats::more_vectors_for_quantile(sample.vectors(), sample.share_within(limit_ticks),
                                                          quantile_, alpha);
    check.reason += check.more_vectors
                        ? fmt::format("; undecided: about {} more vectors would be expected to decide",
                                      *check.more_vectors)
                        : "; undecided: more vectors are not expected to make it pass";
  }

  std::optional<std::uint64_t> below_floor(std::uint64_t n, double confidence) const {
    const std::uint64_t fewest = stats::fewest_for_upper_rank(quantile_, confidence);
    if (n >= fewest) return std::nullopt;
    return fewest - n;
  }

  std::string bound_text(const Measured& values, const QuantitySample& sample,
                         std::optional<std::uint32_t> upper, double alpha) const {
    const std::uint64_t untimed = sample.untimed();
    std::string left_out = untimed == 0 ? ""
                                        : fmt::format(", {} {} not to be trusted count as {}", untimed,
                                                      rules_.values, rules_.large);
    if (!upper) return left_out;
    return fmt::format(", below {:.4g} {} with {} confidence", values.in_unit(*upper),
                       to_string(values.quantity.unit), percent(1 - alpha)) +
           left_out;
  }

  Check untimed(const std::string& subject, const std::string& reason) const {
    Check check = error_check(subject, reason);
    check.would_change =
        fmt::format("{} of candidate and baseline in measure mode, by {}", rules_.values, rules_.one_source);
    return check;
  }

  const Measured& of(const Scorecard& card) const { return measured(card, rules_.quantity); }

  const QuantityRules& rules_;
  double quantile_;
  std::optional<double> limit_;  // in billionths of the base unit
  std::optional<double> growth_;
  bool ignore_groups_;
  std::string name_;
};

}  // namespace

std::unique_ptr<Rule> quantity_quantile(const QuantityRules& rules, const Section& section) {
  return std::make_unique<QuantityQuantile>(rules, section);
}

}  // namespace tinyhil::gate
