// SPDX-License-Identifier: Apache-2.0
// Point, whisker, limit: one check. The side that the limit forbids is shaded.
#include <algorithm>
#include <cmath>

#include "numbers.hpp"
#include "plots.hpp"
#include "words.hpp"

namespace tinyhil {
namespace {

constexpr const char* kMiddle = "14";

html::Markup line(const std::string& css_class, const std::string& x1, const std::string& x2,
                  const std::string& y1, const std::string& y2) {
  return html::element("line", {{"class", css_class}, {"x1", x1}, {"x2", x2}, {"y1", y1}, {"y2", y2}});
}

html::Markup draw_forbidden(double limit, const CheckScale& scale) {
  const double edge = 100 * scale.axis.fraction(limit);
  const bool left = scale.allowed == AllowedSide::above;
  return html::element("rect", {{"class", "forbidden"},
                                {"x", left ? "0" : scale.axis.position(limit)},
                                {"width", std::to_string(left ? edge : 100 - edge) + "%"},
                                {"height", "28"}});
}

html::Markup draw_limit(double limit, const CheckScale& scale) {
  const std::string x = scale.axis.position(limit);
  html::Markup marks;
  if (scale.allowed != AllowedSide::unknown) marks += draw_forbidden(limit, scale);
  return marks += line("limit", x, x, "0", "28");
}

html::Markup draw_whisker(const Interval& interval, const CheckScale& scale) {
  const std::string low = scale.axis.position(interval.low);
  const std::string high = scale.axis.position(interval.high);
  html::Markup marks = line("whisker", low, high, kMiddle, kMiddle);
  // An end without a cap goes on beyond the drawing.
  if (!is_open_end(interval.low, scale.unit, scale.difference)) marks += line("whisker", low, low, "9", "19");
  if (!is_open_end(interval.high, scale.unit, scale.difference))
    marks += line("whisker", high, high, "9", "19");
  return marks;
}

bool is_number(const std::optional<double>& value) { return value && std::isfinite(*value); }

bool is_drawable(const std::optional<Interval>& interval) {
  return interval && !std::isnan(interval->low) && !std::isnan(interval->high);
}

html::Markup draw_marks(const Check& check, const CheckScale& scale) {
  html::Markup marks;
  if (is_number(check.limit)) marks += draw_limit(*check.limit, scale);
  if (is_drawable(check.interval)) marks += draw_whisker(*check.interval, scale);
  if (is_number(check.estimate))
    marks += html::element(
        "circle",
        {{"class", "point"}, {"cx", scale.axis.position(*check.estimate)}, {"cy", kMiddle}, {"r", "4.5"}});
  return marks;
}

AllowedSide opposite(AllowedSide side) {
  if (side == AllowedSide::above) return AllowedSide::below;
  return side == AllowedSide::below ? AllowedSide::above : side;
}

// A pass or fail was decided by the whole interval, so its estimate lies on that side too.
AllowedSide side_shown_by(const Check& check) {
  if (!is_number(check.estimate) || !is_number(check.limit) || *check.estimate == *check.limit)
    return AllowedSide::unknown;
  const AllowedSide side = *check.estimate > *check.limit ? AllowedSide::above : AllowedSide::below;
  if (check.outcome == Outcome::pass) return side;
  return check.outcome == Outcome::fail ? opposite(side) : AllowedSide::unknown;
}

AllowedSide side_of(const std::vector<const Check*>& checks) {
  for (const Check* check : checks)
    if (const AllowedSide side = side_shown_by(*check); side != AllowedSide::unknown) return side;
  return AllowedSide::unknown;
}

}  // namespace

std::vector<Tick> labelled_ticks(const Axis& axis, const std::string& unit, bool difference) {
  std::vector<Tick> ticks;
  for (const double value : axis.ticks()) ticks.push_back({value, format_limit(value, unit, difference)});
  return ticks;
}

CheckScale scale_of(const std::vector<const Check*>& checks, bool difference) {
  const std::string unit = checks.empty() ? "" : checks.front()->unit;
  std::vector<double> values;
  for (const Check* check : checks) {
    if (check->estimate) values.push_back(*check->estimate);
    if (check->limit) values.push_back(*check->limit);
    if (!check->interval) continue;
    for (const double end : {check->interval->low, check->interval->high})
      if (!is_open_end(end, unit, difference)) values.push_back(end);
  }
  if (unit != "ratio") values.push_back(0);  // bytes, counts and times start there
  return {Axis::around(values), unit, difference, side_of(checks)};
}

std::string describe(const Check& check, bool difference) {
  const std::string interval = format_interval(check.interval, check.unit, difference);
  std::string words = check.estimate ? format_quantity(*check.estimate, check.unit, difference) : "no value";
  if (!interval.empty()) words += ", interval " + interval;
  if (check.limit) words += ", limit " + format_limit(*check.limit, check.unit, difference);
  return words + ", n = " + format_count(check.n);
}

html::Markup draw_check(const Check& check, const CheckScale& scale) {
  const std::string title =
      check.subject + ": " + to_string(check.outcome) + "; " + describe(check, scale.difference);
  return html::element(
      "svg",
      {{"class", std::string("check-plot ") + to_string(check.outcome)}, {"height", "28"}, {"role", "img"}},
      html::element("title", {}, html::text(title)) + line("ground", "0", "100%", kMiddle, kMiddle) +
          draw_marks(check, scale));
}

}  // namespace tinyhil
