// SPDX-License-Identifier: Apache-2.0
// {test: latency_shift, growth: 2 %}: the typical latency of the same vector grew by at most `growth` of the
// baseline's median. Where latencies are deterministic, integers are compared: any tick is real. Where each
// vector repeats its own latency, differences are paired by vector (Hodges-Lehmann). Where they are noisy,
// and where one repeat cannot tell, the warm-up is cut and means of blocks of such differences are compared.
// latency_quantile is about the tail, this is about the centre.
//
// On several boards the board is the unit: the mean of their changes is bounded by Student's t, and where
// latencies are deterministic, each board's integers are compared.
#include <fmt/format.h>

#include <algorithm>

#include "gate/board_latency.hpp"
#include "gate/boards.hpp"
#include "gate/bound_check.hpp"
#include "gate/comparable.hpp"
#include "gate/finding.hpp"
#include "gate/gate.hpp"
#include "gate/latency_change.hpp"

namespace tinyhil {
namespace {

std::string way_of(LatencyKind kind) {
  switch (kind) {
    case LatencyKind::deterministic:
      return "deterministic latencies, compared tick by tick";
    case LatencyKind::repeatable:
      return "latencies that repeat for each vector, paired by vector, Hodges-Lehmann shift";
    case LatencyKind::noisy:
      break;
  }
  return "noisy latencies, paired by vector, warm-up cut, means of blocks, Hodges-Lehmann shift";
}

class LatencyShift final : public Rule {
 public:
  explicit LatencyShift(const Section& section) : growth_(section.ratio("growth")) {}

  Finding judge(const Evidence& evidence) const override {
    const std::vector<BoardEvidence> boards = by_board(evidence);
    std::vector<BoardLatency> changes;
    for (const BoardEvidence& each : boards) {
      const BoardLatency found{each.board, latency_change(each.evidence, 1 - evidence.alpha)};
      if (const std::string obstacle = obstacle_of(found.change, each.evidence); !obstacle.empty()) {
        const std::string subject = "latency" + on_board(evidence, each.board);
        return conclude("not applied", {error_check(subject, obstacle)});
      }
      changes.push_back(found);
    }
    const LatencyKind kind = noisiest(changes);
    const std::string bounds =
        kind == LatencyKind::deterministic ? "" : ", each bound one-sided at " + percent(1 - evidence.alpha);
    if (boards.size() > 1 && kind != LatencyKind::deterministic) {
      const std::string way = fmt::format("; mean of {} boards, Student's t", boards.size());
      return conclude(way_of(kind) + way + bounds, {check_of_mean(changes, evidence)});
    }
    std::vector<Check> checks;
    for (std::size_t i = 0; i < boards.size(); ++i) {
      checks.push_back(check_of(changes[i].change, boards[i].evidence));
      checks.back().subject += on_board(evidence, boards[i].board);
    }
    return conclude(way_of(kind) + bounds, std::move(checks));
  }

 private:
  // Empty when there is none.
  static std::string obstacle_of(const LatencyChange& change, const Evidence& evidence) {
    std::string obstacle = unlike_latencies(evidence.candidate, evidence.baseline);
    if (obstacle.empty()) obstacle = evidence.comparison.unlike_ticks;
    if (obstacle.empty() && change.median == 0)
      obstacle = "no vector was timed with both models, or the clock is too slow";
    return obstacle;
  }

  static LatencyKind noisiest(const std::vector<BoardLatency>& changes) {
    LatencyKind kind = LatencyKind::deterministic;
    for (const BoardLatency& each : changes) kind = std::max(kind, each.change.kind);
    return kind;
  }

  // A board whose own change is not known could have any: then nothing is known of the mean.
  Check check_of_mean(const std::vector<BoardLatency>& changes, const Evidence& evidence) const {
    const BoardEffect effect = mean_change(changes);
    const std::uint64_t n = evidence.sample.drawn;
    Check check = check_below("latency", n,
                              {effect.estimate, effect.bounds(1 - evidence.alpha), growth_, evidence.alpha});
    check.reason = fmt::format(
        "latency of the same vector changed by {} in the mean of {} boards{} ({}n = {}; {}); at most {} "
        "allowed",
        signed_percent(effect.estimate), changes.size(), emulated_note(evidence.candidate), told(check), n,
        words_of(changes, 1 - evidence.alpha), signed_percent(growth_));
    check.more_vectors.reset();
    if (check.outcome == Outcome::inconclusive) check.reason += "; undecided: more boards would tell";
    for (const BoardLatency& each : changes) {
      if (each.change.kind == LatencyKind::deterministic || each.change.interval) continue;
      check.outcome = Outcome::inconclusive;
      check.reason += "; undecided: on " + each.board + " " + why_unknown(each.change);
    }
    return check;
  }

  Check check_of(const LatencyChange& change, const Evidence& evidence) const {
    const std::uint64_t n = evidence.sample.drawn;
    const double ratio = change.estimate / change.median;
    Check check;
    if (change.interval) {
      const Interval ratios{change.interval->low / change.median, change.interval->high / change.median};
      check = check_below("latency", n, {ratio, ratios, growth_, evidence.alpha});
    } else {
      check = without_interval(change, n, ratio);
    }
    const Latency& clock = evidence.baseline.latency;
    check.reason = fmt::format(
        "latency of the same vector changed by {}, {:+.4g} us on a median of {:.4g} us{} ({}n = {}){}; at "
        "most "
        "{} allowed",
        signed_percent(ratio), 1e6 * change.estimate / clock.clock_hz, 1e6 * change.median / clock.clock_hz,
        emulated_note(evidence.candidate), told(check), n, left_out(change), signed_percent(growth_));
    check.reason += change.kind == LatencyKind::deterministic || change.interval
                        ? what_would_help(check)
                        : "; undecided: " + why_unknown(change);
    return check;
  }

  Check without_interval(const LatencyChange& change, std::uint64_t n, double ratio) const {
    Check check;
    check.subject = "latency";
    check.n = n;
    check.unit = "ratio";
    check.estimate = ratio;
    check.limit = growth_;
    check.outcome = Outcome::inconclusive;
    if (change.kind == LatencyKind::deterministic) {
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

  static std::string left_out(const LatencyChange& change) {
    return change.unknown == 0
               ? ""
               : fmt::format("; {} vectors without a trusted timing may have taken any time", change.unknown);
  }

  static std::string why_unknown(const LatencyChange& change) {
    if (!change.settled) return "the timings had not settled, or are fewer than 20; measure more vectors";
    if (change.unknown > 0) return "too many vectors have no trusted timing, or there are too few vectors";
    return "too few vectors for a bound";
  }

  double growth_;
};

}  // namespace

std::unique_ptr<Rule> make_latency_shift(const Section& section) {
  return std::make_unique<LatencyShift>(section);
}

}  // namespace tinyhil
