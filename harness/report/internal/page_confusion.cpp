// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "numbers.hpp"
#include "page.hpp"

namespace tinyhil::report::page {
namespace {

constexpr std::size_t kMatrixClasses =
    24;  // beyond, a matrix is unreadable and the list of mistakes says more
constexpr std::size_t kMistakesShown = 12;

bool has_matrix(const Scorecard& card) {
  return !card.classes.empty() && card.confusion.size() == card.classes.size() * card.classes.size();
}

std::uint64_t at(const Scorecard& card, std::size_t label, std::size_t prediction) {
  return card.confusion[label * card.classes.size() + prediction];
}

html::Markup cell(const Scorecard& card, std::size_t label, std::size_t prediction) {
  const auto row = card.confusion.begin() + static_cast<std::ptrdiff_t>(label * card.classes.size());
  const std::uint64_t total =
      std::accumulate(row, row + static_cast<std::ptrdiff_t>(card.classes.size()), std::uint64_t{0});
  const std::uint64_t count = at(card, label, prediction);
  if (count == 0) return html::element("td", "none", html::text("·"));
  const double share = static_cast<double>(count) / static_cast<double>(total);
  return html::element(
      "td",
      {{"class", label == prediction ? "hit" : "miss"}, {"style", fmt::format("--share:{:.3f}", share)}},
      html::text(format_count(count)));
}

html::Markup matrix(const Scorecard& card) {
  html::Markup head = html::element("td", {});
  for (const std::string& name : card.classes)
    head += html::element("th", {{"scope", "col"}}, html::labelled("span", "", name));
  html::Markup rows = html::element("tr", {}, head);
  for (std::size_t label = 0; label < card.classes.size(); ++label) {
    html::Markup row = html::element("th", {{"scope", "row"}}, html::text(card.classes[label]));
    for (std::size_t prediction = 0; prediction < card.classes.size(); ++prediction)
      row += cell(card, label, prediction);
    rows += html::element("tr", {}, row);
  }
  return html::element("table", {}, html::element("tbody", {}, rows));
}

struct Mistake {
  std::uint64_t count;
  std::size_t label;
  std::size_t prediction;
};

std::vector<Mistake> mistakes_of(const Scorecard& card) {
  std::vector<Mistake> mistakes;
  for (std::size_t label = 0; label < card.classes.size(); ++label)
    for (std::size_t prediction = 0; prediction < card.classes.size(); ++prediction)
      if (label != prediction && at(card, label, prediction) > 0)
        mistakes.push_back({at(card, label, prediction), label, prediction});
  std::stable_sort(mistakes.begin(), mistakes.end(),
                   [](const Mistake& a, const Mistake& b) { return a.count > b.count; });
  if (mistakes.size() > kMistakesShown) mistakes.resize(kMistakesShown);
  return mistakes;
}

html::Markup mistake_list(const Scorecard& card) {
  html::Markup items;
  for (const Mistake& mistake : mistakes_of(card))
    items += html::labelled("li", "",
                            card.classes[mistake.label] + " taken for " + card.classes[mistake.prediction] +
                                ": " + format_count(mistake.count));
  if (items.empty()) return note("No mistakes.");
  return note("The most frequent mistakes of " + format_count(card.classes.size()) + " classes:") +
         html::element("ol", {}, items);
}

html::Markup figure(const Series& series) {
  const Scorecard& card = *series.card;
  html::Markup body = html::element("figcaption", {}, name_of(series));
  if (!has_matrix(card))
    body += note("No predictions.");
  else if (card.classes.size() > kMatrixClasses)
    body += mistake_list(card);
  else
    body += html::element("div",
                          {{"class", "scroll"},
                           {"tabindex", "0"},
                           {"role", "region"},
                           {"aria-label", "Confusion matrix of " + series.name}},
                          matrix(card));
  return html::element("figure", "confusion", body);
}

}  // namespace

html::Markup confusion(const Page& page) {
  html::Markup figures;
  for (const Series& series : page.series)
    if (series.card->task.has_classes) figures += figure(series);
  if (figures.empty()) return {};
  return note("Row: label. Column: prediction. Number: vectors.") + html::element("div", "matrices", figures);
}

}  // namespace tinyhil::report::page
