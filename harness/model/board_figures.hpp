// SPDX-License-Identifier: Apache-2.0
// What each board of a run over several boards found of one model, and which board stands apart: made by
// metric/ and gate/, read by report/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "energy_figures.hpp"
#include "scorecard.hpp"

namespace tinyhil {

struct BoardLatency {
  std::uint64_t n = 0;  // inferences
  double p50_us = 0, p95_us = 0, p99_us = 0;
};

// Distances from the mean are squared and summed.
struct ValueMoments {
  std::uint64_t n = 0;
  double mean = 0;
  double squares = 0;
};

// A vector that several boards ran counts as that of one of them in `vectors`, `accuracy` and the moments.
struct BoardFigures {
  BoardIdentity board;
  std::uint64_t vectors = 0;  // that count as this board's
  Proportion accuracy;        // mean score on them, TaskTraits::measure
  bool is_right_or_wrong = true;
  std::optional<BoardLatency> latency;
  std::optional<UncertainFigure> energy_uj;  // of an inference, gross
  std::uint64_t faults = 0;                  // survived, and one that ended it
  std::uint64_t failed_attempts = 0;         // at the campaign, on this board and others
  std::uint64_t shared = 0;                  // vectors that other boards answered, too
  std::uint64_t odd = 0;       // of these: most boards that answered agree on another output than this one's
  std::uint64_t disputed = 0;  // of these: outputs differ, and no output has most boards
  ValueMoments latency_us, score;
};

// Level of each kind of test of a board against the others, over all boards of a model.
inline constexpr double kBoardLevel = 0.05;

enum class BoardFigure { outputs, accuracy, latency, energy };
const char* to_string(BoardFigure figure);

// A warning, which no verdict follows from.
struct BoardOutlier {
  std::string board;
  BoardFigure figure = BoardFigure::outputs;
  double value = 0;  // outputs: odd ones; accuracy: ratio; latency: p50 in us; energy: uJ
  double pool = 0;   // outputs: of so many; accuracy of the other boards; median of all boards
  double z = 0;      // latency, energy: modified z-score, of which `limit` is the most
  double limit = 0;
  double p = 1;  // accuracy: adjusted for all boards
};

// One-way components of variance over vectors; standard deviations in us, or of the score.
struct BoardSpreadFigures {
  double between = 0;
  double within = 0;
  double icc = 0;  // share of the variance that lies between boards
  double p = 1;    // of F, if boards do not differ
};

struct BoardComparison {
  std::string model;
  std::vector<BoardFigures> boards;  // two at least
  std::vector<BoardOutlier> outliers{};
  std::optional<BoardSpreadFigures> latency_us{}, score{};
};

}  // namespace tinyhil
