// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "numbers.hpp"
#include "ordered.hpp"
#include "page.hpp"
#include "plots.hpp"

namespace tinyhil::page {
namespace {

constexpr std::size_t kChecksShown = 60;  // of one finding, the most urgent first; report.json has all

html::Markup figures(const Check& check, bool difference) {
  const std::string limit =
      check.limit ? "limit " + format_limit(*check.limit, check.unit, difference) : "no limit";
  html::Markup words = html::labelled("b", "", format_quantity(*check.estimate, check.unit, difference)) +
                       html::labelled("span", "", format_interval(check.interval, check.unit, difference)) +
                       html::labelled("span", "", limit);
  if (check.more_vectors)
    words += html::labelled("span", "more",
                            "about " + format_count(*check.more_vectors) + " more vectors would decide");
  return html::element("p", "figures", words);
}

html::Markup subject(const Check& check) {
  return html::element(
      "p", "subject",
      draw_symbol(check.outcome) + html::labelled("span", "unseen", to_string(check.outcome)) +
          html::element(
              "span", "name",
              html::text(check.subject + " ") + html::labelled("small", "", "n " + format_count(check.n))));
}

html::Markup check_row(const Check& check, const CheckScale& scale) {
  html::Markup row = subject(check);
  if (check.estimate)
    row += draw_check(check, scale) + figures(check, scale.difference);
  else
    row += html::labelled("p", "note unmeasured", check.reason.empty() ? "no value" : check.reason);
  return html::element("li", to_string(check.outcome), row);
}

html::Markup scale_row(const CheckScale& scale) {
  return html::element("li", {{"class", "scale-row"}, {"aria-hidden", "true"}},
                       draw_scale(scale.axis, labelled_ticks(scale.axis, scale.unit, scale.difference)));
}

html::Markup check_group(const std::vector<const Check*>& checks, bool difference) {
  const CheckScale scale = scale_of(checks, difference);
  html::Markup rows;
  for (const Check* check : checks) rows += check_row(*check, scale);
  // A count of zero held against a limit of zero needs no scale.
  const bool says_more = std::any_of(checks.begin(), checks.end(), [](const Check* check) {
    return check->estimate && (check->interval || check->estimate != check->limit);
  });
  return says_more ? rows + scale_row(scale) : rows;
}

// Unlike units share no scale. Groups in the order of their most urgent check.
std::vector<std::vector<const Check*>> by_unit(const std::vector<const Check*>& checks) {
  std::vector<std::vector<const Check*>> groups;
  for (const Check* check : checks) {
    const auto same = std::find_if(groups.begin(), groups.end(),
                                   [&](const auto& group) { return group.front()->unit == check->unit; });
    if (same == groups.end())
      groups.push_back({check});
    else
      same->push_back(check);
  }
  return groups;
}

html::Markup check_list(const Finding& finding) {
  if (finding.checks.empty()) return {};
  std::vector<const Check*> checks = most_urgent_first(finding.checks);
  const std::size_t hidden = checks.size() > kChecksShown ? checks.size() - kChecksShown : 0;
  checks.resize(checks.size() - hidden);
  html::Markup rows;
  for (const auto& group : by_unit(checks)) rows += check_group(group, is_difference(finding));
  html::Markup list = html::element("ul", "checks", rows);
  if (hidden > 0) list += note("and " + format_count(hidden) + " more in report.json");
  return list;
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
  html::Markup body = finding_title(finding) + html::labelled("p", "reason", finding.reason);
  body += check_list(finding);
  if (!finding.method.empty()) body += note(finding.method);
  return html::element("article", std::string("finding ") + to_string(finding.outcome), body);
}

html::Markup candidate_block(const Verdict& verdict) {
  html::Markup body = html::element("h3", {},
                                    html::labelled("span", "name", verdict.candidate) + html::text(" ") +
                                        html::labelled("small", "role", tally(verdict)));
  for (const Finding* finding : most_urgent_first(verdict.findings)) body += finding_block(*finding);
  if (verdict.findings.empty()) body += note("No rule was evaluated.");
  return html::element("div", "candidate-rules", body);
}

}  // namespace

html::Markup rules(const Page& page) {
  if (page.report.verdicts.empty()) return {};
  html::Markup body =
      note("Point: estimate. Whisker: interval. Vertical line: limit; its forbidden side is shaded.");
  for (const Verdict* verdict : most_urgent_first(page.report.verdicts)) body += candidate_block(*verdict);
  return body;
}

}  // namespace tinyhil::page
