// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "numbers.hpp"
#include "page.hpp"
#include "printable.hpp"
#include "words.hpp"

namespace tinyhil::report::page {
namespace {

constexpr std::size_t kEvidenceLimit = 4000;
constexpr std::size_t kSurvivedEvidenceLimit = 800;
constexpr std::size_t kSurvivedShown = 12;

bool is_worth_saying(const Scorecard& card) {
  const bool has_survived = std::ranges::any_of(
      card.survived, [](const SurvivedFault& one) { return whose(one) != Whose::read_back; });
  return card.fault || card.state != TrialState::complete || card.failed_inferences > 0 ||
         card.nondeterministic > 0 || has_survived || !card.quarantined.empty();
}

html::Markup words_of(const Fault& fault) {
  return html::labelled("strong", "", to_string(fault.kind)) + html::text(": " + fault.what);
}

html::Markup evidence_of(const Fault& fault, std::size_t limit) {
  return fault.evidence.empty() ? html::Markup()
                                : html::labelled("pre", "evidence", clipped(fault.evidence, limit));
}

html::Markup item(const std::string& words) { return html::labelled("li", "", words); }

html::Markup counts(const Scorecard& card) {
  html::Markup list;
  if (card.state != TrialState::complete)
    list += item(std::string("The trial is ") + to_string(card.state) + ": " + format_count(card.inferences) +
                 " inferences were stored.");
  if (card.failed_inferences > 0)
    list += item(format_count(card.failed_inferences) + " inferences failed on the device.");
  if (card.nondeterministic > 0)
    list += item(format_count(card.nondeterministic) + " vectors gave different outputs when repeated.");
  return list.empty() ? list : html::element("ul", {}, list);
}

html::Markup fatal(const Fault& fault) {
  html::Markup body = html::element("p", {}, words_of(fault));
  if (!fault.remedy.empty()) body += html::element("p", {}, html::text(fault.remedy));
  return body + evidence_of(fault, kEvidenceLimit);
}

html::Markup survived_item(const SurvivedFault& survived) {
  html::Markup body = words_of(survived.fault);
  if (survived.vector) body = html::text("vector " + format_count(survived.vector->value) + ", ") + body;
  return html::element("li", {}, body + evidence_of(survived.fault, kSurvivedEvidenceLimit));
}

html::Markup survived(const Scorecard& card, Whose wanted, const std::string& headline) {
  if (headline.empty()) return {};
  html::Markup items;
  std::size_t count = 0;
  for (const SurvivedFault& one : card.survived) {
    if (whose(one) != wanted) continue;
    if (++count <= kSurvivedShown) items += survived_item(one);
  }
  if (count > kSurvivedShown)
    items += item("and " + format_count(count - kSurvivedShown) + " more in report.json");
  return html::labelled("p", "survived", headline) + html::element("ul", {}, items);
}

html::Markup quarantine(const Scorecard& card) {
  if (card.quarantined.empty()) return {};
  return html::element("p", "survived",
                       html::text(quarantine_of(card) +
                                  ". A quarantined vector counts as a wrong answer and has no latency."));
}

html::Markup entry(const Series& series) {
  const Scorecard& card = *series.card;
  html::Markup body = html::element("h3", {}, name_of(series));
  if (card.fault) body += fatal(*card.fault);
  body += quarantine(card) + survived(card, Whose::of_the_device, survived_of(card)) + counts(card);
  body += survived(card, Whose::from_outside, outside_troubles_of(card));
  return body + survived(card, Whose::remark, remarks_of(card));
}

}  // namespace

html::Markup faults(const Page& page) {
  html::Markup body;
  for (const Series& series : page.series)
    if (is_worth_saying(*series.card)) body += entry(series);
  return body;
}

}  // namespace tinyhil::report::page
