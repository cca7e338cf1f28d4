// SPDX-License-Identifier: Apache-2.0
// {test: <quantity>_shift, growth: 2 %}: the typical value of the same vector grew by at most `growth` of the
// baseline's median. Where latencies are deterministic, integers are compared: any tick is real. Where each
// vector repeats its own latency, differences are paired by vector (Hodges-Lehmann). Where they are noisy,
// and where one repeat cannot tell, the warm-up is cut and means of blocks of such differences are compared.
// latency_quantile is about the tail, this is about the centre.
//
// On several boards the board is the unit: the mean of their changes is bounded by Student's t, and where
// latencies are deterministic, each board's integers are compared.
#include <fmt/format.h>

#include <algorithm>

#include "board_change.hpp"
#include "boards.hpp"
#include "bound_check.hpp"
#include "comparable.hpp"
#include "finding.hpp"
#include "gate/gate.hpp"
#include "gate/groups.hpp"
#include "quantity_change.hpp"
#include "quantity_rules.hpp"

namespace tinyhil::gate {
namespace {

std::string way_of(ChangeKind kind, const QuantityRules& rules) {
  const std::string_view values = rules.quantity.plural;
  switch (kind) {
    case ChangeKind::deterministic:
      return fmt::format("deterministic {}, compared {} by {}", values, rules.step, rules.step);
    case ChangeKind::repeatable:
      return fmt::format("{} that repeat for each vector, paired by vector, Hodges-Lehmann shift", values);
    case ChangeKind::noisy:
      break;
  }
  return fmt::format("noisy {}, paired by vector, warm-up cut, means of blocks, Hodges-Lehmann shift",
                     values);
}

class QuantityShift final : public Rule {
 public:
  QuantityShift(const QuantityRules& rules, const Section& section)
      : rules_(rules), growth_(section.ratio("growth")), ignore_groups_(read_ignores_groups(section)) {}

  Finding judge(const Evidence& evidence) const override {
    const std::vector<BoardEvidence> boards = by_board(evidence);
    std::vector<BoardChange> changes;
    for (const BoardEvidence& each : boards) {
      const BoardChange found{
          each.board, quantity_change(each.evidence, rules_.quantity, 1 - evidence.alpha, ignore_groups_)};
      if (const std::string obstacle = obstacle_of(found.change, each.evidence); !obstacle.empty()) {
        const std::string subject = name() + on_board(evidence, each.board);
        return conclude("not applied", {error_check(subject, obstacle)});
      }
      changes.push_back(found);
    }
    const ChangeKind kind = noisiest(changes);
    const std::string bounds =
        kind == ChangeKind::deterministic
            ? ""
            : ", each bound one-sided at " + percent(1 - evidence.alpha) + group_note(evidence.vectors);
    if (boards.size() > 1 && kind != ChangeKind::deterministic) {
      const std::string way = fmt::format("; mean of {} boards, Student's t", boards.size());
      return conclude(way_of(kind, rules_) + way + bounds, {check_of_mean(changes, evidence)});
    }
    std::vector<Check> checks;
    for (std::size_t i = 0; i < boards.size(); ++i) {
      checks.push_back(check_of(changes[i].change, boards[i].evidence));
      checks.back().subject += on_board(evidence, boards[i].board);
    }
    return conclude(way_of(kind, rules_) + bounds, std::move(checks));
  }

  std::vector<Mistake> mistakes(const Known& known) const override {
    std::vector<Mistake> found;
    rules_.find_mistakes(known, std::nullopt, found);
    return found;
  }

 private:
  std::string group_note(const VectorSet& vectors) const {
    if (ignore_groups_) return ignored_groups_note(vectors, true);
    if (!shares_groups(vectors)) return "";
    return fmt::format("; a {} counts once, by the mean of its vectors' changes", vectors.group_unit);
  }

  // Empty when there is none.
  std::string obstacle_of(const QuantityChange& change, const Evidence& evidence) const {
    std::string obstacle = unlike_measured(evidence, rules_.quantity);
    if (obstacle.empty()) obstacle = evidence.comparison.of(rules_.quantity).unlike;
    if (obstacle.empty() && change.median == 0)
      obstacle = fmt::format("{}, or {}", rules_.none_of_both, rules_.too_coarse);
    return obstacle;
  }

  static ChangeKind noisiest(const std::vector<BoardChange>& changes) {
    ChangeKind kind = ChangeKind::deterministic;
    for (const BoardChange& each : changes) kind = std::max(kind, each.change.kind);
    return kind;
  }

