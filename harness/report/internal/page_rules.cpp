// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "ordered.hpp"
#include "page.hpp"
#include "picture.hpp"

namespace tinyhil::report::page {
namespace {

std::vector<const Finding*> waived_first(const Verdict& verdict) {
  std::vector<const Finding*> findings = most_urgent_first(verdict.findings);
  std::stable_partition(findings.begin(), findings.end(),
                        [](const Finding* finding) { return is_waived(*finding); });
  return findings;
}

html::Markup finding_title(const Finding& finding) {
  std::string role = spelled(finding.kind) + " · " + to_string(finding.severity);
  if (finding.severity == Severity::minor) role += ", warns only";
  return html::element("h4", {},
                       draw_symbol(finding.outcome) + html::labelled("span", "name", finding.rule) +
                           html::text(" ") + html::labelled("span", "word", to_string(finding.outcome)) +
                           html::text(" ") + html::labelled("small", "role", role));
}

html::Markup finding_block(const Finding& finding) {
  html::Markup body = finding_title(finding) + waivers_of(finding);
  body += picture(finding) + html::labelled("p", "reason", finding.reason) + changes(finding);
  if (!finding.method.empty()) body += note(finding.method);
  return html::element("article", std::string("finding ") + to_string(finding.outcome), body);
}

html::Markup candidate_block(const Verdict& verdict) {
  html::Markup body = html::element("h3", {},
                                    html::labelled("span", "name", verdict.candidate) + html::text(" ") +
                                        html::labelled("small", "role", tally(verdict)));
  for (const Finding* finding : waived_first(verdict)) body += finding_block(*finding);
  if (verdict.findings.empty()) body += note("No rule was evaluated.");
  return html::element("div", "candidate-rules", body);
}

}  // namespace

html::Markup rules(const Page& page) {
  if (page.report.verdicts.empty()) return {};
  html::Markup body = note(
      "Dot: estimate. Bar: interval; what it covers cannot be ruled out. Line: limit, the side that it "
      "forbids "
      "is hatched. A rule passes when the whole bar keeps the limit, and fails when none of it does.");
  for (const Verdict* verdict : most_urgent_first(page.report.verdicts)) body += candidate_block(*verdict);
  return body;
}

}  // namespace tinyhil::report::page
