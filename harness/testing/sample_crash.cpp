// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "report_sample.hpp"

namespace tinyhil::test {
namespace {

constexpr const char* kHardFault =
    "HardFault: pc=0x00003a5e lr=0x00002f11 cfsr=0x00008200 bfar=0x60000000\n"
    "breadcrumb: vector 803, inside invoke, 1,204 us after it began";

SurvivedFault crash_on(VectorNumber vector) {
  return {{FaultKind::reset, "the device restarted in the middle of an inference", kHardFault}, vector, true};
}

SurvivedFault hang_on(VectorNumber vector) {
  return {{FaultKind::timeout, "no result within 10 s", "watchdog: reset after 10,000 ms"}, vector, true};
}

SurvivedFault reset_from_outside() {
  return {{FaultKind::reset, "the device was reset from outside", "reset cause: pin"}, {}, false};
}

Check counted(const char* subject, Outcome outcome, std::uint64_t n, Unit unit, double estimate) {
  Check check = check_of(subject, outcome, n, {unit, estimate, 0});
  check.would_change =
      outcome == Outcome::pass ? "one failed inference would make it fail" : "would pass only with none";
  return check;
}

Finding faults_finding() {
  return {
      "no-faults",
      "no_faults",
      "exact count",
      Severity::critical,
      Outcome::fail,
      "the device crashed or hung twice on each of 1 vectors: 803 (vector 803: the device restarted in the "
      "middle of an inference (reset, pc 0x00003a5e)); none allowed",
      {counted("quarantined vectors", Outcome::fail, 1200, Unit::vectors, 1),
       counted("survived device faults", Outcome::fail, 2400, Unit::faults, 3),
       counted("failed inferences", Outcome::pass, 2400, Unit::inferences, 0),
       counted("nondeterministic vectors", Outcome::pass, 1200, Unit::vectors, 0)}};
}

Scorecard crashing(Scorecard card) {
  card.info.model = "v4-int4";
  card.survived = {hang_on(VectorNumber{17}), crash_on(VectorNumber{803}), crash_on(VectorNumber{803}),
                   reset_from_outside()};
  card.quarantined = {803};
  card.quarantined_inferences = 2;
  card.inferences -= 2;
  card.latency.sorted.resize(2395);
  card.latency.disturbed = 3;
  card.golden->compared = 2398;
  return card;
}

Verdict failing(Verdict verdict) {
  verdict.candidate = "v4-int4";
  verdict.outcome = Outcome::fail;
  verdict.findings.back() = faults_finding();
  verdict.reason = "no-faults: " + verdict.findings.back().reason;
  return verdict;
}

}  // namespace

ReportSample crash_sample() {
  ReportSample sample = wake_word_sample();
  Scorecard shipped = sample.scorecards[0];
  shipped.survived = {reset_from_outside()};
  sample.scorecards = {std::move(shipped), crashing(sample.scorecards[1])};
  sample.verdicts = {failing(sample.verdicts[0])};
  return sample;
}

}  // namespace tinyhil::test
