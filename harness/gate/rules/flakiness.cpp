// SPDX-License-Identifier: Apache-2.0
// {test: flakiness, k: 3, at_least: 90 %}: the share of vectors that the candidate answers right k times in a
// row, pass^k, is at least so high. It takes at least k repeats. Repeats of a vector are not independent, so
// vectors are the sample: those right at every repeat bound pass^k from below, those right at k repeats or
// more bound it from above.
#include <fmt/format.h>

#include "gate/bound_check.hpp"
#include "gate/finding.hpp"
#include "gate/gate.hpp"
#include "stats/flakiness.hpp"
#include "stats/intervals.hpp"

namespace tinyhil {
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
    const std::string method = fmt::format(
        "pass^k averaged over vectors, Clopper-Pearson bounds over vectors, each one-sided at {}{}",
        percent(1 - evidence.alpha), independence_note(evidence.vectors));
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
    return conclude(method, {check_of(card.by_right_repeats, evidence.alpha)});
  }

 private:
  std::string subject() const { return fmt::format("pass^{}", k_); }

  Check check_of(const std::vector<std::uint64_t>& by_right, double alpha) const {
    const std::uint64_t runs = by_right.size() - 1;
    std::uint64_t n = 0, k_or_more = 0;
    double sum = 0;
    for (std::uint64_t right = 0; right <= runs; ++right) {
      n += by_right[right];
      k_or_more += right >= k_ ? by_right[right] : 0;
      sum += static_cast<double>(by_right[right]) * pass_all_of(right, runs, k_);
    }
    if (n == 0) return error_check(subject(), "no vector was answered");
    const Interval interval{clopper_pearson(by_right[runs], n, 1 - 2 * alpha).low,
                            clopper_pearson(k_or_more, n, 1 - 2 * alpha).high};
    Check check = check_above(subject(), n, {sum / static_cast<double>(n), interval, at_least_, alpha});
    check.reason = fmt::format(
        "{} answers in a row are all right for {} of the vectors ({} interval {} .. {}, n = {} vectors of {} "
        "repeats, {} of them right every time); at least {} asked{}",
        k_, percent(*check.estimate), percent(check.confidence), percent(interval.low),
        percent(interval.high), n, runs, by_right[runs], percent(at_least_), what_would_help(check));
    return check;
  }

  std::uint64_t k_;
  double at_least_;
};

}  // namespace

std::unique_ptr<Rule> make_flakiness(const Section& section) { return std::make_unique<Flakiness>(section); }

}  // namespace tinyhil