  // A board whose own change is not known could have any: then nothing is known of the mean.
  Check check_of_mean(const std::vector<BoardChange>& changes, const Evidence& evidence) const {
    const stats::BoardEffect effect = mean_change(changes);
    const std::uint64_t n = evidence.sample.drawn;
    Check check =
        check_below(name(), n, {effect.estimate, effect.bounds(1 - evidence.alpha), growth_, evidence.alpha});
    check.reason = fmt::format(
        "{} of the same vector changed by {} in the mean of {} boards{} ({}n = {}; {}); at most {} "
        "allowed",
        rules_.quantity.name, signed_percent(effect.estimate), changes.size(),
        emulated_note(evidence.candidate), told(check), n, words_of(changes, 1 - evidence.alpha),
        signed_percent(growth_));
    check.more_vectors.reset();
    if (check.outcome == Outcome::inconclusive) check.reason += "; undecided: more boards would tell";
    for (const BoardChange& each : changes) {
      if (each.change.kind == ChangeKind::deterministic || each.change.interval) continue;
      check.outcome = Outcome::inconclusive;
      check.reason += "; undecided: on " + each.board + " " + why_unknown(each.change);
    }
    return check;
  }

  Check check_of(const QuantityChange& change, const Evidence& evidence) const {
    const std::uint64_t n = evidence.sample.drawn;
    const double ratio = change.estimate / change.median;
    Check check;
    if (change.interval) {
      const Interval ratios{change.interval->low / change.median, change.interval->high / change.median};
      check = check_below(name(), n, {ratio, ratios, growth_, evidence.alpha});
    } else {
      check = without_interval(change, n, ratio);
    }
    const Measured& before = measured(evidence.baseline, rules_.quantity);
    const double small = base_of(rules_.quantity.small).factor * 1e6;
    const auto said = [&](double steps) { return 1e6 * steps / before.steps_per_base / small; };
    const std::string_view unit = to_string(rules_.quantity.small);
    check.reason = fmt::format(
        "{} of the same vector changed by {}, {:+.4g} {} on a median of {:.4g} {}{} ({}n = {}){}; at most {} "
        "allowed",
        rules_.quantity.name, signed_percent(ratio), said(change.estimate), unit, said(change.median), unit,
        emulated_note(evidence.candidate), told(check), n, left_out(change), signed_percent(growth_));
    check.reason += change.kind == ChangeKind::deterministic || change.interval
                        ? what_would_help(check)
                        : "; undecided: " + why_unknown(change);
    return check;
  }

  Check without_interval(const QuantityChange& change, std::uint64_t n, double ratio) const {
    Check check;
    check.subject = name();
    check.n = n;
    check.unit = Unit::ratio;
    check.estimate = ratio;
    check.limit = growth_;
    check.outcome = Outcome::inconclusive;
    if (change.kind == ChangeKind::deterministic) {
      // 102 / 100 - 1 is a little more than 0.02 in binary; the slack is less than a tick.
      check.outcome = ratio <= growth_ + 1e-10 ? Outcome::pass : Outcome::fail;
    }
    return check;
  }

  static std::string told(const Check& check) {
    if (!check.interval) return "";
    return fmt::format("{} interval {} .. {}, ", percent(check.confidence),
                       signed_percent(check.interval->low), signed_percent(check.interval->high));
  }

  std::string left_out(const QuantityChange& change) const {
    return change.unknown == 0 ? ""
                               : fmt::format("; {} vectors without a trusted {} may have {}", change.unknown,
                                             rules_.value, rules_.any);
  }

  std::string why_unknown(const QuantityChange& change) const {
    if (change.few_groups) return fmt::format("fewer than {} groups say nothing of others", kFewestGroups);
    if (!change.settled)
      return fmt::format("the {} had not settled, or are fewer than 20; measure more vectors", rules_.values);
    if (change.unknown > 0)
      return fmt::format("too many vectors have no trusted {}, or there are too few vectors", rules_.value);
    return "too few vectors for a bound";
  }

  std::string name() const { return std::string(rules_.quantity.name); }

  const QuantityRules& rules_;
  double growth_;
  bool ignore_groups_;
};

}  // namespace

std::unique_ptr<Rule> quantity_shift(const QuantityRules& rules, const Section& section) {
  return std::make_unique<QuantityShift>(rules, section);
}

}  // namespace tinyhil::gate
