// SPDX-License-Identifier: Apache-2.0
// {test: no_faults, rate_upper_bound: 0.1 %, confidence: 95 %}: the candidate's device did not fail, answered
// every inference, and gave equal outputs to equal inputs (which only repeats can show). A fault counts too
// when the trial went on after it. What was not the device's, such as a reset from outside, is told and not
// held against it. With rate_upper_bound, no fault seen is not enough: so many vectors must have gone well
// that the rate is shown to be below it.
#include <fmt/format.h>

#include <algorithm>

#include "gate/bound_check.hpp"
#include "gate/fault_words.hpp"
#include "gate/finding.hpp"
#include "gate/gate.hpp"
#include "gate/rules/keys.hpp"
#include "gate/sample.hpp"
#include "gate/share_check.hpp"

namespace tinyhil {
namespace {

struct Count {
  std::string what;
  std::uint64_t seen;
  std::uint64_t n;
  std::string of;
};

Check none_allowed(const Count& count) {
  Check check;
  check.subject = count.what;
  check.outcome = count.seen == 0 ? Outcome::pass : Outcome::fail;
  check.n = count.n;
  check.unit = count.of;
  check.estimate = static_cast<double>(count.seen);
  check.limit = 0;
  check.reason = fmt::format("{} {} in {} {}; none allowed", count.seen, count.what, count.n, count.of);
  return check;
}

Check fatal_fault(const Fault& fault) {
  Check check = none_allowed({"device faults", 1, 1, "trials"});
  check.reason = fmt::format("the device failed: {} ({})", fault.what, to_string(fault.kind));
  return check;
}

Check quarantined_vectors(const Scorecard& card) {
  Check check = none_allowed({"quarantined vectors", card.quarantined.size(), card.drawn, "vectors"});
  check.reason = fmt::format("the device crashed or hung twice on each of {} vectors: {}{}; none allowed",
                             card.quarantined.size(), first_of(card.quarantined),
                             said_of_first(card.survived, card.quarantined));
  return check;
}

Check survived_faults(const Scorecard& card) {
  const std::vector<SurvivedFault> own = of_the_device(card.survived, true);
  Check check = none_allowed({"survived device faults", own.size(), card.rows(), "faults"});
  check.reason =
      fmt::format("the device crashed or hung {} times in {} inferences and went on: {}; none allowed",
                  own.size(), card.rows(), told(own));
  return check;
}

Check outside_troubles(const Scorecard& card) {
  const std::vector<SurvivedFault> others = of_the_device(card.survived, false);
  Check check = none_allowed({"troubles from outside", others.size(), card.rows(), "troubles"});
  check.outcome = Outcome::pass;
  check.limit.reset();
  check.reason = fmt::format("{} troubles that were not the device's: {}; not held against it", others.size(),
                             told(others));
  return check;
}

// Repeats of a vector are not independent, so vectors count; each fault is taken for another vector's.
std::uint64_t faulty_vectors(const Scorecard& card) {
  const std::uint64_t fatal = card.fault ? 1 : 0;
  const std::uint64_t events = fatal + card.failed_inferences + card.quarantined.size() +
                               of_the_device(card.survived, true).size() + card.nondeterministic;
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
    if (!of_the_device(card.survived, true).empty()) checks.push_back(survived_faults(card));
    checks.push_back(none_allowed({"failed inferences", card.failed_inferences, card.rows(), "inferences"}));
    if (card.info.repeats > 1) {
      checks.push_back(
          none_allowed({"nondeterministic vectors", card.nondeterministic, card.drawn, "vectors"}));
    }
    if (rate_) {
      checks.push_back(is_biased(evidence) ? waiting_for_all("rate of faults", evidence)
                                           : rate_check(card, evidence.alpha));
    }
    return with_outside_troubles(card, std::move(checks));
  }

  bool waivable() const override { return false; }

  bool needs_random_sample() const override { return false; }

 private:
  Check rate_check(const Scorecard& card, double alpha) const {
    const double level = confidence_ ? 1 - *confidence_ : alpha;
    const std::uint64_t seen = faulty_vectors(card);
    Check check = share_check("rate of faults", {seen, card.drawn, *rate_, level});
    check.reason = fmt::format(
        "{} of {} vectors met a fault, so the rate of faults is below {} with {} "
        "confidence; at most {} allowed{}",
        seen, check.n, percent(check.interval->high), percent(1 - level), percent(*rate_),
        what_would_help(check));
    return check;
  }

  static Finding with_outside_troubles(const Scorecard& card, std::vector<Check> checks) {
    const char* method =
        card.info.repeats > 1 ? "exact count" : "exact count; one repeat cannot show nondeterminism";
    if (of_the_device(card.survived, false).empty()) return conclude(method, std::move(checks));
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

}  // namespace tinyhil
