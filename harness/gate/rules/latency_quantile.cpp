// SPDX-License-Identifier: Apache-2.0
// {test: latency_quantile, quantile: 0.99, limit: 20 ms, growth: 2 %}. `limit` bounds the candidate's own
// quantile by an order statistic, which holds for every distribution; `growth` bounds it relative to the
// baseline's, measured by the same clock on the same board. At least one of them is given. Several boards are
// judged one by one: the slowest has to keep the limit too.
#include <fmt/format.h>

#include <chrono>

#include "gate/boards.hpp"
#include "gate/comparable.hpp"
#include "gate/finding.hpp"
#include "gate/quantile_bounds.hpp"
#include "stats/order_statistics.hpp"
#include "stats/sample_size.hpp"

namespace tinyhil {
namespace {

struct GrowthBounds {
  std::optional<double> low, high;
  double confidence;
};

std::optional<double> ratio(std::optional<std::uint32_t> above, std::optional<std::uint32_t> below) {
  if (!above || !below || *below == 0) return std::nullopt;
  return static_cast<double>(*above) / *below - 1;
}

// Half of alpha for each side's bound, so that both hold together however the two samples hang together.
GrowthBounds bounds_of_growth(const LatencySample& candidate, const LatencySample& baseline, double quantile,
                              double alpha, double fail_alpha) {
  const double pass = 1 - alpha / 2, fail = 1 - fail_alpha / 2;
  return {ratio(candidate.lower(quantile, fail), baseline.upper(quantile, fail)),
          ratio(candidate.upper(quantile, pass), baseline.lower(quantile, pass)), 1 - alpha};
}

class LatencyQuantile final : public Rule {
 public:
  explicit LatencyQuantile(const Section& section)
      : quantile_(section.number("quantile", 0.01, 0.9999)),
        limit_(section.optional_duration("limit")),
        growth_(section.optional_ratio("growth")),
        name_(fmt::format("p{:g}", 100 * quantile_)) {
    if (!limit_ && !growth_) section.fail("nothing is limited", "add `limit: 20 ms` or `growth: 2 %`");
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
    return conclude(fmt::format("order statistics bounding {}, one-sided {}; repeats of a vector count once",
                                name_, percent(1 - evidence.alpha)),
                    std::move(checks));
  }

  std::vector<Term> terms() const override {
    return {looser_if_lower("quantile", quantile_),
            looser_if_higher("limit", limit_ ? static_cast<double>(limit_->count()) : kNoLimit),
            looser_if_higher("growth", growth_.value_or(kNoLimit))};
  }

  Demand demand() const override { return {.quantile = quantile_, .of_two_sides = growth_.has_value()}; }

 private:
  // A board gets its share of further vectors only.
  static Check of_board(Check check, const BoardEvidence& board, const Evidence& all) {
    if (all.boards.empty()) return check;
    check.subject += on_board(all, board.board);
    check.reason = "board " + board.board + ": " + check.reason;
    if (check.more_vectors) *check.more_vectors *= all.boards.size();
    return check;
  }

  Check limit_check(const Evidence& evidence, double fail_alpha) const {
    const Scorecard& card = evidence.candidate;
    if (std::string missing = unmeasured_latency(card, "candidate"); !missing.empty())
      return untimed(name_, missing);
    const LatencySample sample(card);
    const double limit_ms = std::chrono::duration<double, std::milli>(*limit_).count();
    const double limit_ticks = static_cast<double>(limit_->count()) * card.latency.clock_hz / 1e9;
    const auto upper = sample.upper(quantile_, 1 - evidence.alpha);
    const auto lower = sample.lower(quantile_, 1 - fail_alpha);

    Check check;
    check.subject = name_;
    check.n = sample.vectors();
    check.unit = "ms";
    check.estimate = ms(card, card.latency.ticks_at(quantile_));
    if (upper && lower) check.interval = Interval{ms(card, *lower), ms(card, *upper)};
    check.confidence = 1 - evidence.alpha;
    check.limit = limit_ms;
    check.reason =
        fmt::format("{} is {:.4g} ms{} (n = {}{}); at most {:.4g} ms allowed", name_, *check.estimate,
                    emulated_note(card), check.n, bound_text(card, upper, evidence.alpha), limit_ms);
    if (upper && *upper <= limit_ticks) {
      check.outcome = Outcome::pass;
    } else if (lower && *lower > limit_ticks) {
      check.outcome = Outcome::fail;
    } else {
      undecided(check, sample, sample.share_within(limit_ticks), evidence.alpha);
    }
    return check;
  }

