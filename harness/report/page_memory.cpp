// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "memory_limits.hpp"
#include "numbers.hpp"
#include "page.hpp"
#include "plots.hpp"

namespace tinyhil::page {
namespace {

struct Quantity {
  const char* title;
  const char* subject;  // in the checks of a memory rule
  std::uint64_t (*bytes)(const Scorecard&);
};

constexpr Quantity kQuantities[] = {
    {"Model", "model_size", [](const Scorecard& card) { return card.info.model_size; }},
    {"Arena", "arena_used", [](const Scorecard& card) { return std::uint64_t{card.info.arena_used}; }},
    {"Firmware flash", "flash_size", [](const Scorecard& card) { return card.info.board.flash_size; }},
    {"Firmware RAM", "ram_size", [](const Scorecard& card) { return card.info.board.ram_size; }},
};

MemoryBar bar_of(const Page& page, const Series& series, const Quantity& quantity) {
  return {series.name + ", " + quantity.title, series.css_class, quantity.bytes(*series.card),
          memory_limit(page.report, series.card->info.model, quantity.subject)};
}

html::Markup bar_row(const Series& series, const MemoryBar& bar, const Axis& axis) {
  html::Markup row = html::element("p", "subject", name_of(series));
  // Zero means that nobody measured it, not that it is free.
  if (bar.bytes == 0) return html::element("li", {}, row + note("not measured"));
  row += draw_memory(bar, axis);
  std::string words = format_bytes(bar.bytes);
  html::Markup figures = html::labelled("b", "", words);
  if (bar.limit) figures += html::labelled("span", "", "limit " + format_limit(*bar.limit, "B", false));
  return html::element("li", {}, row + html::element("p", "figures", figures));
}

html::Markup group(const Page& page, const Quantity& quantity) {
  std::vector<MemoryBar> bars;
  double highest = 0;
  for (const Series& series : page.series) {
    bars.push_back(bar_of(page, series, quantity));
    highest = std::max({highest, static_cast<double>(bars.back().bytes), bars.back().limit.value_or(0)});
  }
  if (highest == 0) return html::labelled("h3", "", quantity.title) + note("not measured");
  html::Markup rows;
  for (std::size_t i = 0; i < bars.size(); ++i)
    rows += bar_row(page.series[i], bars[i], Axis::from_zero(highest));
  return html::labelled("h3", "", quantity.title) + html::element("ul", "bars", rows);
}

}  // namespace

html::Markup memory(const Page& page) {
  if (page.series.empty()) return {};
  html::Markup groups;
  for (const Quantity& quantity : kQuantities)
    groups += html::element("div", "quantity", group(page, quantity));
  return html::element("div", "quantities", groups);
}

}  // namespace tinyhil::page
