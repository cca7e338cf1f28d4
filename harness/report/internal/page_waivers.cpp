// SPDX-License-Identifier: Apache-2.0
// Failures that a waiver lets through. A waived release has not passed, so this comes before the verdict.
#include <algorithm>

#include "ordered.hpp"
#include "page.hpp"

namespace tinyhil::report::page {
namespace {

html::Markup words_of(const WaiverUse& use) {
  html::Markup words = html::text("owner " + use.owner + ", approved by " + use.approved_by + ", ");
  words += html::labelled("b", "", "valid through " + use.expires + (use.expires_soon ? ", soon over" : ""));
  return words += html::text(": " + use.reason);
}

html::Markup line_of(const Verdict& verdict, const Finding& finding) {
  html::Markup line = html::labelled("b", "", verdict.candidate + ", " + finding.rule) + html::text(": ");
  if (has_waiver(finding))
    line += words_of(finding.waivers.back());
  else
    line += html::text(finding.reason);
  return html::element("li", {}, line);
}

html::Markup lines_of(const Verdict& verdict) {
  html::Markup lines;
  for (const Finding& finding : verdict.findings)
    if (is_waived(finding)) lines += line_of(verdict, finding);
  return lines;
}

}  // namespace

html::Markup waived(const Page& page) {
  html::Markup lines;
  for (const Verdict* verdict : most_urgent_first(page.report.verdicts)) lines += lines_of(*verdict);
  if (lines.empty()) return {};
  const html::Markup title = html::element(
      "h2", {},
      draw_symbol(Outcome::waived) +
          html::labelled("span", "", "Waived: these rules failed, and somebody answers for it"));
  return html::element("aside", "waivers waived", title + html::element("ul", {}, lines));
}

html::Markup waivers_of(const Finding& finding) {
  html::Markup lines;
  for (const WaiverUse& use : finding.waivers) {
    const std::string verb = use.applied ? "Waived: " : "Waiver not applied, " + use.refusal + ": ";
    lines += html::element("p", use.applied ? "waiver waived" : "waiver",
                           html::labelled("b", "", verb) + words_of(use));
  }
  return lines;
}

}  // namespace tinyhil::report::page
