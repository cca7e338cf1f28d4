// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <limits>

#include "report_sample.hpp"

namespace tinyhil::test {
namespace {

constexpr const char* kHostile = "<script>alert(\"x\")</script> & 'co' ]]> | `@all` \x01\xFF";

Finding finding_of(const char* rule, Outcome outcome, Severity severity) {
  return {rule, "accuracy_noninferiority", "bounds <mean> & co", severity, outcome, kHostile, {}};
}

Check odd_check(const char* subject, Outcome outcome, std::uint64_t n, Unit unit) {
  Check check;
  check.subject = subject;
  check.outcome = outcome;
  check.n = n;
  check.unit = unit;
  check.reason = kHostile;
  check.would_change = kHostile;
  return check;
}

Check measured(Check check, double estimate, std::optional<Interval> interval, double limit) {
  check.estimate = estimate;
  check.interval = interval;
  check.confidence = 0.95;
  check.limit = limit;
  return check;
}

std::vector<Check> odd_checks() {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  Check nothing = odd_check("nothing measured", Outcome::error, 0, Unit::ratio);
  nothing.reason = "no rows";
  Check open = measured(odd_check("open ends", Outcome::inconclusive, 3, Unit::milliseconds), 5,
                        Interval{-infinity, infinity}, 4);
  open.more_vectors = 812;
  open.more_seconds = 400.5;
  return {measured(odd_check(kHostile, Outcome::fail, 12, Unit::ratio), -0.1, Interval{-0.2, -0.05}, -0.02),
          nothing,
          measured(odd_check("not a number", Outcome::error, 3, Unit::ratio), nan, Interval{nan, nan}, nan),
          open,
          measured(odd_check("p99", Outcome::waived, 900, Unit::milliseconds), 21.5, Interval{20.9, infinity},
                   20),
          measured(odd_check("one value", Outcome::pass, 1, Unit::bytes), 0, {}, 0)};
}

Verdict verdict_of(Outcome outcome, const char* candidate) {
  Finding odd = finding_of(kHostile, outcome, Severity::critical);
  odd.checks = odd_checks();
  if (outcome == Outcome::waived)
    odd.waivers = {{false, kHostile, "a|b", "<b>", "2026-01-01", false, kHostile},
                   {true, kHostile, kHostile, "<b>", "2027-03-31", true, ""}};
  return {candidate,
          "base <b>",
          kHostile,
          outcome,
          kHostile,
          {finding_of("warns", Outcome::fail, Severity::minor), odd,
           finding_of("quiet", Outcome::pass, Severity::major)},
          "",
          kHostile};
}

Scorecard noisy(const std::string& model) {
  Scorecard card;
  card.info.model = model;
  BoardIdentity& board = card.info.board;
  board.name = "u5 & co";
  board.kind = "nucleo-u575";
  board.serial = "<0042>";
  board.clock = "dwt-cyccnt";
  board.clock_hz = 160'000'000;
  card.inferences = 3000;
  card.classes = {"<a>", "b & c"};
  card.confusion = {10, 2, 3, 0};
  card.accuracy = {10, 15, {0.41, 0.85}};
  card.slices = {{"acc<ent>", kHostile, {9, 10, {0.55, 0.99}}}, {"acc<ent>", "nobody", {0, 0, {0, 1}}}};
  card.latency.steps_per_base = 160'000'000;
  for (std::uint32_t i = 0; i < 3000; ++i)
    card.latency.sorted.push_back(1'600'000 + static_cast<std::uint32_t>(9000 * std::pow(i / 3000.0, 4)) + i);
  card.latency.suspect = 7;
  card.nondeterministic = 4;
  card.golden = GoldenScore{900, 13, 2, GoldenMismatch{17, 1, -12, -11}};
  return card;
}

Scorecard faulted() {
  Scorecard card;
  card.info.model = "crashes";
  card.info.board.name = "u5 & co";
  card.info.board.kind = "host";
  card.info.board.provenance = Provenance::process;
  card.state = TrialState::faulted;
  card.fault = Fault{FaultKind::reset, "The device restarted at vector 17 & <hung>.",
                     std::string("pc=0x0800\x00 lr", 13) + kHostile};
  card.failed_inferences = 2;
  card.survived.assign(
      30, {{FaultKind::corrupt, kHostile, std::string(5000, '<')}, VectorNumber{4'000'000'000}, true});
  for (std::uint32_t vector = 0; vector < 5000; ++vector) card.quarantined.push_back(vector);
  card.quarantined_inferences = 5000;
  return card;
}

}  // namespace

ReportSample hostile_sample() {
  ReportSample sample;
  sample.run.campaign = kHostile;
  sample.run.campaign_file = "a&b.yaml";
  sample.run.bench = "<bench>";
  sample.run.host = kHostile;
  sample.vectors.file = "v&v.npz";
  sample.vectors.count = 15;
  sample.vectors.classes = {"<a>", "b & c"};
  sample.scorecards = {noisy("base <b>"), noisy("ok"),     noisy("late"),
                       noisy("few"),      noisy("unwell"), faulted()};
  sample.verdicts = {verdict_of(Outcome::pass, "ok"), verdict_of(Outcome::waived, "late"),
                     verdict_of(Outcome::inconclusive, "few"), verdict_of(Outcome::fail, "unwell"),
                     verdict_of(Outcome::error, "crashes")};
  return sample;
}

ReportSample empty_sample() {
  ReportSample sample;
  sample.run.campaign = "empty";
  sample.scorecards.resize(1);
  sample.scorecards[0].info.model = "never-ran";
  sample.scorecards[0].state = TrialState::interrupted;
  return sample;
}

}  // namespace tinyhil::test
