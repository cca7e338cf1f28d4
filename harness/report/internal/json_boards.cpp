// SPDX-License-Identifier: Apache-2.0
#include "json_of.hpp"

namespace tinyhil::report {
namespace {

Json json_of(const std::optional<BoardLatency>& latency) {
  if (!latency) return nullptr;
  return {{"n", latency->n},
          {"p50_us", latency->p50_us},
          {"p95_us", latency->p95_us},
          {"p99_us", latency->p99_us}};
}

Json energy_of(const BoardFigures& board) {
  if (!board.energy_uj) return nullptr;
  return {{"value", board.energy_uj->value}, {"interval", report::json_of(board.energy_uj->interval)}};
}

Json json_of(const BoardFigures& board) {
  return {{"board", board.board.name},
          {"kind", board.board.kind},
          {"serial", text_or_null(board.board.serial)},
          {"vectors", board.vectors},
          {"accuracy", report::json_of(board.accuracy)},
          {"latency", json_of(board.latency)},
          {"energy_uj", energy_of(board)},
          {"outputs", {{"shared", board.shared}, {"odd", board.odd}, {"disputed", board.disputed}}},
          {"faults", board.faults},
          {"failed_attempts", board.failed_attempts}};
}

Json json_of(const BoardOutlier& outlier) {
  const bool has_z = outlier.figure == BoardFigure::latency || outlier.figure == BoardFigure::energy;
  const bool has_p = outlier.figure == BoardFigure::accuracy;
  return {{"board", outlier.board},
          {"figure", to_string(outlier.figure)},
          {"value", outlier.value},
          {"pool", outlier.pool},
          {"modified_z", has_z ? Json(outlier.z) : Json(nullptr)},
          {"limit", has_z ? Json(outlier.limit) : Json(nullptr)},
          {"p_adjusted", has_p ? Json(outlier.p) : Json(nullptr)}};
}

Json json_of(const std::optional<BoardSpreadFigures>& spread) {
  if (!spread) return nullptr;
  return {{"between", spread->between}, {"within", spread->within}, {"icc", spread->icc}, {"p", spread->p}};
}

}  // namespace

Json json_of(const BoardComparison& comparison) {
  Json boards = Json::array(), outliers = Json::array();
  for (const BoardFigures& board : comparison.boards) boards.push_back(json_of(board));
  for (const BoardOutlier& outlier : comparison.outliers) outliers.push_back(json_of(outlier));
  return {{"model", comparison.model},
          {"boards", boards},
          {"outliers", outliers},
          {"latency_us", json_of(comparison.latency_us)},
          {"score", json_of(comparison.score)}};
}

}  // namespace tinyhil::report
