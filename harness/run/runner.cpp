// SPDX-License-Identifier: Apache-2.0
#include "runner.hpp"

#include <algorithm>
#include <cassert>

#include "identity_check.hpp"
#include "model/error.hpp"

namespace tinyhil {

namespace {

constexpr std::chrono::seconds kBootLimit{10};

std::string text_of(const Fault& fault) {
  return fault.evidence.empty() ? fault.what : fault.what + " (" + fault.evidence + ")";
}

[[noreturn]] void throw_bench_fault(const Board& board, const Fault& fault) {
  throw Error(ExitCode::bench_fault, text_of(fault), "board " + board.name,
              fault.remedy.empty() ? "check power, cable and port, then run again" : fault.remedy);
}

}  // namespace

Runner::Runner(const RunSetup& setup, TrialSink& sink) : setup_(setup), sink_(sink) {
  if (setup.board.image) image_ = load_firmware_image(*setup.board.image);
  for (const ModelFile& model : setup.campaign.models) cells_.push_back({&model, {}, false, 0});
  std::stable_partition(cells_.begin(), cells_.end(),
                        [&](const Cell& cell) { return cell.model->name == setup.campaign.baseline; });
}

asio::awaitable<void> Runner::run() {
  co_await greet();
  const std::vector<Wave> waves = plan_slots(setup_.vectors, device_.vectors);
  for (const Wave& wave : waves) co_await run_wave(wave);
  for (Cell& cell : cells_) {
    if (!cell.ended) end(cell, TrialState::complete, std::nullopt);
  }
}

asio::awaitable<void> Runner::greet() {
  link_.reset();  // the old line first: a port has one user
  link_ = std::make_unique<AgentLink>(setup_.connect());
  Result<DeviceIdentity> identity = co_await link_->hello(kBootLimit);
  if (!identity) throw_bench_fault(setup_.board, identity.error());
  device_ = *identity;
  device_.board.name = setup_.board.name;
  check_identity(setup_.board, image_, device_);
  if (image_) {
    device_.board.flash_size = image_->flash_size;
    device_.board.ram_size = image_->ram_size;
  }
}

asio::awaitable<void> Runner::run_wave(const Wave& wave) {
  for (Cell& cell : cells_) {
    if (cell.ended) continue;
    Result<void> done = co_await run_cell(cell, wave);
    if (!done) co_await recover(cell, done.error());
  }
}

asio::awaitable<Result<void>> Runner::run_cell(Cell& cell, const Wave& wave) {
  Result<void> filled = co_await fill_slots(wave);  // sends nothing when the vectors are already there
  if (!filled) co_return filled;
  Result<LoadedModel> loaded = co_await load(*cell.model);
  if (!loaded) co_return loaded.error();
  check_input(setup_.vectors, *cell.model, *loaded);
  if (!cell.trial) cell.trial = sink_.begin(trial_info(*cell.model, *loaded));

  for (std::size_t slot = 0; slot < wave.size(); ++slot) {
    RunRequest request;
    request.vector_slot = static_cast<std::uint16_t>(slot);
    request.count = wave[slot].count;
    request.repeats = static_cast<std::uint16_t>(setup_.campaign.repeats);
    request.ordinal = wave[slot].first;
    request.output_size = loaded->output.bytes();
    request.inference_timeout = setup_.campaign.inference_timeout;
    Result<InferenceRows> rows = co_await link_->run(request);
    if (!rows) co_return rows.error();
    sink_.append(*cell.trial, *rows);
    cell.done += wave[slot].count;
    setup_.progress({cell.model->name, cell.done, setup_.vectors.count});
  }
  co_return Result<void>();
}

asio::awaitable<Result<void>> Runner::fill_slots(const Wave& wave) {
  Result<std::vector<Digest>> resident = co_await link_->inventory(SlotKind::vectors);
  if (!resident) co_return resident.error();
  for (std::size_t slot = 0; slot < wave.size(); ++slot) {
    if (slot < resident->size() && (*resident)[slot] == wave[slot].digest) continue;
    Result<void> pushed =
        co_await link_->push(SlotKind::vectors, static_cast<std::uint16_t>(slot), wave[slot].content);
    if (!pushed) co_return pushed;
  }
  co_return Result<void>();
}

asio::awaitable<Result<LoadedModel>> Runner::load(const ModelFile& model) {
  if (device_.loads_models) {
    Result<std::vector<Digest>> resident = co_await link_->inventory(SlotKind::model);
    if (!resident) co_return resident.error();
    if (resident->empty() || resident->front() != model.digest) {
      Result<void> pushed = co_await link_->push(SlotKind::model, 0, model.content);
      if (!pushed) co_return pushed.error();
    }
  }
  Result<LoadedModel> loaded = co_await link_->load(0);
  if (loaded && device_.loads_models && loaded->digest != model.digest) {
    co_return Fault{FaultKind::corrupt, "the device loaded another model than it was sent",
                    loaded->digest.hex(), "build the agent from the same version as the host"};
  }
  co_return loaded;
}

// A device that refuses is alive. After silence, one that answers a new connection had hung or restarted: its
// own fault. One that stays silent is the bench's: greet() then throws.
asio::awaitable<void> Runner::recover(Cell& cell, Fault fault) {
  if (!cell.trial) cell.trial = sink_.begin(trial_info(*cell.model, {}));
  end(cell, TrialState::faulted, fault);
  if (is_of_the_bench(fault, device_.board.provenance)) throw_bench_fault(setup_.board, fault);
  if (fault.kind != FaultKind::refused) co_await greet();
  if (cell.model->name == setup_.campaign.baseline) {
    const ExitCode code = fault.kind == FaultKind::refused ? ExitCode::usage : ExitCode::bench_fault;
    throw Error(code, "the baseline cannot run on this board: " + text_of(fault), cell.model->file.string(),
                fault.remedy.empty() ? "choose a baseline that runs" : fault.remedy);
  }
}

TrialInfo Runner::trial_info(const ModelFile& model, const LoadedModel& loaded) const {
  TrialInfo info;
  info.model = model.name;
  if (device_.loads_models) info.model_digest = model.digest;  // which load() held against the device's
  info.model_size = model.content.size();
  info.vectors_digest = setup_.vectors.digest;
  info.vector_count = setup_.vectors.count;
  info.repeats = setup_.campaign.repeats;
  info.board = device_.board;
  info.arena_used = loaded.arena_used;
  info.input = loaded.input;
  info.output = loaded.output;
  return info;
}

void Runner::end(Cell& cell, TrialState state, const std::optional<Fault>& fault) {
  assert(cell.trial && !cell.ended);
  sink_.end(*cell.trial, state, fault);
  cell.ended = true;
}

void Runner::interrupt() {
  for (Cell& cell : cells_) {
    if (cell.trial && !cell.ended) end(cell, TrialState::interrupted, std::nullopt);
  }
}

}  // namespace tinyhil
