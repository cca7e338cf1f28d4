// SPDX-License-Identifier: Apache-2.0
// {test: no_faults}: the candidate's device did not fail, answered every inference, and gave equal outputs to
// equal inputs (which only repeats can show). A fault counts too when the trial went on after it. What was
// not the device's, such as a reset from outside, is told and not held against it.
#include <fmt/format.h>

#include "gate/fault_words.hpp"
#include "gate/finding.hpp"
#include "gate/gate.hpp"

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
  Check check =
      none_allowed({"quarantined vectors", card.quarantined.size(), card.info.vector_count, "vectors"});
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

class NoFaults final : public Rule {
 public:
  Finding judge(const Evidence& evidence) const override {
    const Scorecard& card = evidence.candidate;
    std::vector<Check> checks;
    if (card.fault) checks.push_back(fatal_fault(*card.fault));
    if (!card.quarantined.empty()) checks.push_back(quarantined_vectors(card));
    if (!of_the_device(card.survived, true).empty()) checks.push_back(survived_faults(card));
    checks.push_back(none_allowed({"failed inferences", card.failed_inferences, card.rows(), "inferences"}));
    if (card.info.repeats > 1) {
      checks.push_back(none_allowed(
          {"nondeterministic vectors", card.nondeterministic, card.info.vector_count, "vectors"}));
    }
    return with_outside_troubles(card, std::move(checks));
  }

  bool waivable() const override { return false; }

 private:
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
};

}  // namespace

std::unique_ptr<Rule> make_no_faults(const Section&) { return std::make_unique<NoFaults>(); }

}  // namespace tinyhil
