// SPDX-License-Identifier: Apache-2.0
// SARIF 2.1.0, for code scanning. Readers such as GitHub look at `level` and ignore `kind`, so that what is
// open stands there twice: as it is, and as a warning. A rule that could not be judged is a notification of
// the tool, and stands among the results as well.
#include <algorithm>

#include "base/visible.hpp"
#include "report.hpp"
#include "report/internal/json_of.hpp"

namespace tinyhil::report {
namespace {

constexpr const char* kSchema = "https://json.schemastore.org/sarif-2.1.0.json";

struct Place {
  const Report& report;
  const Verdict& verdict;
};

// A file's name as a URI reference.
std::string uri_of(const std::string& name) {
  constexpr const char* kDigits = "0123456789ABCDEF";
  std::string uri;
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '/' || c == '.' || c == '_' || c == '-' || c == '~';
    const auto byte = static_cast<unsigned char>(c);
    uri += plain ? std::string(1, c) : std::string{'%', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return uri;
}

Json locations_of(const Place& place) {
  return Json::array(
      {{{"physicalLocation", {{"artifactLocation", {{"uri", uri_of(place.report.run.campaign_file)}}}}},
        {"logicalLocations", Json::array({{{"fullyQualifiedName",
                                            place.report.run.campaign + "/" + place.verdict.candidate}}})}}});
}

std::string message_of(const Place& place, const Finding& finding) {
  return place.verdict.candidate + " against " + place.verdict.baseline + ": " + to_string(finding.outcome) +
         ": " + finding.reason;
}

Json result_of(const Place& place, const Finding& finding, const char* kind, const char* level) {
  return {{"ruleId", finding.rule},
          {"kind", kind},
          {"level", level},
          {"message", {{"text", message_of(place, finding)}}},
          {"locations", locations_of(place)},
          {"properties",
           {{"candidate", place.verdict.candidate},
            {"outcome", to_string(finding.outcome)},
            {"severity", to_string(finding.severity)}}}};
}

Json suppression_of(const Finding& finding) {
  Json suppression = {{"kind", "external"}, {"status", "accepted"}, {"justification", finding.reason}};
  for (const WaiverUse& use : finding.waivers) {
    if (!use.applied) continue;
    suppression["justification"] = use.reason;
    suppression["properties"] = {
        {"owner", use.owner}, {"approved_by", use.approved_by}, {"expires", use.expires}};
  }
  return suppression;
}

void add_results(Json& results, const Place& place, const Finding& finding) {
  const bool warns = finding.severity == Severity::minor;
  switch (finding.outcome) {
    case Outcome::pass:
      return results.push_back(result_of(place, finding, "pass", "none"));
    case Outcome::fail:
      return results.push_back(result_of(place, finding, "fail", warns ? "warning" : "error"));
    case Outcome::waived:
      results.push_back(result_of(place, finding, "fail", "error"));
      results.back()["suppressions"] = Json::array({suppression_of(finding)});
      return;
    case Outcome::inconclusive:
    case Outcome::error:
      break;
  }
  results.push_back(result_of(place, finding, "open", "none"));
  const bool error = finding.outcome == Outcome::error && !warns;
  results.push_back(result_of(place, finding, "fail", error ? "error" : "warning"));
}

Json notification_of(const std::string& text) { return {{"level", "error"}, {"message", {{"text", text}}}}; }

// The verdict as a rule of its own, where no finding says what it says.
std::vector<Finding> findings_of(const Verdict& verdict) {
  std::vector<Finding> findings = verdict.findings;
  const bool explained = std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
    return finding.severity != Severity::minor && urgency(finding.outcome) >= urgency(verdict.outcome);
  });
  if (explained || verdict.outcome == Outcome::pass) return findings;
  Finding whole;
  whole.rule = "verdict";
  whole.method = "the verdict over all rules";
  whole.outcome = verdict.outcome;
  whole.reason = verdict.reason;
  findings.push_back(whole);
  return findings;
}

void add_rule(Json& rules, const Finding& finding) {
  for (const Json& known : rules) {
    if (known["id"] == finding.rule) return;
  }
  const std::string text = finding.method.empty() ? finding.kind : finding.method;
  rules.push_back({{"id", finding.rule}, {"shortDescription", {{"text", text.empty() ? "a rule" : text}}}});
}

struct Lists {
  Json rules = Json::array();
  Json results = Json::array();
  Json notifications = Json::array();
};

Lists lists_of(const Report& report) {
  Lists lists;
  for (const Verdict& verdict : report.verdicts) {
    const Place place{report, verdict};
    for (const Finding& finding : findings_of(verdict)) {
      add_rule(lists.rules, finding);
      add_results(lists.results, place, finding);
      if (finding.outcome == Outcome::error)
        lists.notifications.push_back(notification_of(finding.rule + ": " + message_of(place, finding)));
    }
  }
  if (report.verdicts.empty()) lists.notifications.push_back(notification_of("no candidate was judged"));
  return lists;
}

Json driver_of(const Report& report, const Json& rules) {
  return {{"name", "tinyhil"}, {"version", report.run.version}, {"rules", rules}};
}

}  // namespace

std::string render_sarif(const Report& report) {
  const Lists lists = lists_of(report);
  const Json invocation = {{"executionSuccessful", lists.notifications.empty()},
                           {"toolExecutionNotifications", lists.notifications}};
  const Json run = {
      {"tool", {{"driver", driver_of(report, lists.rules)}}},
      {"automationDetails", {{"id", report.run.campaign + "/" + std::to_string(report.run.id)}}},
      {"invocations", Json::array({invocation})},
      {"results", lists.results}};
  const Json document = {{"$schema", kSchema}, {"version", "2.1.0"}, {"runs", Json::array({run})}};
  return visible(document.dump(1, ' ', false, Json::error_handler_t::replace)) + "\n";
}

}  // namespace tinyhil::report
