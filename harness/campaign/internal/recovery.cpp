// SPDX-License-Identifier: Apache-2.0
// What a Runner does about a fault: whose it was, what it leaves in the store, and how the run goes on.
#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "device/run_report.hpp"
#include "device/run_request.hpp"
#include "runner.hpp"

namespace tinyhil::campaign {

namespace {

constexpr int kFruitlessMax = 5;           // faults in a row without a stored row in between
constexpr int kBlameMax = 2;               // faults on one vector, until it is quarantined
constexpr std::size_t kQuarantineMax = 3;  // vectors of one model, until it is given up
constexpr int kSilencesMax = 20;           // of a run, though it gets on in between

}  // namespace

asio::awaitable<void> Runner::greet() {
  nothing_is_ready();
  co_await line_.greet();
  sink_.greeted(line_.identity().board);
  note_read_back();
}

// Beside each trial that goes on with this firmware.
void Runner::note_read_back() {
  if (!setup_.read_back) return;
  for (const Fault& proof : setup_.read_back()) {
    for (Cell& cell : cells_) {
      if (cell.ended || !cell.is_here) continue;
      if (!cell.trial) cell.waiting.push_back({proof, std::nullopt, false});
      note(&cell, proof, std::nullopt, false);
    }
  }
}

// A device that stays silent is the bench's, and line_.recover() throws; one that answers goes on.
asio::awaitable<void> Runner::recover(Fault fault, const device::RunReport& report, const Group& group) {
  if (std::ranges::any_of(group, &Cell::ended)) co_return;  // load_group has dealt with a refused model
  if (is_nonsense(fault)) throw_bench_fault(setup_.board, fault);
  const bool is_silence = report.silence != device::Silence::none;
  if (is_silence && report.request) {
    fault.what += ", the first is that of vector " + to_string(draw_.number(report.first_missing));
  }
  if (++fruitless_ > kFruitlessMax || (is_silence && ++silence_count_ > kSilencesMax)) {
    give_up(fault, report, group);
    co_return;
  }
  if (report.accepted) crash_noted_ = false;
  nothing_is_ready();
  const StopCause cause = co_await line_.recover(fault, report, !crash_noted_);
  if (cause != StopCause::crash) fault = line_.with_core(std::move(fault));
  sink_.greeted(line_.identity().board);
  note_read_back();
  switch (cause) {
    case StopCause::preparing:
      co_return note_load_fault(fault);
    case StopCause::crash:
      co_return note_crash(*line_.identity().crash);
    case StopCause::slow:
      co_return note_slow(fault, report);
    case StopCause::hang:
      co_return note_hang(fault, report, group);
    case StopCause::silence:
      co_return note_silence(fault, report);
    case StopCause::line:
      for (Cell* cell : group) note(cell, fault, std::nullopt, false);
  }
}

// Only the model that was being prepared has to do with it. A device that is brought down so leaves a record
// of no inference; without one, a board may have lost its supply.
void Runner::note_load_fault(Fault fault) {
  Cell& cell = *loading_;
  const std::optional<CrashRecord>& crash = line_.identity().crash;
  const bool has_record = fault.kind == FaultKind::reset && crash && crash->tag == 0;
  const bool is_power = fault.kind == FaultKind::reset || fault.kind == FaultKind::gone;
  const bool may_be_the_benchs = is_power && !has_record;
  if (has_record) fault = line_.crash_fault(*crash);
  if (has_record || fault.kind == FaultKind::timeout) {
    fault.what += " while it prepared model `" + cell.model->name + "`";
  }
  crash_noted_ = true;
  if (++cell.load_faults < kBlameMax) {
    cell.waiting.push_back({fault, std::nullopt, !may_be_the_benchs});
  } else if (may_be_the_benchs && line_.identity().board.provenance == Provenance::real) {
    throw_bench_fault(setup_.board, fault);
  } else {
    fault_cell(cell, fault);
  }
}

// A model that is too slow twice is too slow. Its rows are taken: there is nothing wrong with them.
void Runner::note_slow(const Fault& fault, const device::RunReport& report) {
  Cell& cell = *asked_[report.slow->request].cells[report.slow->model];
  Fault named = fault;
  named.what = "model `" + cell.model->name + "` is slow on vector " +
               to_string(draw_.number(report.slow->vector)) + ": " + fault.what;
  if (++cell.slow >= kBlameMax) {
    fault_cell(cell, named);
  } else {
    note(&cell, named, report.slow->vector, true);
  }
}

void Runner::note_crash(const CrashRecord& crash) {
  crash_noted_ = true;
  Fault fault = line_.crash_fault(crash);
  const auto cell = std::find_if(cells_.begin(), cells_.end(), [&](const Cell& each) {
    return !each.ended && each.loaded && each.slot == crash.model_slot;
  });
  if (crash.tag != tag_ || cell == cells_.end() || crash.vector.value >= draw_.vectors().count) {
    for (Cell& each : cells_) {
      if (!each.ended && each.loaded) note(&each, fault, std::nullopt, true);
    }
    return;
  }
  fault.what += " on vector " + to_string(draw_.number(crash.vector));
  blame(*cell, crash.vector, fault);
}

void Runner::note_hang(const Fault& fault, const device::RunReport& report, const Group& group) {
  const bool is_certain = narrow_down(report);
  if (is_certain) {
    blame(*asked_[*report.request].cells.front(), report.first_missing, fault);
  } else {
    for (Cell* cell : group) note(cell, fault, std::nullopt, true);
  }
}

// Whether it is certain which vector it was: only where rows come one by one. Else it may have been any of
// the request without a result, and those are asked for one by one from now on.
bool Runner::narrow_down(const device::RunReport& report) {
  const Asked& asked = asked_[report.request.value()];
  suspects_ = {report.first_missing, asked.is_careful ? 1 : asked.end - report.first_missing};
  return asked.is_careful;
}

// What strikes the same vector twice is no stalled line, unless the line has stalled before.
void Runner::note_silence(const Fault& fault, const device::RunReport& report) {
  const bool is_certain = narrow_down(report);
  OpenSilence now{asked_[*report.request].cells, report.first_missing, is_certain, fault};
  const auto is_elsewhere = [&](const OpenSilence& earlier) {
    return earlier.is_certain && (earlier.cells != now.cells || earlier.vector != now.vector);
  };
  if (!now.is_certain || std::ranges::any_of(silences_, is_elsewhere)) settle_silences(false);
  silences_.push_back(std::move(now));
  const auto certain = std::ranges::count(silences_, true, &OpenSilence::is_certain);
  if (certain >= kBlameMax && !line_is_suspect_) settle_silences(true);
}

void Runner::settle_silences(bool of_the_device) {
  const std::vector<OpenSilence> settled = std::exchange(silences_, {});
  line_is_suspect_ = line_is_suspect_ || (!of_the_device && !settled.empty());
  for (const OpenSilence& silence : settled) {
    for (Cell* cell : silence.cells) {
      if (cell->ended) continue;
      if (!of_the_device) {
        note(cell, silence.fault, silence.vector, false);
      } else if (silence.is_certain) {
        blame(*cell, silence.vector, silence.fault);
      } else {
        note(cell, silence.fault, std::nullopt, true);
      }
    }
  }
}

// The device's clock shows that it was not the device.
void Runner::note_lateness(const device::Lateness& late, const Group& group) {
  line_is_suspect_ = true;
  const Fault fault{FaultKind::timeout,
                    "the line held results back " + std::to_string(late.times) + " times, up to " +
                        std::to_string(late.most.count()) + " ms beyond `inference_timeout`",
                    line_.is_open() ? line_.device().describe() : std::string(),
                    "check cable, hub and the host's load"};
  for (Cell* cell : group) note(cell, fault, std::nullopt, false);
}

// Damage costs time only; but who looks for the cause of something else wants to know.
void Runner::note_damage(Cell& cell) {
  const BoardLine::Damage damage = line_.damage();
  for (const std::string& said : {damage.stray, damage.logged}) {
    if (said.empty()) continue;
    note(&cell, Fault{FaultKind::remark, "the board said something besides its results", said}, std::nullopt,
         false);
  }
  if (!damage.detours.empty()) {
    const Fault detour{FaultKind::remark, "slots were filled by frames, not by the probe", damage.detours};
    note(&cell, detour, std::nullopt, false);
  }
  if (damage.frames == 0) return;
  const Fault fault{FaultKind::corrupt,
                    std::to_string(damage.frames) + " of " + std::to_string(damage.of) +
                        " frames arrived damaged and were asked for again",
                    damage.stray, "check the cable, lower the baud rate"};
  note(&cell, fault, std::nullopt, false);
}

void Runner::note(Cell* cell, const Fault& fault, std::optional<OrderPosition> vector, bool of_the_device) {
  if (!cell->trial) return;
  SurvivedFault survived{fault, {}, of_the_device};
  if (vector) survived.vector = draw_.number(*vector);
  sink_.survived(*cell->trial, survived);
}

void Runner::blame(Cell& cell, OrderPosition vector, const Fault& fault) {
  note(&cell, fault, vector, true);
  if (cell.ledger.blame(vector) < kBlameMax) return;
  if (cell.ledger.quarantined() >= kQuarantineMax) {
    fault_cell(cell, fault);
    return;
  }
  device::RunRequest request;
  request.form = setup_.campaign.results;
  request.top_k = static_cast<std::uint8_t>(setup_.campaign.top_k);
  store(cell, cell.ledger.quarantine(vector, request.row_size(run_model(cell, device::VectorBlock{}))));
}

// On a real board the power or the cable may do that; a process or an emulator has nothing but the device. A
// silence may be the line's anywhere.
void Runner::give_up(const Fault& fault, const device::RunReport& report, const Group& group) {
  const bool is_power = fault.kind == FaultKind::reset || fault.kind == FaultKind::gone;
  const bool is_real = line_.identity().board.provenance == Provenance::real;
  const bool is_unexplained =
      fault.kind == FaultKind::timeout && report.silence != device::Silence::of_the_device;
  if (is_unexplained || (is_power && is_real)) throw_bench_fault(setup_.board, fault);
  for (Cell* cell : group) fault_cell(*cell, fault);
}

void Runner::fault_cell(Cell& cell, const Fault& fault) {
  const bool is_baseline = cell.is_baseline(setup_.campaign), is_refused = fault.kind == FaultKind::refused;
  if (!cell.trial && !(is_baseline && is_refused)) begin(cell);  // a refused baseline leaves nothing behind
  has_faulted_ = true;
  if (cell.trial) end(cell, {TrialState::faulted, fault});
  if (!is_baseline) return;
  const bool is_known = is_refused || cell.slow > 0;  // and will be the same again
  const ErrorKind kind = is_known ? ErrorKind::usage : ErrorKind::bench_fault;
  throw Error(kind, "the baseline cannot run on this board: " + describe(fault), cell.model->file.string(),
              fault.remedy.empty() ? "choose a baseline that runs" : fault.remedy);
}

}  // namespace tinyhil::campaign
