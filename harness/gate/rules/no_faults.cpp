// SPDX-License-Identifier: Apache-2.0
// {test: no_faults, rate_upper_bound: 0.1 %, confidence: 95 %}: the candidate's device did not fail, answered
// every inference, and gave equal outputs to equal inputs (which only repeats can show). A fault counts too
// when the trial went on after it. What was not the device's, such as a reset from outside, is reported and
// not held against it. A silence that did not come again may be the device's or the line's: when nothing else
// failed, that is an error of the bench. With rate_upper_bound, no fault seen is not enough: so many vectors
// must have gone well that the rate is shown to be below it.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "gate/gate.hpp"
#include "gate/internal/bound_check.hpp"
#include "gate/internal/fault_words.hpp"
#include "gate/internal/finding.hpp"
#include "gate/internal/sample.hpp"
#include "gate/internal/share_check.hpp"
#include "gate/rules/keys.hpp"

namespace tinyhil::gate {
namespace {

struct Count {
  std::string what;
  std::uint64_t seen;
  std::uint64_t n;
  Unit of;
};

Check none_allowed(const Count& count) {
  Check check;
  check.subject = count.what;
  check.outcome = count.seen == 0 ? Outcome::pass : Outcome::fail;
  check.n = count.n;
  check.unit = count.of;
  check.counted = count.what;
  check.estimate = static_cast<double>(count.seen);
  check.limit = 0;
  check.reason =
      fmt::format("{} {} in {} {}; none allowed", count.seen, count.what, count.n, to_string(count.of));
  return check;
}

Check fatal_fault(const Fault& fault) {
  Check check = none_allowed({"device faults", 1, 1, Unit::trials});
  check.reason = "the device failed: " + with_record(fault);
  return check;
}

Check quarantined_vectors(const Scorecard& card) {
  Check check = none_allowed({"quarantined vectors", card.quarantined.size(), card.drawn, Unit::vectors});
  check.reason = fmt::format("the device crashed or hung twice on each of {} vectors: {}{}; none allowed",
                             card.quarantined.size(), first_of(card.quarantined),
                             said_of_first(card.survived, card.quarantined));
  return check;
}

Check survived_faults(const Scorecard& card) {
  const std::vector<SurvivedFault> own = of_the_device(card.survived);
  Check check = none_allowed({"survived device faults", own.size(), card.rows(), Unit::faults});
  check.reason =
      fmt::format("the device crashed or hung {} times in {} inferences and went on: {}; none allowed",
                  own.size(), card.rows(), told(own));
  return check;
}

Check outside_troubles(const Scorecard& card) {
  const std::vector<SurvivedFault> others = from_outside(card.survived);
  Check check = none_allowed({"troubles from outside", others.size(), card.rows(), Unit::troubles});
  check.outcome = Outcome::pass;
  check.limit.reset();
  check.reason = fmt::format("{} troubles that were not the device's: {}; not held against it", others.size(),
                             told(others));
  return check;
}

// No verdict on the device while its line may be to blame; beside a failure that is proven it changes
// nothing.
std::optional<Check> silences(const Scorecard& card, const std::vector<Check>& others) {
  const std::vector<SurvivedFault> silent = unexplained(card.survived);
  const bool has_failed =
      std::ranges::any_of(others, [](const Check& check) { return check.outcome == Outcome::fail; });
  if (silent.empty() || has_failed) return std::nullopt;
  return error_check(
      "unexplained silences",
      fmt::format("the device fell silent {} times and ran the same vectors well afterwards: {}; "
                  "the device hung or the line stalled, check the line and run again",
                  silent.size(), told(silent)));
}

// Repeats of a vector are not independent, so vectors count; each fault is taken for another vector's.
std::uint64_t faulty_vectors(const Scorecard& card) {
  const std::uint64_t fatal = card.fault ? 1 : 0;
  const std::uint64_t events = fatal + card.failed_inferences + card.quarantined.size() +
                               of_the_device(card.survived).size() + card.nondeterministic;
  return std::min(events, card.drawn);
}

class NoFaults final : public Rule {
 public:
  explicit NoFaults(const Section& section) : rate_(read_share(section, "rate_upper_bound")) {
    if (rate_ && *rate_ == 0)
      section.fail_at("rate_upper_bound", "no number of vectors shows that faults never happen",
                      "write for example `rate_upper_bound: 0.1 %`");
    confidence_ = section.optional_ratio("confidence");
    if (confidence_ && !rate_)
      section.fail_at("confidence", "`confidence` goes with `rate_upper_bound`", "add it");
    if (confidence_ && !(*confidence_ >= 0.75 && *confidence_ < 1))
      section.fail_at("confidence", "it must be at least 75 % and below 100 %", "write for example 95 %");
  }

