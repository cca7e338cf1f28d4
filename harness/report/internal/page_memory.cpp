// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "memory_limits.hpp"
#include "numbers.hpp"
#include "page.hpp"
#include "plots.hpp"

namespace tinyhil::report::page {
namespace {

struct MemoryQuantity {
  const char* title;
  const char* name;  // of Check::quantity
  bool of_firmware;
  std::uint64_t (*bytes)(const Scorecard&);
};

constexpr MemoryQuantity kQuantities[] = {
    {"Model", "model_size", false, [](const Scorecard& card) { return card.info.model_size; }},
    {"Arena", "arena_used", false, [](const Scorecard& card) { return std::uint64_t{card.info.arena_used}; }},
    {"Firmware flash", "flash_size", true, [](const Scorecard& card) { return card.info.board.flash_size; }},
    {"Firmware RAM", "ram_size", true, [](const Scorecard& card) { return card.info.board.ram_size; }},
};

struct Row {
  html::Markup name;
  MemoryBar bar;
};

// Models in slots share one firmware: one bar says it.
bool same_firmware(const Page& page) {
  return std::all_of(page.series.begin(), page.series.end(), [&](const Series& series) {
    const BoardIdentity& first = page.series.front().card->info.board;
    const BoardIdentity& board = series.card->info.board;
    return board.image == first.image && board.flash_size == first.flash_size &&
           board.ram_size == first.ram_size;
  });
}

Row row_of(const Page& page, const Series& series, const MemoryQuantity& quantity) {
  return {name_of(series),
          {series.name + ", " + quantity.title, series.css_class, quantity.bytes(*series.card),
           memory_limit(page.report, series.card->info.model, quantity.name)}};
}

std::vector<Row> rows_of(const Page& page, const MemoryQuantity& quantity) {
  std::vector<Row> rows;
  for (const Series& series : page.series) rows.push_back(row_of(page, series, quantity));
  if (!quantity.of_firmware || rows.size() < 2 || !same_firmware(page)) return rows;
  Row& shared = rows.back();  // a candidate's, which may have a limit
  shared.name = html::labelled("span", "series", "all models");
  shared.bar.css_class = "s0";
  return {shared};
}

html::Markup draw_row(const Row& row, const Axis& axis) {
  html::Markup parts = html::element("p", "subject", row.name);
  // Zero means that nobody measured it, not that it is free.
  if (row.bar.bytes == 0) return html::element("li", {}, parts + note("not measured"));
  html::Markup figures = html::labelled("b", "", format_bytes(row.bar.bytes));
  if (row.bar.limit)
    figures += html::labelled("span", "", "limit " + format_limit(*row.bar.limit, Unit::bytes, false));
  parts += draw_memory(row.bar, axis) + html::element("p", "figures", figures);
  return html::element("li", {}, parts);
}

html::Markup group(const Page& page, const MemoryQuantity& quantity) {
  const std::vector<Row> rows = rows_of(page, quantity);
  double highest = 0;
  for (const Row& row : rows)
    highest = std::max({highest, static_cast<double>(row.bar.bytes), row.bar.limit.value_or(0)});
  html::Markup list;
  for (const Row& row : rows) list += draw_row(row, Axis::from_zero(highest));
  return html::labelled("h3", "", quantity.title) + html::element("ul", "bars", list);
}

}  // namespace

html::Markup memory(const Page& page) {
  if (page.series.empty()) return {};
  html::Markup groups;
  for (const MemoryQuantity& quantity : kQuantities)
    groups += html::element("div", "quantity", group(page, quantity));
  return html::element("div", "quantities", groups);
}

}  // namespace tinyhil::report::page