  Check growth_check(const Evidence& evidence, double fail_alpha) const {
    const std::string subject = name_ + " growth";
    const Scorecard &candidate = evidence.candidate, &baseline = evidence.baseline;
    if (const std::string obstacle = unlike_latencies(candidate, baseline); !obstacle.empty())
      return untimed(subject, obstacle);
    if (baseline.latency.ticks_at(quantile_) == 0) return error_check(subject, "the clock is too slow");
    Check check;
    check.subject = subject;
    check.n = candidate.drawn;
    check.unit = "ratio";
    check.estimate = ratio(candidate.latency.ticks_at(quantile_), baseline.latency.ticks_at(quantile_));
    check.limit = growth_;
    check.reason =
        fmt::format("{} changed by {}, from {:.4g} to {:.4g} ms{} (n = {}); at most {} allowed", name_,
                    signed_percent(*check.estimate), ms(baseline, baseline.latency.ticks_at(quantile_)),
                    ms(candidate, candidate.latency.ticks_at(quantile_)), emulated_note(candidate), check.n,
                    signed_percent(*growth_));
    decide_growth(check, evidence, fail_alpha);
    return check;
  }

  // Where every vector takes the same ticks again there is no noise to allow for: integers are compared.
  void decide_growth(Check& check, const Evidence& evidence, double fail_alpha) const {
    const LatencySample candidate(evidence.candidate), baseline(evidence.baseline);
    if (candidate.exact() && baseline.exact()) {
      check.outcome = keeps(*check.estimate) ? Outcome::pass : Outcome::fail;
      return;
    }
    const GrowthBounds bounds = bounds_of_growth(candidate, baseline, quantile_, evidence.alpha, fail_alpha);
    check.confidence = bounds.confidence;
    if (bounds.low && bounds.high) check.interval = Interval{*bounds.low, *bounds.high};
    if (bounds.high && keeps(*bounds.high)) {
      check.outcome = Outcome::pass;
    } else if (bounds.low && !keeps(*bounds.low)) {
      check.outcome = Outcome::fail;
    } else {
      check.outcome = Outcome::inconclusive;
      check.more_vectors = below_floor(candidate.vectors(), 1 - evidence.alpha / 2);
      check.reason += "; undecided: the timings vary too much to tell";
    }
  }

  // 102 / 100 - 1 is a little more than 0.02 in binary; the slack is less than a tick.
  bool keeps(double growth) const { return growth <= *growth_ + 1e-10; }

  void undecided(Check& check, const LatencySample& sample, double share_within, double alpha) const {
    check.outcome = Outcome::inconclusive;
    check.more_vectors = below_floor(sample.vectors(), 1 - alpha);
    if (check.more_vectors) {
      check.reason += fmt::format("; undecided: {} more vectors are needed for a bound of {}",
                                  *check.more_vectors, name_);
      return;
    }
    check.more_vectors = more_vectors_for_quantile(sample.vectors(), share_within, quantile_, alpha);
    check.reason += check.more_vectors
                        ? fmt::format("; undecided: about {} more vectors would be expected to decide",
                                      *check.more_vectors)
                        : "; undecided: more vectors are not expected to make it pass";
  }

  std::optional<std::uint64_t> below_floor(std::uint64_t n, double confidence) const {
    const std::uint64_t fewest = fewest_for_upper_rank(quantile_, confidence);
    if (n >= fewest) return std::nullopt;
    return fewest - n;
  }

  std::string bound_text(const Scorecard& card, std::optional<std::uint32_t> upper, double alpha) const {
    const std::uint64_t untimed = LatencySample(card).untimed();
    std::string left_out =
        untimed == 0 ? "" : fmt::format(", {} timings not to be trusted count as slow", untimed);
    if (!upper) return left_out;
    return fmt::format(", below {:.4g} ms with {} confidence", ms(card, *upper), percent(1 - alpha)) +
           left_out;
  }

  static Check untimed(const std::string& subject, const std::string& reason) {
    Check check = error_check(subject, reason);
    check.would_change = "timings of candidate and baseline in measure mode, by one clock of one board";
    return check;
  }

  static double ms(const Scorecard& card, std::uint32_t ticks) { return card.latency.to_us(ticks) / 1000; }

  double quantile_;
  std::optional<std::chrono::nanoseconds> limit_;
  std::optional<double> growth_;
  std::string name_;
};

}  // namespace

std::unique_ptr<Rule> make_latency_quantile(const Section& section) {
  return std::make_unique<LatencyQuantile>(section);
}

}  // namespace tinyhil
