// SPDX-License-Identifier: Apache-2.0
#include "accuracy.hpp"

#include <algorithm>

#include "stats/intervals.hpp"

namespace tinyhil {

namespace {

bool is_scored(std::uint16_t prediction) {
  return prediction != Scorecard::kMissing && prediction != Scorecard::kNotRun;
}

}  // namespace

std::vector<std::uint16_t> predictions(const Rows& rows, std::size_t vectors, std::uint16_t without_rows) {
  std::vector<std::uint16_t> predicted(vectors, without_rows);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    std::uint16_t& prediction = predicted[rows.vector(row)];
    if (prediction == Scorecard::kNotRun) prediction = Scorecard::kMissing;
    if (rows.status(row) == RowStatus::quarantined) prediction = Scorecard::kQuarantined;
    if (prediction != Scorecard::kMissing || !rows.usable(row)) continue;
    prediction = static_cast<std::uint16_t>(rows.top_class(row));
  }
  return predicted;
}

std::vector<std::uint16_t> right_repeats(const Rows& rows, const VectorSet& vectors) {
  std::vector<std::uint16_t> right(vectors.count);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::uint32_t vector = rows.vector(row);
    right[vector] += rows.usable(row) && rows.top_class(row) == vectors.labels[vector];
  }
  return right;
}

std::vector<std::uint64_t> by_right_repeats(const std::vector<std::uint16_t>& right,
                                            const std::vector<std::uint16_t>& predicted, int repeats) {
  std::vector<std::uint64_t> counts(static_cast<std::size_t>(repeats) + 1);
  for (std::size_t i = 0; i < right.size(); ++i) {
    if (predicted[i] != Scorecard::kNotRun) ++counts[std::min<std::size_t>(right[i], counts.size() - 1)];
  }
  return counts;
}

std::vector<std::uint32_t> quarantined(const std::vector<std::uint16_t>& predicted) {
  std::vector<std::uint32_t> vectors;
  for (std::uint32_t i = 0; i < predicted.size(); ++i) {
    if (predicted[i] == Scorecard::kQuarantined) vectors.push_back(i);
  }
  return vectors;
}

std::vector<std::uint64_t> confusion(const std::vector<std::uint16_t>& predicted, const VectorSet& vectors) {
  const std::size_t classes = vectors.classes.size();
  std::vector<std::uint64_t> table(classes * classes);
  for (std::size_t i = 0; i < predicted.size(); ++i) {
    if (predicted[i] < classes) ++table[vectors.labels[i] * classes + predicted[i]];
  }
  return table;
}

Proportion accuracy(const std::vector<std::uint16_t>& predicted, const VectorSet& vectors) {
  std::uint64_t right = 0, scored = 0;
  for (std::size_t i = 0; i < predicted.size(); ++i) {
    if (!is_scored(predicted[i])) continue;
    ++scored;
    right += predicted[i] == vectors.labels[i];
  }
  return proportion(right, scored);
}

std::vector<SliceScore> slice_scores(const std::vector<std::uint16_t>& predicted, const VectorSet& vectors) {
  std::vector<SliceScore> scores;
  for (const Slice& slice : vectors.slices) {
    std::vector<std::uint64_t> right(slice.values.size()), scored(slice.values.size());
    for (std::size_t i = 0; i < predicted.size(); ++i) {
      if (!is_scored(predicted[i])) continue;
      ++scored[slice.code[i]];
      right[slice.code[i]] += predicted[i] == vectors.labels[i];
    }
    for (std::size_t value = 0; value < slice.values.size(); ++value) {
      scores.push_back({slice.name, slice.values[value], proportion(right[value], scored[value])});
    }
  }
  return scores;
}

}  // namespace tinyhil
