// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "ordered.hpp"
#include "page.hpp"
#include "words.hpp"

namespace tinyhil::page {
namespace {

std::string boards_of(const Page& page) {
  std::set<std::string> names;
  std::string words;
  for (const Series& series : page.series) {
    const BoardIdentity& board = series.card->info.board;
    if (names.insert(board.name).second)
      words += (words.empty() ? "" : ", ") + board.name + " (" + board.kind + ", " +
               describe(board.provenance) + ")";
  }
  return words.empty() ? "no board" : words;
}

html::Markup outcome_word(Outcome outcome) {
  return html::element("p", "outcome",
                       draw_symbol(outcome) + html::labelled("strong", "", to_string(outcome)));
}

html::Markup card(const Verdict& verdict) {
  html::Markup body = outcome_word(verdict.outcome);
  body += html::labelled("h2", "candidate", verdict.candidate);
  body += html::labelled("p", "reason", verdict.reason);
  body += html::labelled("p", "note",
                         tally(verdict) + " · policy " + verdict.policy + " · against " + verdict.baseline);
  return html::element("article", std::string("verdict ") + to_string(verdict.outcome), body);
}

}  // namespace

html::Markup masthead(const Page& page) {
  const RunRecord& run = page.report.run;
  html::Markup head = html::labelled("p", "brand", "tinyhil release gate");
  head += html::labelled("h1", "", run.campaign);
  head += note("On " + boards_of(page) + " · " + run.started_at);
  return html::element("header", "masthead", head + caveats(page));
}

html::Markup verdicts(const Page& page) {
  if (page.report.verdicts.empty()) return note("No candidate was judged.");
  html::Markup cards;
  for (const Verdict* verdict : most_urgent_first(page.report.verdicts)) cards += card(*verdict);
  return html::element("div", "verdicts", cards);
}

}  // namespace tinyhil::page
