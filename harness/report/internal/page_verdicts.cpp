// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "deciding.hpp"
#include "ordered.hpp"
#include "page.hpp"
#include "picture.hpp"
#include "report/not_shown.hpp"
#include "words.hpp"

namespace tinyhil::report::page {
namespace {

std::string boards_of(const Page& page) {
  std::set<std::string> said;
  std::string words;
  for (const Series& series : page.series) {
    const BoardIdentity& board = series.card->info.board;
    const std::string one = (board.name.empty() ? "a board" : board.name) + " (" + describe(board) + ")";
    if (said.insert(one).second) words += (words.empty() ? "" : ", ") + one;
  }
  return words.empty() ? "no board" : words;
}

html::Markup outcome_line(const Verdict& verdict) {
  return html::element("h2", "outcome",
                       draw_symbol(verdict.outcome) +
                           html::labelled("strong", "", to_string(verdict.outcome)) + html::text(" ") +
                           html::labelled("span", "candidate", verdict.candidate));
}

// The rule that a reader has to see first, with its picture.
html::Markup deciding_rule(const Verdict& verdict) {
  const Deciding first = deciding(verdict);
  if (first.finding == nullptr) return {};
  const char* role = verdict.outcome == Outcome::pass ? "closest to its limit: " : "decided by ";
  html::Markup body =
      html::element("h3", {}, html::labelled("span", "role", role) + html::text(first.finding->rule));
  if (first.check == nullptr) return body;
  if (first.check->estimate) body += picture(*first.finding, *first.check);
  return body += change(*first.check);
}

std::string context_of(const Verdict& verdict) {
  const std::string rules = tally(verdict);
  const std::string rest = "policy " + verdict.policy + " · against " + verdict.baseline;
  return verdict.reason.starts_with(rules) ? rest : rules + " · " + rest;
}

// In short: the section of boards has the figures.
html::Markup standing_apart(const Report& report) {
  std::set<std::string> names;
  for (const BoardComparison& comparison : report.boards)
    for (const BoardOutlier& outlier : comparison.outliers) names.insert(outlier.board);
  html::Markup lines;
  for (const std::string& name : names)
    lines += html::element("p", "caveat",
                           html::text("Board " + name + " stands apart from the others: ") +
                               html::element("a", {{"href", "#boards"}}, html::text("Boards")));
  return lines;
}

html::Markup card(const Verdict& verdict) {
  html::Markup body = outcome_line(verdict) + deciding_rule(verdict);
  body += html::labelled("p", "reason", verdict.reason) + note(context_of(verdict));
  return html::element("article", std::string("verdict ") + to_string(verdict.outcome), body);
}

}  // namespace

html::Markup masthead(const Page& page) {
  const RunRecord& run = page.report.run;
  html::Markup head = html::labelled("p", "brand", "tinyhil release gate");
  head += html::labelled("h1", "", headline(page.report));
  head += note("On " + boards_of(page) + (run.started_at.empty() ? "" : " · " + run.started_at));
  return html::element("header", "masthead", head + caveats(page));
}

html::Markup not_shown(const Page& page) {
  html::Markup items;
  for (const NotShown& one : report::not_shown(page.report))
    items += html::element("li", {}, html::labelled("strong", "", one.topic) + html::text(": " + one.why));
  return items.empty() ? items : html::element("ul", {}, items);
}

html::Markup verdicts(const Page& page) {
  if (page.report.verdicts.empty()) return note("No candidate was judged.");
  html::Markup cards;
  for (const Verdict* verdict : most_urgent_first(page.report.verdicts)) cards += card(*verdict);
  html::Markup body = html::element("div", "verdicts", cards);
  if (const std::string words = family_note(page.report.verdicts); !words.empty()) body += note(words);
  if (const std::string other = other_policy_of(page.report); !other.empty()) body += note(other);
  for (const std::string& control : controls_of(page.report)) body += note(control);
  for (const std::string& runs : earlier_runs_of(page.report)) body += note(runs);
  for (const std::string& retry : retries_of(page.report)) body += note(retry);
  return body += standing_apart(page.report);
}

}  // namespace tinyhil::report::page
