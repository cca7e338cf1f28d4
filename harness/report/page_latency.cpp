// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "numbers.hpp"
#include "page.hpp"
#include "plots.hpp"

namespace tinyhil::page {
namespace {

bool has_latency(const Scorecard& card) { return card.latency.clock_hz != 0 && !card.latency.sorted.empty(); }

html::Markup figure(const std::string& name, const std::string& value, const std::string& detail) {
  return html::element(
      "div", {},
      html::labelled("dt", "", name) + html::element("dd", {},
                                                     html::labelled("b", "", value) + html::text(" ") +
                                                         html::labelled("small", "", detail)));
}

html::Markup quantile(const Latency& latency, const std::string& name, std::uint32_t ticks) {
  return figure(name, format_us(latency.to_us(ticks)), format_count(ticks) + " ticks");
}

std::string character_of(const Scorecard& card) {
  const auto& sorted = card.latency.sorted;
  std::size_t distinct = 1;
  for (std::size_t i = 1; i < sorted.size(); ++i) distinct += sorted[i] != sorted[i - 1] ? 1 : 0;
  std::string words = distinct == 1 ? "one distinct value" : format_count(distinct) + " distinct values";
  if (card.latency.repeatable) words += ", equal in every repeat";
  if (card.latency.suspect > 0)
    words += "; " + format_count(card.latency.suspect) + " left out: clock and timer disagreed";
  if (card.latency.disturbed > 0)
    words += "; " + format_count(card.latency.disturbed) + " left out: bytes arrived while the model ran";
  return words;
}

html::Markup figures(const Scorecard& card) {
  const Latency& latency = card.latency;
  html::Markup list = quantile(latency, "p50", latency.ticks_at(0.5));
  list += quantile(latency, "p99", latency.ticks_at(0.99));
  list += quantile(latency, "max", latency.sorted.back());
  list += figure("n", format_count(latency.sorted.size()), character_of(card));
  return html::element("dl", "quantiles", list);
}

html::Markup row(const Series& series, const Axis& axis) {
  const Scorecard& card = *series.card;
  html::Markup body = html::element("p", "subject", name_of(series));
  if (card.latency.clock_hz == 0 && card.inferences > 0)
    body += html::labelled("p", "note unmeasured", "This board has no clock that can measure latency.");
  else if (card.info.mode == RunMode::throughput)
    body += html::labelled("p", "note unmeasured",
                           "Not measured: in throughput mode transfer and inference overlap.");
  else if (!has_latency(card))
    body += html::labelled("p", "note unmeasured", "No latency was measured.");
  else
    body += draw_latency(series, axis) + figures(card);
  return html::element("li", {}, body);
}

html::Markup clocks(const Page& page) {
  std::set<std::string> said;
  html::Markup notes;
  for (const Series& series : page.series) {
    const BoardIdentity& board = series.card->info.board;
    const std::string words =
        "Clock " + board.clock + ", " + format_count(board.clock_hz) + " Hz, on " + board.name + ".";
    if (has_latency(*series.card) && said.insert(words).second) notes += note(words);
  }
  return notes;
}

std::vector<Tick> time_ticks(const Axis& axis) {
  const bool in_ms = axis.high() >= 1000;
  std::vector<Tick> ticks;
  for (const double us : axis.ticks())
    ticks.push_back({us, format_limit(in_ms ? us / 1000 : us, in_ms ? "ms" : "µs", false)});
  return ticks;
}

}  // namespace

html::Markup latency(const Page& page) {
  if (page.series.empty()) return {};
  const Axis axis = latency_axis(page.series);
  html::Markup rows;
  for (const Series& series : page.series) rows += row(series, axis);
  const bool drawn = std::any_of(page.series.begin(), page.series.end(),
                                 [](const Series& series) { return has_latency(*series.card); });
  if (drawn)
    rows += html::element("li", {{"class", "scale-row"}, {"aria-hidden", "true"}},
                          draw_scale(axis, time_ticks(axis)));
  html::Markup body = clocks(page) + caveats(page) + html::element("ul", "latencies", rows);
  return body;
}

}  // namespace tinyhil::page
