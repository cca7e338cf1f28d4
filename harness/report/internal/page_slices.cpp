// SPDX-License-Identifier: Apache-2.0
#include "numbers.hpp"
#include "page.hpp"
#include "plots.hpp"
#include "slice_rows.hpp"

namespace tinyhil::report::page {
namespace {

constexpr std::size_t kRowsShown = 120;

html::Markup score_cell(const Series& series, const SliceScore* score) {
  html::Markup cell = draw_marker(series) + html::labelled("span", "unseen", series.name) +
                      html::labelled("b", "", score == nullptr ? "–" : format_proportion(score->accuracy));
  const bool lowest = score != nullptr && is_lowest(*score, *series.card);
  if (lowest) cell += html::labelled("em", "lowest", "lowest");
  return html::element("span", lowest ? "score worst" : "score", cell);
}

html::Markup row_of(const SliceRow& row, const std::vector<Series>& series, const Axis& axis) {
  html::Markup scores;
  for (std::size_t i = 0; i < series.size(); ++i) scores += score_cell(series[i], row.scores.at(i));
  html::Markup label = html::labelled("span", "name", row.value) + html::text(" ") +
                       html::labelled("small", "", "n " + format_count(vectors_in(row)));
  return html::element("li", {},
                       html::element("p", "subject", label) + draw_slice(row, series, axis) +
                           html::element("p", "scores", scores));
}

html::Markup overall(const Page& page) {
  html::Markup items;
  for (const Series& series : page.series) {
    const Proportion& accuracy = series.card->accuracy;
    std::string words = format_proportion(accuracy);
    if (accuracy.n > 0)
      words += " (" + format_interval(accuracy) + "), " + format_sum(accuracy.successes) + " of " +
               format_count(accuracy.n);
    items += html::element("li", {}, name_of(series) + html::labelled("span", "figure", words));
  }
  return html::element("ul", "overall", items);
}

html::Markup groups(const std::vector<SliceRow>& rows, const std::vector<Series>& series) {
  const Axis axis = slice_axis(rows);
  html::Markup groups;
  std::size_t begin = 0;
  while (begin < rows.size()) {
    html::Markup list;
    std::size_t end = begin;
    for (; end < rows.size() && rows[end].slice == rows[begin].slice; ++end)
      list += row_of(rows[end], series, axis);
    groups += html::labelled("h3", "", "by " + rows[begin].slice) + html::element("ul", "slices", list);
    begin = end;
  }
  return groups +
         html::element("div", "slice-scale", draw_scale(axis, labelled_ticks(axis, Unit::ratio, false)));
}

}  // namespace

html::Markup slices(const Page& page) {
  html::Markup body = overall(page);
  const std::vector<SliceRow> rows = slice_rows(page.series, kRowsShown);
  const std::size_t all = count_slices(page.series);
  body += note("Accuracy on all vectors, then by slice; two-sided 95 % intervals.");
  if (rows.empty()) return body + note("The vector set defines no slices.");
  body += groups(rows, page.series);
  if (all > rows.size())
    body += note("The " + format_count(rows.size()) + " lowest of " + format_count(all) +
                 " slices; report.json has all.");
  return body;
}

}  // namespace tinyhil::report::page
