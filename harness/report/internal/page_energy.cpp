// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "numbers.hpp"
#include "page.hpp"
#include "plots.hpp"

namespace tinyhil::report::page {
namespace {

using html::Markup;

constexpr std::size_t kLayersShown = 8;

std::string microjoules(double value) { return fmt::format("{:.4g} µJ", value); }

std::string with_interval(const UncertainFigure& figure, const char* unit) {
  return fmt::format("{:.4g} {} ({:.4g} to {:.4g}, 95 %)", figure.value, unit, figure.interval.low,
                     figure.interval.high);
}

Markup table_row(const char* cell, std::initializer_list<std::string> cells) {
  Markup row;
  bool is_first = true;
  for (const std::string& each : cells) {
    const bool is_head = is_first || std::string_view(cell) == "th";
    row += html::element(is_head ? "th" : "td", {{"scope", is_first ? "row" : "col"}}, html::text(each));
    is_first = false;
  }
  return html::element("tr", {}, row);
}

Markup table_of(const Markup& rows) {
  return html::element("div", "scroll", html::element("table", "figures-table", rows));
}

Markup models_of(const BoardEnergyFigures& board) {
  Markup rows =
      table_row("th", {"", "an inference, gross", "net of waiting", "by vector", "windows", "MLPerf Tiny"});
  for (const ModelEnergy& model : board.models) {
    const std::string counted =
        fmt::format("{}{}", format_count(model.windows),
                    model.incomplete == 0 ? "" : fmt::format(", {} incomplete", model.incomplete));
    rows +=
        table_row("td", {model.model, model.gross ? with_interval(*model.gross, "µJ") : "not known",
                         model.net ? with_interval(*model.net, "µJ") : "not known",
                         fmt::format("{} to {}", microjoules(model.lowest_uj), microjoules(model.highest_uj)),
                         counted, model.mlperf_uj ? microjoules(*model.mlperf_uj) : "–"});
  }
  return table_of(rows);
}

Markup budget_of(const ModelEnergy& model) {
  if (!model.gross) return {};
  Markup rows = table_row("th", {"source", "distribution", "standard uncertainty", "share of the variance"});
  const double whole = model.gross->standard * model.gross->standard;
  for (const UncertaintyTerm& term : model.gross->terms) {
    rows += table_row("td", {term.source, term.shape, microjoules(term.standard),
                             whole > 0 ? format_percent(term.standard * term.standard / whole) : "–"});
  }
  rows += table_row("td", {"combined", "", microjoules(model.gross->standard), ""});
  const Markup summary =
      html::element("summary", {}, html::text("Uncertainty budget of " + model.model + ", after JCGM 100"));
  return html::element("details", {}, summary + table_of(rows));
}

// What lies between inferences is no layer.
Markup layers_of(const ModelEnergy& model) {
  if (model.layers.size() < 2) return {};
  double whole = 0;
  for (const LayerFigure& layer : model.layers) whole += layer.energy_uj;
  std::vector<std::size_t> order;
  for (std::size_t i = 1; i < model.layers.size(); ++i) order.push_back(i);
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    return model.layers[a].energy_uj > model.layers[b].energy_uj;
  });
  Markup rows = table_row("th", {"layer", "energy", "share", "time"});
  const auto add = [&](const std::string& name, const LayerFigure& layer) {
    rows += table_row("td",
                      {name, fmt::format("{:.4g} ± {:.2g} µJ", layer.energy_uj, layer.standard_uj),
                       whole > 0 ? format_percent(layer.energy_uj / whole) : "–", format_us(layer.time_us)});
  };
  for (std::size_t i = 0; i < std::min(order.size(), kLayersShown); ++i)
    add(fmt::format("{} of {}", order[i], order.size()), model.layers[order[i]]);
  add("between inferences", model.layers.front());
  const Markup summary = html::element(
      "summary", {},
      html::text(fmt::format("Layers of {}: the most expensive is layer {} of {}, {} of the energy",
                             model.model, order.front(), order.size(),
                             format_percent(model.layers[order.front()].energy_uj / whole))));
  return html::element("details", {}, summary + table_of(rows));
}

std::string meter_words(const MeterIdentity& meter) {
  std::string words =
      fmt::format("{}{}{}, {} range, {:g} samples/s, {:.4g} V ({})", meter.driver,
                  meter.serial.empty() ? "" : " " + meter.serial, meter.simulated ? ", simulated" : "",
                  meter.range_mode, meter.rate_hz, meter.supply_v, to_string(meter.voltage));
  words += meter.calibrated.empty() ? "; nobody stated when it was calibrated"
                                    : "; calibrated " + meter.calibrated;
  if (!meter.expires.empty()) words += ", until " + meter.expires;
  return words;
}

std::string rests_of(const BoardEnergyFigures& board) {
  std::string words;
  if (board.idle_ua) words += "Waiting: " + with_interval(*board.idle_ua, "µA") + ". ";
  if (board.sleep_ua) words += "Asleep: " + with_interval(*board.sleep_ua, "µA") + ".";
  return words;
}

Markup trace_figure(const TraceView& view) {
  const std::string span = fmt::format("{}: {:.6g} s to {:.6g} s", view.title, view.begin_s, view.end_s);
  return html::element("figure", "trace",
                       html::element("figcaption", "note", html::text(span)) + draw_trace(view));
}

Markup board_part(const Page& page, const BoardEnergyFigures& board) {
  Markup part = html::labelled("h3", "", "Board " + board.board);
  part += note(meter_words(board.meter) + ".");
  if (board.meter.simulated)
    part += html::labelled("p", "caveat",
                           "A simulated meter: these are no energies of silicon, and say how the "
                           "measurement would go.");
  part += models_of(board);
  if (const std::string rests = rests_of(board); !rests.empty()) part += note(rests);
  for (const ModelEnergy& model : board.models) {
    if (model.incomplete > 0)
      part += note(model.model + ": an incomplete window does not count: " + model.why_incomplete);
    part += layers_of(model) + budget_of(model);
  }
  for (const TraceView& view : page.report.traces)
    if (view.board == board.board) part += trace_figure(view);
  return part;
}

}  // namespace

html::Markup energy(const Page& page) {
  Markup parts;
  for (const BoardEnergyFigures& board : page.report.energies) parts += board_part(page, board);
  return parts;
}

}  // namespace tinyhil::report::page
