// SPDX-License-Identifier: Apache-2.0
// What a Runner does about a fault: whose it was, what it leaves in the store, and how the run goes on.
#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "identity_check.hpp"
#include "model/error.hpp"
#include "runner.hpp"

namespace tinyhil {

namespace {

constexpr std::chrono::seconds kBootLimit{10};
constexpr std::chrono::seconds kReplugLimit{10};
constexpr std::chrono::milliseconds kReplugPause{250};
constexpr int kFruitlessMax = 5;           // faults in a row without a stored row in between
constexpr int kBlameMax = 2;               // faults on one vector, until it is quarantined
constexpr std::size_t kQuarantineMax = 3;  // vectors of one model, until it is given up

[[noreturn]] void throw_bench_fault(const Board& board, const Fault& fault) {
  throw Error(
      ExitCode::bench_fault, describe(fault), "board " + board.name,
      fault.remedy.empty() ? "check power, cable and port, then run again with --resume" : fault.remedy);
}

}  // namespace

// A plug that was pulled may be put back.
asio::awaitable<void> Runner::reconnect() {
  const auto limit = std::chrono::steady_clock::now() + kReplugLimit;
  const bool may_come_back = link_ != nullptr;
  link_.reset();  // the old line first: a port has one user
  while (!link_) {
    try {
      link_ = std::make_unique<AgentLink>(setup_.connect());
    } catch (const Error& error) {
      if (!may_come_back || error.code() != ExitCode::bench_fault ||
          std::chrono::steady_clock::now() >= limit)
        throw;
    }
    if (link_) co_return;
    asio::steady_timer pause(co_await asio::this_coro::executor, kReplugPause);
    co_await pause.async_wait(asio::use_awaitable);
  }
}

asio::awaitable<void> Runner::greet() {
  co_await reconnect();
  Result<DeviceIdentity> identity = co_await link_->hello(kBootLimit);
  if (!identity) throw_bench_fault(setup_.board, identity.error());
  co_await adopt(*identity);
}

// On the line as it is, when there is still somebody: a new one may mean a new process or emulator, and what
// a crash left behind is gone.
asio::awaitable<void> Runner::greet_again(FaultKind after) {
  if (after == FaultKind::reset) {
    Result<DeviceIdentity> identity = co_await link_->hello(kBootLimit);
    if (identity) {
      co_await adopt(*identity);
      co_return;
    }
  }
  co_await greet();
}

asio::awaitable<void> Runner::adopt(DeviceIdentity identity) {
  device_ = std::move(identity);
  device_.board.name = setup_.board.name;
  check_identity(setup_.board, image_, device_);
  if (image_) {
    device_.board.flash_size = image_->flash_size;
    device_.board.ram_size = image_->ram_size;
  }
  sink_.greeted(device_.board);
  Result<int> rate = co_await link_->climb();
  if (!rate) throw_bench_fault(setup_.board, rate.error());
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
  if (device_.crash && !crash_noted_) {
    note_crash(*device_.crash);
  } else if (fault.kind == FaultKind::timeout && (report.request || is_loading_)) {
    note_hang(fault, report, group);
  } else {
    for (Cell* cell : group) note(cell, fault, std::nullopt, false);
  }
}

void Runner::note_crash(const CrashRecord& crash) {
  crash_noted_ = true;
  Fault fault{FaultKind::reset, "the device crashed", crash.describe(),
              "look the PC up in the image: arm-none-eabi-addr2line -e agent.elf ADDRESS"};
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
  if (is_reset && device_.board.provenance == Provenance::real) throw_bench_fault(setup_.board, fault);
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
