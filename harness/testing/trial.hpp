// SPDX-License-Identifier: Apache-2.0
// For tests: four vectors with two classes, and trials over them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "metric/metric.hpp"

namespace tinyhil::test {

// Four vectors labelled 0 1 1 0; three in slice "loud", one in "quiet", none in "silent".
inline VectorSet four_vectors() {
  VectorSet vectors;
  vectors.file = "words.npz";
  vectors.digest = sha256("four");
  vectors.count = 4;
  vectors.labels = {0, 1, 1, 0};
  vectors.classes = {"no", "yes"};
  vectors.slices = {{"noise", {"loud", "quiet", "silent"}, {0, 0, 1, 0}}};
  vectors.golden["shipped"] = {2, {9, 1, 1, 9, 1, 9, 9, 1}};
  return vectors;
}

// Rows with two int8 scores each; the caller says which vector, repeat and status.
inline Trial trial_of(InferenceRows rows, int repeats = 1) {
  Trial trial;
  trial.state = TrialState::complete;
  trial.info.model = "slim";
  trial.info.vectors_digest = sha256("four");
  trial.info.vector_count = 4;
  trial.info.repeats = repeats;
  trial.info.board.clock_hz = 1'000'000;
  trial.info.output = Tensor{DType::int8, 2, {1, 2, 1, 1}, 0, 0};
  trial.rows = std::move(rows);
  return trial;
}

inline constexpr std::uint16_t kNoClass = Scorecard::kNoClass;

inline const std::optional<std::string> kNoGolden;

template <class Action>
std::string complaint(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what() + std::string(" | ") + error.remedy();
  }
  return "no error";
}

}  // namespace tinyhil::test
