// SPDX-License-Identifier: Apache-2.0
#include "slice_rows.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace tinyhil::report {
namespace {

std::vector<SliceRow> all_rows(const std::vector<Series>& series) {
  std::vector<SliceRow> rows;
  std::map<std::pair<std::string, std::string>, std::size_t> place;
  for (std::size_t i = 0; i < series.size(); ++i) {
    for (const SliceScore& score : series[i].card->slices) {
      const auto [at, is_new] = place.try_emplace({score.slice, score.value}, rows.size());
      if (is_new) rows.push_back({score.slice, score.value, std::vector<const SliceScore*>(series.size())});
      rows[at->second].scores[i] = &score;
    }
  }
  return rows;
}

double lowest_of(const SliceRow& row) {
  double lowest = 2;  // a row without data is the last to be kept
  for (const SliceScore* score : row.scores)
    if (score != nullptr && score->accuracy.n > 0) lowest = std::min(lowest, score->accuracy.value());
  return lowest;
}

}  // namespace

std::vector<SliceRow> slice_rows(const std::vector<Series>& series, std::size_t limit) {
  std::vector<SliceRow> rows = all_rows(series);
  if (rows.size() <= limit) return rows;
  std::stable_sort(rows.begin(), rows.end(),
                   [](const SliceRow& a, const SliceRow& b) { return lowest_of(a) < lowest_of(b); });
  rows.resize(limit);
  return rows;
}

std::size_t count_slices(const std::vector<Series>& series) { return all_rows(series).size(); }

bool is_lowest(const SliceScore& score, const Scorecard& card) {
  if (score.accuracy.n == 0) return false;
  return std::none_of(card.slices.begin(), card.slices.end(), [&](const SliceScore& other) {
    return other.accuracy.n > 0 && other.accuracy.value() < score.accuracy.value();
  });
}

std::uint64_t vectors_in(const SliceRow& row) {
  for (const SliceScore* score : row.scores)
    if (score != nullptr) return score->accuracy.n;
  return 0;
}

}  // namespace tinyhil::report
