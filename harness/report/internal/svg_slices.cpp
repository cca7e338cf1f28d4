// SPDX-License-Identifier: Apache-2.0
// Accuracy of one slice: a dot and whisker a series, each on its own line.
#include "numbers.hpp"
#include "plots.hpp"

namespace tinyhil::report {
namespace {

constexpr int kLine = 13;
constexpr int kMargin = 12;

std::string describe_score(const Series& series, const SliceScore& score) {
  return series.name + " " + format_proportion(score.accuracy) + " (" + format_interval(score.accuracy) +
         ", n = " + format_count(score.accuracy.n) + ")";
}

html::Markup draw_score(const Series& series, const SliceScore& score, const Axis& axis, int line) {
  const std::string y = std::to_string(kMargin + kLine * line);
  html::Markup marks = html::element("line", {{"class", "whisker"},
                                              {"x1", axis.position(score.accuracy.interval.low)},
                                              {"x2", axis.position(score.accuracy.interval.high)},
                                              {"y1", y},
                                              {"y2", y}});
  marks += html::element(
      "use", {{"href", "#" + series.marker}, {"x", axis.position(score.accuracy.value())}, {"y", y}});
  return html::element("g", series.css_class, marks);
}

}  // namespace

Axis slice_axis(const std::vector<SliceRow>& rows) {
  std::vector<double> values;
  for (const SliceRow& row : rows) {
    for (const SliceScore* score : row.scores) {
      if (score == nullptr || score->accuracy.n == 0) continue;
      for (const double value :
           {score->accuracy.value(), score->accuracy.interval.low, score->accuracy.interval.high})
        values.push_back(value);
    }
  }
  return Axis::around(values).clamped(0, 1);
}

html::Markup draw_slice(const SliceRow& row, const std::vector<Series>& series, const Axis& axis) {
  std::string title = row.slice + " = " + row.value + ": ";
  html::Markup marks;
  for (const double tick : axis.ticks())
    marks += html::element(
        "line",
        {{"class", "grid"}, {"x1", axis.position(tick)}, {"x2", axis.position(tick)}, {"y2", "100%"}});
  for (std::size_t i = 0; i < series.size(); ++i) {
    const SliceScore* score = row.scores.at(i);
    if (score == nullptr || score->accuracy.n == 0) continue;
    title += describe_score(series[i], *score) + "; ";
    marks += draw_score(series[i], *score, axis, static_cast<int>(i));
  }
  const int height = 2 * kMargin + kLine * (static_cast<int>(series.size()) - 1);
  return html::element("svg", {{"class", "slice-plot"}, {"height", std::to_string(height)}, {"role", "img"}},
                       html::element("title", {}, html::text(title)) + marks);
}

}  // namespace tinyhil::report
