// SPDX-License-Identifier: Apache-2.0
#include "run_so_far.hpp"

#include <algorithm>
#include <numeric>

#include "model/inference_rows.hpp"

namespace tinyhil::campaign {
namespace {

void drop_origins(InferenceRows& rows) {
  rows.device_run.clear();
  rows.run_index.clear();
  rows.received_us.clear();
}

}  // namespace

RunSoFar::RunSoFar(std::vector<Trial> earlier) {
  for (Trial& trial : earlier) {
    index_[trial.id] = trials_.size();
    const std::size_t rows = trial.rows.size();
    trials_.push_back({std::move(trial), rows});
  }
}

void RunSoFar::begin(std::int64_t trial, const TrialInfo& info) {
  index_[trial] = trials_.size();
  Growing& growing = trials_.emplace_back();
  growing.trial.id = trial;
  growing.trial.info = info;
}

void RunSoFar::append(std::int64_t trial, const InferenceRows& rows) {
  InferenceRows wanted = rows;
  drop_origins(wanted);
  InferenceRows& all = at(trial).trial.rows;
  if (all.size() == 0) {
    all = std::move(wanted);
  } else {
    all.append(wanted);
  }
}

void RunSoFar::survived(std::int64_t trial, const SurvivedFault& fault) {
  at(trial).trial.survived.push_back(fault);
}

void RunSoFar::end(std::int64_t trial, const TrialEnd& end) {
  Trial& ended = at(trial).trial;
  ended.state = end.state;
  ended.fault = end.fault;
  ended.drawn = end.drawn;
}

// What was in order stays so: only what is new is sorted, and merged into it.
void RunSoFar::put_in_order(Growing& growing) {
  InferenceRows& rows = growing.trial.rows;
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto before = [&](std::size_t a, std::size_t b) {
    return std::pair(rows.vector[a], rows.repeat[a]) < std::pair(rows.vector[b], rows.repeat[b]);
  };
  const auto first_new = order.begin() + static_cast<std::ptrdiff_t>(growing.ordered);
  std::sort(first_new, order.end(), before);
  std::inplace_merge(order.begin(), first_new, order.end(), before);
  rows.permute(order);
  growing.ordered = rows.size();
}

std::vector<Trial> RunSoFar::trials() {
  std::vector<Trial> all;
  for (Growing& growing : trials_) {
    if (growing.ordered < growing.trial.rows.size()) put_in_order(growing);
    all.push_back(growing.trial);
  }
  return all;
}

}  // namespace tinyhil::campaign
