// SPDX-License-Identifier: Apache-2.0
#include "report_sample.hpp"

namespace tinyhil::test {
namespace {

BoardFigures on_board(const std::string& name) {
  BoardFigures board;
  board.board.name = name;
  board.board.kind = "nucleo";
  board.vectors = 400;
  board.accuracy = {380, 400, {0.924, 0.967}};
  board.latency = BoardLatency{464, 10'002, 10'400, 10'911};
  board.shared = 64;
  return board;
}

BoardComparison four_boards() {
  BoardComparison comparison{"slim", {on_board("b1"), on_board("b2"), on_board("b3"), on_board("b<4>")}};
  BoardFigures& odd = comparison.boards[3];
  odd.board.serial = "0672FF";
  odd.accuracy = {324, 400, {0.769, 0.846}};
  odd.latency = BoardLatency{464, 12'346, 12'801, 13'466};
  odd.odd = 12;
  odd.failed_attempts = 2;
  comparison.outliers = {{"b<4>", BoardFigure::outputs, 12, 64},
                         {"b<4>", BoardFigure::accuracy, 0.81, 0.942, 0, 0, 0.0031},
                         {"b<4>", BoardFigure::latency, 12'346, 10'002, 14.21, 7.9},
                         {"b<4>", BoardFigure::energy, 140, 101.5, -9.2, 7.9}};
  comparison.latency_us = BoardSpreadFigures{120, 2140, 0.00312, 0.41};
  comparison.score = BoardSpreadFigures{0, 0.28, 0, 0.77};
  return comparison;
}

}  // namespace

ReportSample boards_sample() {
  ReportSample sample = wake_word_sample();
  sample.boards = {four_boards()};
  return sample;
}

}  // namespace tinyhil::test
