// SPDX-License-Identifier: Apache-2.0
// Dot, bar, line: estimate, interval and limit of one check. The side that the limit forbids is hatched.
// Heights are percent like widths, because a row is as high as the words beside it.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "model/reading.hpp"
#include "numbers.hpp"
#include "plots.hpp"

namespace tinyhil::report {
namespace {

constexpr const char* kMiddle = "50%";

bool is_number(const std::optional<double>& value) { return value && std::isfinite(*value); }

bool is_drawable(const std::optional<Interval>& interval) {
  return interval && !std::isnan(interval->low) && !std::isnan(interval->high);
}

// Down to the bottom.
html::Markup vertical(const std::string& css_class, const std::string& x, const std::string& top = "0") {
  return html::element("line", {{"class", css_class}, {"x1", x}, {"x2", x}, {"y1", top}, {"y2", "100%"}});
}

html::Markup bar(const std::string& low, const std::string& high) {
  return html::element("line",
                       {{"class", "interval"}, {"x1", low}, {"x2", high}, {"y1", kMiddle}, {"y2", kMiddle}});
}

html::Markup cap(const std::string& x) {
  return html::element("use", {{"href", "#cap"}, {"class", "cap"}, {"x", x}, {"y", kMiddle}});
}

html::Markup draw_forbidden(const Check& check, const CheckScale& scale) {
  const double edge = 100 * scale.axis.fraction(*check.limit);
  const bool left = allowed_side(check) == Allowed::at_least;
  const std::string x = left ? "0" : scale.axis.position(*check.limit);
  const std::string width = fmt::format("{:.2f}%", left ? edge : 100 - edge);
  html::Markup marks;
  for (const char* css_class : {"forbidden", "hatched"})
    marks += html::element("rect", {{"class", css_class}, {"x", x}, {"width", width}, {"height", "100%"}});
  return marks;
}

html::Markup draw_limit(const Check& check, const CheckScale& scale) {
  const std::string x = scale.axis.position(*check.limit);
  return draw_forbidden(check, scale) + vertical("limit", x);
}

html::Markup draw_interval(const Interval& interval, const CheckScale& scale) {
  const std::string low = scale.axis.position(interval.low);
  const std::string high = scale.axis.position(interval.high);
  html::Markup marks = bar(low, high);
  // An end without a cap goes on beyond the drawing.
  if (!is_open_end(interval.low, scale.unit, scale.difference)) marks += cap(low);
  if (!is_open_end(interval.high, scale.unit, scale.difference)) marks += cap(high);
  return marks;
}

html::Markup draw_grid(const CheckScale& scale) {
  html::Markup marks;
  for (const Tick& tick : scale.ticks) {
    const std::string x = scale.axis.position(tick.value);
    marks += vertical(tick.value == 0 ? "grid zero" : "grid", x);
  }
  return marks;
}

html::Markup draw_marks(const Check& check, const CheckScale& scale) {
  html::Markup marks = draw_grid(scale);
  if (is_number(check.limit)) marks += draw_limit(check, scale);
  if (is_drawable(check.interval)) marks += draw_interval(*check.interval, scale);
  if (is_number(check.estimate))
    marks += html::element(
        "circle",
        {{"class", "point"}, {"cx", scale.axis.position(*check.estimate)}, {"cy", kMiddle}, {"r", "5"}});
  return marks;
}

bool is_whole(const std::optional<double>& value) { return !value || *value == std::floor(*value); }

// There is no half a byte and no half a failed inference.
bool are_counts(const std::vector<const Check*>& checks) {
  return std::all_of(checks.begin(), checks.end(), [](const Check* check) {
    return check->unit != Unit::ratio && !check->interval && is_whole(check->estimate) &&
           is_whole(check->limit);
  });
}

std::vector<double> values_of(const std::vector<const Check*>& checks, bool difference) {
  std::vector<double> values;
  for (const Check* check : checks) {
    if (check->estimate) values.push_back(*check->estimate);
    if (check->limit) values.push_back(*check->limit);
    if (!check->interval) continue;
    for (const double end : {check->interval->low, check->interval->high})
      if (!is_open_end(end, check->unit, difference)) values.push_back(end);
  }
  return values;
}

}  // namespace

std::vector<Tick> labelled_ticks(const Axis& axis, Unit unit, bool difference) {
  std::vector<Tick> ticks;
  for (const double value : axis.ticks()) ticks.push_back({value, format_limit(value, unit, difference)});
  return ticks;
}

CheckScale scale_of(const std::vector<const Check*>& checks, bool difference) {
  const Unit unit = checks.empty() ? Unit::none : checks.front()->unit;
  std::vector<double> values = values_of(checks, difference);
  values.push_back(0);  // bytes, counts and times start there, differences turn there
  CheckScale scale{Axis::around(values), unit, difference, {}};
  scale.ticks = labelled_ticks(scale.axis, unit, difference);
  if (are_counts(checks))
    std::erase_if(scale.ticks, [](const Tick& tick) { return tick.value != std::floor(tick.value); });
  return scale;
}

std::string limit_in_words(const Check& check, bool difference) {
  const bool at_most = allowed_side(check) == Allowed::at_most;
  if (at_most && *check.limit == 0 && check.unit != Unit::ratio) return "none allowed";
  return (at_most ? "at most " : "at least ") + format_limit(*check.limit, check.unit, difference);
}

std::string describe(const Check& check, bool difference) {
  const std::string interval = format_interval(check.interval, check.unit, difference);
  std::string words = check.estimate ? format_quantity(*check.estimate, check.unit, difference) : "no value";
  if (!interval.empty()) words += ", interval " + interval;
  if (check.limit) words += ", limit " + limit_in_words(check, difference);
  return words + ", n = " + format_count(check.n);
}

html::Markup draw_check(const Check& check, const CheckScale& scale) {
  std::string title =
      check.subject + ": " + to_string(check.outcome) + "; " + describe(check, scale.difference);
  if (!check.would_change.empty()) title += "; " + check.would_change;
  return html::element("svg",
                       {{"class", std::string("check-plot ") + to_string(check.outcome)}, {"role", "img"}},
                       html::element("title", {}, html::text(title)) + draw_marks(check, scale));
}

html::Markup draw_limit_label(const Check& check, const CheckScale& scale) {
  const double fraction = scale.axis.fraction(*check.limit);
  const html::Markup words = html::element("text",
                                           {{"x", scale.axis.position(*check.limit)},
                                            {"y", "13"},
                                            {"dx", fraction < 0.5 ? "5" : "-5"},
                                            {"text-anchor", fraction < 0.5 ? "start" : "end"}},
                                           html::text("limit: " + limit_in_words(check, scale.difference)));
  const std::string x = scale.axis.position(*check.limit);
  return html::element("svg", {{"class", "limit-label"}, {"height", "18"}, {"aria-hidden", "true"}},
                       vertical("limit", x, "3") + words);
}

}  // namespace tinyhil::report
