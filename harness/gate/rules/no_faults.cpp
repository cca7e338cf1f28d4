// SPDX-License-Identifier: Apache-2.0
// {test: no_faults}: the candidate's device did not fail, answered every inference, and gave equal outputs to
// equal inputs (which only repeats can show).
#include <fmt/format.h>

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

class NoFaults final : public Rule {
 public:
  Finding judge(const Evidence& evidence) const override {
    const Scorecard& card = evidence.candidate;
    std::vector<Check> checks;
    if (card.fault) {
      Check check = none_allowed({"device faults", 1, 1, "trials"});
      check.reason = fmt::format("the device failed: {} ({})", card.fault->what, to_string(card.fault->kind));
      checks.push_back(check);
    }
    checks.push_back(none_allowed({"failed inferences", card.failed_inferences,
                                   card.inferences + card.failed_inferences, "inferences"}));
    if (card.info.repeats > 1) {
      checks.push_back(none_allowed(
          {"nondeterministic vectors", card.nondeterministic, card.info.vector_count, "vectors"}));
    }
    return conclude(
        card.info.repeats > 1 ? "exact count" : "exact count; one repeat cannot show nondeterminism",
        std::move(checks));
  }
};

}  // namespace

std::unique_ptr<Rule> make_no_faults(const Section&) { return std::make_unique<NoFaults>(); }

}  // namespace tinyhil
