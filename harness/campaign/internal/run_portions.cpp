// SPDX-License-Identifier: Apache-2.0
// What a Runner does with a part of the vectors, when other boards run the rest.
#include <algorithm>

#include "base/error.hpp"
#include "device/run_request.hpp"
#include "runner.hpp"

namespace tinyhil::campaign {

// A board on which the baseline has failed can compare nothing; others may.
void Runner::refuse_failed_board() const {
  const bool has_failed = std::ranges::any_of(setup_.earlier, [&](const Trial& trial) {
    return trial.info.model == setup_.campaign.baseline && trial.state == TrialState::faulted;
  });
  if (!has_failed || !setup_.take) return;
  throw Error(ErrorKind::bench_fault, "the baseline has failed on this board before, in this run",
              "board " + setup_.board.name, "look for what is wrong with the board, and begin a new run");
}

// What this board gets of the vectors before the look. A portion is laid out by itself, so that
// nothing crosses the line that another board runs.
asio::awaitable<void> Runner::run_portions(std::uint64_t look) {
  if (!setup_.take) {
    co_await run_here();
    co_return;
  }
  while (true) {
    const sampling::PortionWish wish{look, fewest_vectors()};
    const std::optional<sampling::Portion> portion = co_await setup_.take(wish);
    if (!portion) co_return;
    const std::vector<VectorSet> parts = encodings_.part(OrderPosition{portion->first}, portion->count);
    device::EncodedVectors sets;
    for (const VectorSet& part : parts) sets.push_back(&part);
    std::vector<device::Wave> waves = line_.device().plan(sets);
    for (device::Wave& wave : waves) {
      for (device::VectorBlock& block : wave) block.first += portion->first;
    }
    co_await run_waves(std::move(waves));
  }
}

// Models that take turns in the device's slots cross the line for each portion: a fraction of its vectors.
std::uint64_t Runner::fewest_vectors() {
  constexpr std::uint64_t kVectorsPerModel = 8;  // by their bytes
  const std::vector<Group> all = groups();
  if (fit_together(all)) return 1;
  std::uint64_t bytes = 0;
  for (const Group& group : all) {
    for (const Cell* cell : group) bytes += cell->model->content.size();
  }
  return 1 + kVectorsPerModel * bytes / setup_.vectors.input.bytes();
}

bool Runner::has_run(OrderPosition position) const {
  return std::ranges::all_of(cells_, [&](const Cell& cell) {
    const bool counts = cell.role == TrialRole::subject && (!cell.ended || cell.is_baseline(setup_.campaign));
    return !counts || cell.ledger.is_done(position.value, 1);
  });
}

void Runner::leave(const Fault& why) {
  const bool has_begun = std::ranges::any_of(cells_, [](const Cell& cell) { return cell.trial.has_value(); });
  const bool is_known = !line_.identity().board.kind.empty();
  if (!has_begun && is_known) begin(cells_.front());
  for (Cell& cell : cells_) {
    if (!cell.ended) note(&cell, why, std::nullopt, false);
  }
  interrupt();
}

}  // namespace tinyhil::campaign
