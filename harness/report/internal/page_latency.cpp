// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "numbers.hpp"
#include "page.hpp"
#include "plots.hpp"

namespace tinyhil::report::page {
namespace {

bool has(const Scorecard& card, const Quantity& quantity) { return measured(card, quantity).is_known(); }

html::Markup figure(const std::string& name, const std::string& value, const std::string& detail) {
  return html::element(
      "div", {},
      html::labelled("dt", "", name) + html::element("dd", {},
                                                     html::labelled("b", "", value) + html::text(" ") +
                                                         html::labelled("small", "", detail)));
}

html::Markup quantile(const Measured& latency, const std::string& name, std::uint32_t ticks) {
  return figure(name, format_millionths(latency.to_millionths(ticks), latency.quantity),
                format_count(ticks) + (latency.quantity == kLatency ? " ticks" : " steps"));
}

std::string character_of(const Measured& values) {
  const auto& sorted = values.sorted;
  std::size_t distinct = 1;
  for (std::size_t i = 1; i < sorted.size(); ++i) distinct += sorted[i] != sorted[i - 1] ? 1 : 0;
  std::string words = distinct == 1 ? "one distinct value" : format_count(distinct) + " distinct values";
  if (values.repeatable) words += ", equal in every repeat";
  if (values.suspect > 0) words += "; " + format_count(values.suspect) + " left out: " + values.suspicion();
  if (values.disturbed > 0)
    words +=
        "; " + format_count(values.disturbed) + " left out: bytes arrived or something else ran meanwhile";
  return words;
}

html::Markup figures(const Measured& latency) {
  html::Markup list = quantile(latency, "p50", latency.steps_at(0.5));
  list += quantile(latency, "p99", latency.steps_at(0.99));
  list += quantile(latency, "max", latency.sorted.back());
  list += figure("n", format_count(latency.sorted.size()), character_of(latency));
  return html::element("dl", "quantiles", list);
}

html::Markup row(const Series& series, const Quantity& quantity, const Axis& axis) {
  const Scorecard& card = *series.card;
  html::Markup body = html::element("p", "subject", name_of(series));
  if (measured(card, quantity).steps_per_base == 0 && card.inferences > 0)
    body += html::labelled(
        "p", "note unmeasured",
        fmt::format("This board has no {} that can measure {}.", quantity.source, quantity.name));
  else if (card.info.mode == RunMode::throughput)
    body += html::labelled("p", "note unmeasured",
                           "Not measured: in throughput mode transfer and inference overlap.");
  else if (!has(card, quantity))
    body += html::labelled("p", "note unmeasured", fmt::format("No {} was measured.", quantity.name));
  else
    body += draw_quantity(series, quantity, axis) + figures(measured(card, quantity));
  return html::element("li", {}, body);
}

html::Markup clocks(const Page& page) {
  std::set<std::string> said;
  html::Markup notes;
  for (const Series& series : page.series) {
    const BoardIdentity& board = series.card->info.board;
    const std::string words =
        "Clock " + board.clock + ", " + format_count(board.clock_hz) + " Hz, on " + board.name + ".";
    if (has(*series.card, kLatency) && said.insert(words).second) notes += note(words);
  }
  return notes;
}

std::vector<Tick> labelled(const Axis& axis, const Quantity& quantity) {
  const Unit unit = axis.high() >= 1000 ? quantity.unit : quantity.small;
  const double millionths = base_of(unit).factor * 1e6;
  std::vector<Tick> ticks;
  for (const double value : axis.ticks())
    ticks.push_back({value, format_limit(value / millionths, unit, false)});
  return ticks;
}

html::Markup rows_of(const Page& page, const Quantity& quantity) {
  const Axis axis = quantity_axis(page.series, quantity);
  html::Markup rows;
  for (const Series& series : page.series) rows += row(series, quantity, axis);
  const bool drawn = std::any_of(page.series.begin(), page.series.end(),
                                 [&](const Series& series) { return has(*series.card, quantity); });
  if (drawn)
    rows += html::element("li", {{"class", "scale-row"}, {"aria-hidden", "true"}},
                          draw_scale(axis, labelled(axis, quantity)));
  return html::element("ul", "latencies", rows);
}

// Those that any model was measured by beside latency.
std::vector<Quantity> further_of(const Page& page) {
  std::vector<Quantity> found;
  for (const Series& series : page.series) {
    for (const Measured& each : series.card->further) {
      if (std::ranges::find(found, each.quantity) == found.end()) found.push_back(each.quantity);
    }
  }
  return found;
}

}  // namespace

html::Markup latency(const Page& page) {
  if (page.series.empty()) return {};
  html::Markup body = clocks(page) + caveats(page) + rows_of(page, kLatency);
  for (const Quantity& quantity : further_of(page))
    body += html::labelled("h3", "", title_of(quantity)) + rows_of(page, quantity);
  return body;
}

}  // namespace tinyhil::report::page
