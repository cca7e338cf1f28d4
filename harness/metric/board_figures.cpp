// SPDX-License-Identifier: Apache-2.0
#include "board_figures.hpp"

#include <algorithm>
#include <cmath>
#include <deque>

#include "metric/internal/answers.hpp"
#include "rows.hpp"
#include "stats/intervals.hpp"
#include "stats/variance_components.hpp"

namespace tinyhil::metric {
namespace {

struct AnsweredBoard {
  explicit AnsweredBoard(const Trial& trial, std::size_t vectors)
      : rows(trial), answers(answer_rows(rows, vectors)) {}

  Rows rows;
  std::vector<std::uint32_t> answers;
};

bool same_output(Output a, Output b) { return std::ranges::equal(a, b); }

ValueMoments moments(const std::vector<double>& values) {
  const stats::GroupMoments of = stats::moments_of(values);
  return {of.n, of.mean, of.squares};
}

std::optional<BoardLatency> latency_of(const Measured& latency) {
  if (!latency.is_known()) return std::nullopt;
  const auto us = [&](double quantile) { return latency.to_millionths(latency.steps_at(quantile)); };
  return BoardLatency{latency.sorted.size(), us(0.5), us(0.95), us(0.99)};
}

// Of one vector, on the boards that answered it.
struct Said {
  std::size_t board;
  Output output;
};

void count_odd(const std::vector<Said>& said, std::vector<OddOutputs>& boards) {
  std::vector<std::ptrdiff_t> alike;  // boards that said the same, itself among them
  for (const Said& one : said)
    alike.push_back(std::ranges::count_if(
        said, [&](const Said& other) { return same_output(one.output, other.output); }));
  const std::ptrdiff_t most = std::ranges::max(alike);
  const bool is_majority = 2 * most > std::ssize(said);
  for (std::size_t i = 0; i < said.size(); ++i) {
    OddOutputs& board = boards[said[i].board];
    ++board.shared;
    if (!is_majority) ++board.disputed;
    if (is_majority && alike[i] < most) ++board.odd;
  }
}

}  // namespace

BoardFigures board_figures(const Scorecard& card, std::span<const std::uint32_t> owned) {
  BoardFigures figures;
  figures.board = card.info.board;
  figures.latency = latency_of(card.latency);
  figures.faults = card.survived.size() + (card.fault ? 1 : 0);
  std::vector<double> scores, latencies;
  for (const std::uint32_t vector : owned) {
    figures.vectors += was_run(card, vector) ? 1 : 0;
    if (was_scored(card, vector)) scores.push_back(static_cast<double>(card.scores[vector]));
    const std::uint32_t steps = card.latency.is_known() ? card.latency.by_vector[vector] : 0;
    if (steps != 0) latencies.push_back(card.latency.to_millionths(steps));
  }
  figures.score = moments(scores);
  figures.latency_us = moments(latencies);
  const double sum = figures.score.mean * static_cast<double>(figures.score.n);
  figures.is_right_or_wrong = card.task.is_right_or_wrong;
  figures.accuracy = card.task.is_right_or_wrong
                         ? stats::proportion(static_cast<std::uint64_t>(std::llround(sum)), figures.score.n)
                         : stats::bounded_mean(sum, figures.score.n);
  return figures;
}

std::vector<OddOutputs> odd_outputs(std::span<const Trial* const> trials, std::size_t vectors) {
  std::deque<AnsweredBoard> boards;
  for (const Trial* trial : trials) boards.emplace_back(*trial, vectors);
  std::vector<OddOutputs> counted(trials.size());
  std::vector<Said> said;
  for (std::size_t vector = 0; vector < vectors; ++vector) {
    said.clear();
    for (std::size_t i = 0; i < boards.size(); ++i) {
      const std::uint32_t row = boards[i].answers[vector];
      if (row != kNoAnswer) said.push_back({i, boards[i].rows.output(row)});
    }
    if (said.size() > 1) count_odd(said, counted);
  }
  return counted;
}

}  // namespace tinyhil::metric