  Finding judge(const Evidence& evidence) const override {
    const Scorecard& card = evidence.candidate;
    std::vector<Check> checks;
    if (card.fault) checks.push_back(fatal_fault(*card.fault));
    if (!card.quarantined.empty()) checks.push_back(quarantined_vectors(card));
    if (!of_the_device(card.survived).empty()) checks.push_back(survived_faults(card));
    checks.push_back(
        none_allowed({"failed inferences", card.failed_inferences, card.rows(), Unit::inferences}));
    if (card.info.repeats > 1) {
      checks.push_back(
          none_allowed({"nondeterministic vectors", card.nondeterministic, card.drawn, Unit::vectors}));
    }
    if (rate_) {
      checks.push_back(is_biased(evidence) ? waiting_for_all("rate of faults", evidence)
                                           : rate_check(card, evidence));
    }
    if (std::optional<Check> silent = silences(card, checks)) checks.push_back(std::move(*silent));
    return with_outside_troubles(card, std::move(checks));
  }

  bool waivable() const override { return false; }

  bool needs_random_sample() const override { return false; }

 private:
  Check rate_check(const Scorecard& card, const Evidence& evidence) const {
    const double level = confidence_ ? 1 - *confidence_ : evidence.alpha;
    const std::uint64_t seen = faulty_vectors(card);
    const Groups groups = faulty_by_group(evidence, seen);
    Check check = share_check("rate of faults", {seen, card.drawn, *rate_, level, groups});
    check.reason = fmt::format(
        "{} of {} vectors{} met a fault, so the rate of faults is below {} with {} "
        "confidence; at most {} allowed{}{}",
        seen, check.n, groups.any() ? " from " + groups.told() : "", percent(check.interval->high),
        percent(1 - level), percent(*rate_), too_few_words(groups), what_would_help(check));
    return check;
  }

  // Not of every fault is it known which vector it was: they are taken to lie in one group after the other,
  // the largest first, where they tell least of the others.
  static Groups faulty_by_group(const Evidence& evidence, std::uint64_t faulty) {
    Groups groups = groups_of(evidence.vectors, [&](std::size_t i) -> std::optional<double> {
      return was_run(evidence.candidate, i) ? std::optional(0.0) : std::nullopt;
    });
    std::vector<stats::GroupTotal> clean = std::exchange(groups.totals, {});
    std::ranges::reverse(clean);
    double left = static_cast<double>(faulty);
    for (stats::GroupTotal& group : clean) {
      for (; group.groups > 0 && left > 0; group.groups -= 1) {
        const double here = std::min(left, group.size);
        groups.totals.push_back({here, group.size, 1});
        left -= here;
      }
      if (group.groups > 0) groups.totals.push_back(group);
    }
    return groups;
  }

  static Finding with_outside_troubles(const Scorecard& card, std::vector<Check> checks) {
    const char* method =
        card.info.repeats > 1 ? "exact count" : "exact count; one repeat cannot show nondeterminism";
    if (from_outside(card.survived).empty()) return conclude(method, std::move(checks));
    checks.push_back(outside_troubles(card));
    const std::string told_too = checks.back().reason;
    Finding finding = conclude(method, std::move(checks));
    finding.reason += "; " + told_too;
    return finding;
  }

  std::optional<double> rate_;
  std::optional<double> confidence_;
};

}  // namespace

std::unique_ptr<Rule> make_no_faults(const Section& section) { return std::make_unique<NoFaults>(section); }

}  // namespace tinyhil::gate
