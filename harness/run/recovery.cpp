// SPDX-License-Identifier: Apache-2.0
// What a Runner does about a fault: whose it was, what it leaves in the store, and how the run goes on.
#include <algorithm>

#include "model/error.hpp"
#include "runner.hpp"

namespace tinyhil {

namespace {

constexpr int kFruitlessMax = 5;           // faults in a row without a stored row in between
constexpr int kBlameMax = 2;               // faults on one vector, until it is quarantined
constexpr std::size_t kQuarantineMax = 3;  // vectors of one model, until it is given up

}  // namespace

asio::awaitable<void> Runner::greet() {
  co_await line_.greet();
  sink_.greeted(line_.device().board);
}

asio::awaitable<void> Runner::greet_again(FaultKind after) {
  co_await line_.greet_again(after);
  sink_.greeted(line_.device().board);
}

// A device that refuses is alive. After anything else it is greeted anew: one that stays silent is the
// bench's, and greet() throws; one that answers goes on. It hung if it was silent over a model; over anything
// else the line had cut it off.
asio::awaitable<void> Runner::recover(Fault fault, const RunReport& report, const Group& group) {
  const bool refused_model =
      std::any_of(group.begin(), group.end(), [](const Cell* cell) { return cell->ended; });
  if (refused_model) co_return;  // load_group has dealt with it
  if (fault.kind == FaultKind::corrupt || fault.kind == FaultKind::wrong_image) {
    throw_bench_fault(setup_.board, fault);
  }
  if (++fruitless_ > kFruitlessMax) {
    give_up(fault, group);
    co_return;
  }
  co_await greet_again(fault.kind);
  if (report.accepted) crash_noted_ = false;
  if (line_.device().crash && !crash_noted_) {
    note_crash(*line_.device().crash);
  } else if (fault.kind == FaultKind::timeout && (report.request || is_loading_)) {
    note_hang(fault, report, group);
  } else {
    for (Cell* cell : group) note(cell, fault, std::nullopt, false);
  }
}

void Runner::note_crash(const CrashRecord& crash) {
  crash_noted_ = true;
  Fault fault = crash_fault(crash);
  const auto cell = std::find_if(cells_.begin(), cells_.end(), [&](const Cell& each) {
    return !each.ended && each.loaded && each.slot == crash.model_slot;
  });
  if (crash.tag != tag_ || cell == cells_.end() || crash.vector >= draw_.vectors().count) {
    for (Cell& each : cells_) {
      if (!each.ended && each.loaded) note(&each, fault, std::nullopt, true);
    }
    return;
  }
  fault.what += " on vector " + std::to_string(draw_.ordinal(crash.vector));
  blame(*cell, crash.vector, fault);
}

// Which vector it was is certain only when rows come one by one.
void Runner::note_hang(const Fault& fault, const RunReport& report, const Group& group) {
  const bool is_certain = careful_ && report.request && asked_[*report.request].size() == 1;
  careful_ = true;
  if (is_certain) {
    blame(*asked_[*report.request].front(), report.first_missing, fault);
  } else {
    for (Cell* cell : group) note(cell, fault, std::nullopt, true);
  }
}

void Runner::note(Cell* cell, const Fault& fault, std::optional<std::uint32_t> place, bool of_the_device) {
  if (!cell->trial) return;
  SurvivedFault survived{fault, {}, of_the_device};
  if (place) survived.vector = draw_.ordinal(*place);
  sink_.survived(*cell->trial, survived);
}

void Runner::blame(Cell& cell, std::uint32_t place, const Fault& fault) {
  note(&cell, fault, place, true);
  if (cell.ledger.blame(place) < kBlameMax) return;
  if (cell.ledger.quarantined() >= kQuarantineMax) {
    fault_cell(cell, fault);
    return;
  }
  RunRequest request;
  request.form = setup_.campaign.results;
  request.top_k = static_cast<std::uint8_t>(setup_.campaign.top_k);
  store(cell, cell.ledger.quarantine(place, request.row_size(run_model(cell, VectorBlock{}))));
}

// On a real board the power or the cable may do that; a process or an emulator has nothing but the device.
void Runner::give_up(const Fault& fault, const Group& group) {
  const bool is_reset = fault.kind == FaultKind::reset || fault.kind == FaultKind::gone;
  if (is_reset && line_.device().board.provenance == Provenance::real) throw_bench_fault(setup_.board, fault);
  for (Cell* cell : group) fault_cell(*cell, fault);
}

void Runner::fault_cell(Cell& cell, const Fault& fault) {
  if (!cell.trial) begin(cell);
  end(cell, {TrialState::faulted, fault});
  if (!cell.is_baseline(setup_.campaign)) return;
  const ExitCode code = fault.kind == FaultKind::refused ? ExitCode::usage : ExitCode::bench_fault;
  throw Error(code, "the baseline cannot run on this board: " + describe(fault), cell.model->file.string(),
              fault.remedy.empty() ? "choose a baseline that runs" : fault.remedy);
}

}  // namespace tinyhil
