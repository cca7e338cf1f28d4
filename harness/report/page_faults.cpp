// SPDX-License-Identifier: Apache-2.0
#include "numbers.hpp"
#include "page.hpp"
#include "printable.hpp"

namespace tinyhil::page {
namespace {

constexpr std::size_t kEvidenceLimit = 4000;

bool is_worth_saying(const Scorecard& card) {
  return card.fault || card.state != TrialState::complete || card.failed_inferences > 0 ||
         card.nondeterministic > 0;
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

html::Markup entry(const Series& series) {
  const Scorecard& card = *series.card;
  html::Markup body = html::element("h3", {}, name_of(series));
  if (card.fault) {
    body += html::element(
        "p", {},
        html::labelled("strong", "", to_string(card.fault->kind)) + html::text(": " + card.fault->what));
    if (!card.fault->remedy.empty()) body += html::element("p", {}, html::text(card.fault->remedy));
    if (!card.fault->evidence.empty())
      body += html::labelled("pre", "evidence", clipped(card.fault->evidence, kEvidenceLimit));
  }
  return body + counts(card);
}

}  // namespace

html::Markup faults(const Page& page) {
  html::Markup body;
  for (const Series& series : page.series)
    if (is_worth_saying(*series.card)) body += entry(series);
  return body;
}

}  // namespace tinyhil::page
