// SPDX-License-Identifier: Apache-2.0
// {test: flakiness, k: 3, at_least: 90 %}: the share of vectors that the candidate answers right k times in a
// row, pass^k, is at least so high. It takes at least k repeats. Repeats of a vector are not independent, so
// vectors are the sample: those right at every repeat bound pass^k from below, those right at k repeats or
// more bound it from above.
#include <fmt/format.h>

#include "gate/gate.hpp"
#include "gate/groups.hpp"
#include "gate/internal/bound_check.hpp"
#include "gate/internal/finding.hpp"
#include "stats/flakiness.hpp"
#include "stats/intervals.hpp"

namespace tinyhil::gate {
namespace {

class Flakiness final : public Rule {
 public:
  explicit Flakiness(const Section& section)
      : k_(static_cast<std::uint64_t>(section.integer("k", 1, 1000))), at_least_(section.ratio("at_least")) {
    if (!(at_least_ > 0 && at_least_ < 1))
      section.fail_at("at_least", "`at_least` must lie between 0 % and 100 %", "write for example 90 %");
  }

  Finding judge(const Evidence& evidence) const override {
    const Scorecard& card = evidence.candidate;
    const std::string method =
        fmt::format("pass^k averaged over vectors, {}, each one-sided at {}",
                    shares_groups(evidence.vectors) ? kWayOfGroups : "Clopper-Pearson bounds over vectors",
                    percent(1 - evidence.alpha));
    const auto runs = static_cast<std::uint64_t>(card.info.repeats);
    if (runs < k_) {
      return conclude(method,
                      {error_check(subject(), fmt::format("{} right in a row cannot be seen in {} repeats "
                                                          "of a vector: set `repeats: {}` or more in the "
                                                          "campaign",
                                                          k_, runs, k_))});
    }
    if (card.by_right_repeats.size() != runs + 1)
      return conclude(method, {error_check(subject(), "it is not known how many repeats were right")});
    return conclude(method, {check_of(card.by_right_repeats, evidence)});
  }

  std::vector<Mistake> mistakes(const Known& known) const override {
    std::vector<Mistake> found;
    need_right_or_wrong(known, found);
    if (static_cast<std::uint64_t>(known.repeats) < k_) {
      found.push_back(
          {fmt::format("{} right in a row cannot be seen in {} repeats of a vector", k_, known.repeats),
           fmt::format("write `repeats: {}` or more in the campaign, or a smaller `k`", k_)});
    }
    return found;
  }

  bool needs_labels() const override { return true; }

 private:
  std::string subject() const { return fmt::format("pass^{}", k_); }

  // Of the vectors that were run, those of which so many repeats were right.
  static Groups right_at_least(const Evidence& evidence, std::uint64_t repeats) {
    const Scorecard& card = evidence.candidate;
    return groups_of(evidence.vectors, [&](std::size_t i) -> std::optional<double> {
      if (!was_run(card, i)) return std::nullopt;
      return card.right_repeats[i] >= repeats ? 1 : 0;
    });
  }

  Check check_of(const std::vector<std::uint64_t>& by_right, const Evidence& evidence) const {
    const double alpha = evidence.alpha;
    const std::uint64_t runs = by_right.size() - 1;
    std::uint64_t n = 0, k_or_more = 0;
    double sum = 0;
    for (std::uint64_t right = 0; right <= runs; ++right) {
      n += by_right[right];
      k_or_more += right >= k_ ? by_right[right] : 0;
      sum += static_cast<double>(by_right[right]) * stats::pass_all_of(right, runs, k_);
    }
    if (n == 0) return error_check(subject(), "no vector was answered");
    const Groups every = right_at_least(evidence, runs);
    const Interval interval =
        every.any()
            ? Interval{share_bounds(every, alpha).low, share_bounds(right_at_least(evidence, k_), alpha).high}
            : Interval{stats::clopper_pearson(by_right[runs], n, 1 - 2 * alpha).low,
                       stats::clopper_pearson(k_or_more, n, 1 - 2 * alpha).high};
    Check check = check_above(subject(), n, {sum / static_cast<double>(n), interval, at_least_, alpha});
    if (every.any() && check.outcome == Outcome::inconclusive)
      ask_for_groups(check, every, more_groups_above(every, at_least_, 0, alpha));
    check.reason = fmt::format(
        "{} answers in a row are all right for {} of the vectors ({} interval {} .. {}, n = {} vectors{} of "
        "{} "
        "repeats, {} of them right every time); at least {} asked{}{}",
        k_, percent(*check.estimate), percent(check.confidence), percent(interval.low),
        percent(interval.high), n, every.any() ? " from " + every.told() : "", runs, by_right[runs],
        percent(at_least_), too_few_words(every), what_would_help(check));
    return check;
  }

  std::uint64_t k_;
  double at_least_;
};

}  // namespace

std::unique_ptr<Rule> make_flakiness(const Section& section) { return std::make_unique<Flakiness>(section); }

}  // namespace tinyhil::gate
