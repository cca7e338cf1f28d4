// SPDX-License-Identifier: Apache-2.0
#include "pooled.hpp"

#include <algorithm>
#include <cassert>
#include <span>
#include <utility>

namespace tinyhil::metric {
namespace {

// How much a state says of the whole: the later one decides.
int weight(TrialState state) {
  switch (state) {
    case TrialState::complete:
      return 0;
    case TrialState::running:
      return 1;
    case TrialState::interrupted:
      return 2;
    case TrialState::faulted:
      return 3;
  }
  return 3;
}

Fault on_board(Fault fault, const Trial& trial) {
  fault.what = "on board " + trial.info.board.name + ": " + fault.what;
  return fault;
}

struct PooledRow {
  const Trial* trial;
  std::size_t index;

  std::uint32_t vector() const { return trial->rows.vector[index]; }
  std::uint16_t repeat() const { return trial->rows.repeat[index]; }
};

std::vector<PooledRow> rows_of(const std::vector<const Trial*>& boards,
                               std::span<const std::uint16_t> source) {
  std::vector<PooledRow> rows;
  std::vector<const Trial*> taken_from;  // by vector
  for (const std::uint16_t board : source) taken_from.push_back(boards.at(board));
  for (const Trial* trial : boards) {
    taken_from.resize(std::max<std::size_t>(taken_from.size(), trial->info.vector_count));
    for (std::size_t i = 0; i < trial->rows.size(); ++i) {
      const Trial*& from = taken_from.at(trial->rows.vector[i]);
      if (from == nullptr) from = trial;
      if (from == trial) rows.push_back({trial, i});
    }
  }
  std::sort(rows.begin(), rows.end(), [](const PooledRow& a, const PooledRow& b) {
    return std::pair(a.vector(), a.repeat()) < std::pair(b.vector(), b.repeat());
  });
  return rows;
}

// One that failed before its first model was ready knows of no output.
const Trial* best_known(const std::vector<const Trial*>& boards) {
  const auto found = std::ranges::find_if(boards, [](const Trial* trial) { return trial->rows.size() > 0; });
  return found == boards.end() ? boards.front() : *found;
}

// What one board's trial adds to what is said of all.
void join(Trial& whole, const Trial& trial) {
  whole.info.board.name += "+" + trial.info.board.name;
  whole.info.board.serial += "+" + trial.info.board.serial;
  whole.info.arena_used = std::max(whole.info.arena_used, trial.info.arena_used);
  if (trial.drawn) whole.drawn = std::min(*trial.drawn, whole.drawn.value_or(*trial.drawn));
  if (weight(trial.state) <= weight(whole.state)) return;
  whole.state = trial.state;
  if (trial.fault) whole.fault = on_board(*trial.fault, trial);
}

}  // namespace

Trial pooled(const std::vector<const Trial*>& boards, std::span<const std::uint16_t> from) {
  assert(!boards.empty());
  const Trial& first = *boards.front();
  Trial whole;
  whole.id = first.id;
  whole.info = best_known(boards)->info;
  whole.info.board.name = first.info.board.name;
  whole.info.board.serial = first.info.board.serial;
  whole.state = first.state;
  whole.drawn = first.drawn;
  if (first.fault) whole.fault = on_board(*first.fault, first);
  for (const Trial* trial : boards) {
    if (trial != boards.front()) join(whole, *trial);
    for (SurvivedFault survived : trial->survived) {
      survived.fault = on_board(std::move(survived.fault), *trial);
      whole.survived.push_back(std::move(survived));
    }
  }
  for (const PooledRow& row : rows_of(boards, from))
    whole.rows.append(row.trial->rows, std::span(&row.index, 1));
  return whole;
}

}  // namespace tinyhil::metric
