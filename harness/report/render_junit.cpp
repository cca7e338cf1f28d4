// SPDX-License-Identifier: Apache-2.0
// A suite a candidate, a case a rule. What is not a pass by evidence is never green, with one exception that
// the verdict makes too: a minor rule only warns.
#include <algorithm>

#include "not_shown.hpp"
#include "outliers.hpp"
#include "report.hpp"
#include "report/internal/deciding.hpp"
#include "report/internal/html.hpp"
#include "report/internal/words.hpp"

namespace tinyhil::report {
namespace {

using html::Markup;

Markup property(const std::string& name, const std::string& value) {
  return html::element("property", {{"name", name}, {"value", value}});
}

// The trial behind a verdict, nullptr when there is none.
const Scorecard* card_of(const Report& report, const std::string& model) {
  const auto found = std::find_if(report.scorecards.begin(), report.scorecards.end(),
                                  [&](const Scorecard& card) { return card.info.model == model; });
  return found == report.scorecards.end() ? nullptr : &*found;
}

Markup suite_properties(const Report& report, const Verdict& verdict) {
  Markup list = property("verdict", to_string(verdict.outcome)) + property("reason", verdict.reason) +
                property("baseline", verdict.baseline) + property("policy", verdict.policy) +
                property("policy.digest", digest_or_unknown(policy_of(report))) +
                property("policy.digest_of_run", digest_or_unknown(report.run.policy_digest)) +
                property("campaign.digest", digest_or_unknown(report.run.campaign_digest)) +
                property("vectors.digest", digest_or_unknown(report.vectors.digest)) +
                property("judged_at", verdict.judged_at);
  for (const std::string& retry : retries_of(report)) list += property("failed_attempt", retry);
  for (const std::string& outlier : outliers_of(report)) list += property("board_outlier", outlier);
  if (const Scorecard* card = card_of(report, verdict.candidate)) {
    const BoardIdentity& board = card->info.board;
    list += property("board", board.name) + property("board.kind", board.kind) +
            property("board.serial", board.serial) +
            property("provenance", is_identified(board) ? to_string(board.provenance) : "not known") +
            property("image.digest", digest_or_unknown(board.image)) +
            property("model.digest", digest_or_unknown(card->info.model_digest)) +
            property("mode", to_string(card->info.mode)) +
            property("survived_faults", std::to_string(count_faults(*card))) +
            property("quarantined_vectors", std::to_string(card->quarantined.size()));
  }
  return html::element("properties", {}, list);
}

bool only_warns(const Finding& finding) { return finding.severity == Severity::minor; }

// What CI shows when somebody opens the failure: why, and what would change it.
std::string told(const Finding& finding) {
  std::string words = finding.reason;
  for (const Check* check : worst_first(finding)) {
    if (check->outcome == Outcome::pass || check->would_change.empty()) continue;
    words += "\nwhat would change it: " + check->subject + ": " + check->would_change;
  }
  return words;
}

Markup complaint(Outcome outcome, const std::string& kind, const std::string& message,
                 const std::string& words) {
  switch (outcome) {
    case Outcome::pass:
    case Outcome::waived:
      return {};
    case Outcome::fail:
      return html::element("failure", {{"type", kind}, {"message", message}}, html::text(words));
    case Outcome::inconclusive:
    case Outcome::error:
      break;
  }
  return html::element("error", {{"type", to_string(outcome)}, {"message", message}}, html::text(words));
}

std::string class_name(const Report& report, const Verdict& verdict) {
  return report.run.campaign + "." + verdict.candidate;
}

// Who answers for a failure that is let through, or why nobody's waiver holds.
Markup waiver_properties(const Finding& finding) {
  Markup list;
  for (const WaiverUse& use : finding.waivers) {
    list += property("waiver.applied", use.applied ? "true" : "false") + property("waiver.owner", use.owner) +
            property("waiver.approved_by", use.approved_by) + property("waiver.reason", use.reason) +
            property("waiver.expires", use.expires);
    if (!use.applied) list += property("waiver.refusal", use.refusal);
  }
  return list;
}

Markup rule_case(const Report& report, const Verdict& verdict, const Finding& finding) {
  Markup body = html::element(
      "properties", {},
      property("outcome", to_string(finding.outcome)) + property("severity", to_string(finding.severity)) +
          property("kind", finding.kind) + property("method", finding.method) + waiver_properties(finding));
  if (!only_warns(finding)) body += complaint(finding.outcome, finding.kind, finding.reason, told(finding));
  body += html::element("system-out", {},
                        html::text(std::string(to_string(finding.outcome)) + ": " + finding.reason));
  return html::element("testcase", {{"classname", class_name(report, verdict)}, {"name", finding.rule}},
                       body);
}

// A verdict that its rules do not explain (no baseline, a faulted trial) gets a case of its own, so that a
// suite is never greener than its verdict.
bool is_unexplained(const Verdict& verdict) {
  return urgency(verdict.outcome) > urgency(Outcome::waived) &&
         std::none_of(verdict.findings.begin(), verdict.findings.end(), [&](const Finding& finding) {
           return !only_warns(finding) && urgency(finding.outcome) >= urgency(verdict.outcome);
         });
}

struct Suite {
  Markup cases;
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;

  void add(const Markup& test_case, Outcome outcome) {
    cases += test_case;
    ++tests;
    if (outcome == Outcome::fail) ++failures;
    if (outcome == Outcome::inconclusive || outcome == Outcome::error) ++errors;
  }
};

Suite suite_of(const Report& report, const Verdict& verdict) {
  Suite suite;
  if (is_unexplained(verdict))
    suite.add(html::element("testcase", {{"classname", class_name(report, verdict)}, {"name", "verdict"}},
                            complaint(verdict.outcome, "verdict", verdict.reason, verdict.reason)),
              verdict.outcome);
  for (const bool waived : {true, false}) {  // what was waived comes first
    for (const Finding& finding : verdict.findings) {
      if (has_waiver(finding) != waived) continue;
      suite.add(rule_case(report, verdict, finding), only_warns(finding) ? Outcome::pass : finding.outcome);
    }
  }
  return suite;
}

Markup element_of(const Report& report, const Verdict& verdict) {
  const Suite suite = suite_of(report, verdict);
  return html::element("testsuite",
                       {{"name", verdict.candidate},
                        {"tests", std::to_string(suite.tests)},
                        {"failures", std::to_string(suite.failures)},
                        {"errors", std::to_string(suite.errors)},
                        {"skipped", "0"},
                        {"timestamp", report.run.started_at},
                        {"hostname", report.run.host}},
                       suite_properties(report, verdict) + suite.cases);
}

}  // namespace

std::string render_junit(const Report& report) {
  Markup suites;
  for (const Verdict& verdict : report.verdicts) suites += element_of(report, verdict);
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" +
         html::element("testsuites", {{"name", report.run.campaign}}, suites).str() + "\n";
}

}  // namespace tinyhil::report
