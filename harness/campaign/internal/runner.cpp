// SPDX-License-Identifier: Apache-2.0
#include "runner.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>

#include "base/error.hpp"
#include "campaign/identity_check.hpp"
#include "device/run_report.hpp"
#include "device/run_request.hpp"
#include "model/inference_rows.hpp"

namespace tinyhil::campaign {

namespace {

// 24 bits, not 0. A device names the vector that crashed it by its position, so another order is another tag.
std::uint32_t tag_of(const RunSetup& setup, const std::vector<std::uint32_t>& order) {
  const auto& a = setup.campaign.digest.bytes;
  const auto& b = setup.vectors.digest.bytes;
  std::uint32_t tag = 0;
  for (std::size_t i = 0; i < 3; ++i) tag = tag << 8 | static_cast<std::uint8_t>(a[i] ^ b[i]);
  for (const std::uint32_t number : order) tag = (tag * 31 + number) & 0xFF'FFFF;
  return tag == 0 ? 1 : tag;
}

std::vector<std::uint32_t> order_of(const RunSetup& setup) {
  if (setup.share.boards == 1) return setup.order;
  std::vector<std::uint32_t> all = setup.order;
  if (all.empty()) {
    all.resize(setup.vectors.count);
    std::iota(all.begin(), all.end(), 0u);
  }
  return setup.share.of(all);
}

std::unique_ptr<const DrawnVectors> own_drawn(const RunSetup& setup) {
  if (setup.drawn != nullptr) return nullptr;
  return std::make_unique<const DrawnVectors>(setup.vectors, order_of(setup), setup.campaign, setup.inputs);
}

}  // namespace

Runner::Runner(const RunSetup& setup, TrialSink& sink)
    : setup_(setup),
      sink_(sink),
      own_drawn_(own_drawn(setup)),
      draw_((own_drawn_ ? *own_drawn_ : *setup.drawn).draw),
      encodings_((own_drawn_ ? *own_drawn_ : *setup.drawn).encodings),
      looks_(setup.looks),
      tag_(tag_of(setup, order_of(setup))),
      line_(setup.board, setup.connect, setup.keep_core) {
  if (looks_.empty()) looks_.push_back(setup.vectors.count);
  for (const ModelFile& model : setup.campaign.models) add_cell(model, TrialRole::subject);
  std::stable_partition(cells_.begin(), cells_.end(),
                        [&](const Cell& cell) { return cell.is_baseline(setup.campaign); });
  if (setup.control_vectors > 0) {
    add_cell(setup.campaign.model(setup.campaign.baseline), TrialRole::control);
  }
  for (const Trial& trial : setup.earlier) take_up(trial);
}

void Runner::add_cell(const ModelFile& model, TrialRole role) {
  Ledger nothing_stored(draw_.vectors().count, static_cast<std::size_t>(setup_.campaign.repeats));
  cells_.push_back({&model, role, encodings_.of(model.name), std::move(nothing_stored), {}, {}});
}

void Runner::take_up(const Trial& earlier) {
  const auto cell = std::find_if(cells_.begin(), cells_.end(), [&](const Cell& each) {
    return each.model->name == earlier.info.model && each.role == earlier.info.role;
  });
  if (cell == cells_.end()) return;
  if (earlier.rows.size() == 0 && earlier.info.output == TensorList())
    return;  // it left before its first model
  cell->trial = earlier.id;
  const bool is_whole = earlier.state == TrialState::complete && !earlier.drawn;
  cell->ended = is_whole || earlier.state == TrialState::faulted;
  has_faulted_ = has_faulted_ || earlier.state == TrialState::faulted;
  cell->ledger.mark(draw_.with_positions(earlier.rows));
  for (const SurvivedFault& fault : earlier.survived) {
    if (fault.vector && fault.of_the_device) cell->ledger.blame(draw_.position(*fault.vector));
  }
}

asio::awaitable<void> Runner::run() {
  refuse_failed_board();
  const bool changes_images = setup_.campaign.compares_images() && setup_.put_image;
  if (changes_images) co_return co_await run_images();
  co_await greet();
  check_kinds(setup_.campaign, line_.identity());
  co_await choose_image();
  co_await begin_session();
  co_await run_looks();
}

// With what is known of the board now: before the first model is loaded.
asio::awaitable<void> Runner::begin_session() {
  if (setup_.meeting != nullptr) co_await setup_.meeting->gather();
  crash_noted_ = setup_.earlier.empty() || !line_.identity().crash || line_.identity().crash->tag != tag_ ||
                 is_stored(*line_.identity().crash);
}

asio::awaitable<void> Runner::run_looks() {
  for (const std::uint64_t look : looks_) {
    set_goals(look);
    co_await run_portions(look);
    Settled settled;
    if (look < looks_.back() && setup_.meeting != nullptr) settled = co_await setup_.meeting->arrive(look);
    settle(settled);
    if (std::ranges::all_of(cells_, &Cell::ended)) co_return;
  }
}

// Every model that is on the board, or can be, as far as its goal.
asio::awaitable<void> Runner::run_here() { co_await run_waves(line_.device().plan(encodings_.sets())); }

asio::awaitable<void> Runner::run_waves(std::vector<device::Wave> waves) {
  const std::vector<Group> all = groups();
  for (const Turn& turn : turns(waves, all)) co_await finish_wave(waves[turn.wave], all[turn.group]);
}

// The model that is compiled into the device's firmware is the one to run; the others take their turn later.
asio::awaitable<void> Runner::choose_image() {
  if (!setup_.campaign.compares_images()) co_return;
  std::vector<const ModelFile*> elsewhere;
  for (const ModelFile& model : setup_.campaign.models) {
    const bool is_here = co_await line_.is_on(model);
    if (!is_here) elsewhere.push_back(&model);
  }
  if (elsewhere.size() == setup_.campaign.models.size()) throw no_image(setup_.campaign, line_.identity());
  check_same_board(setup_.campaign, setup_.earlier, line_.identity());
  std::erase_if(
      cells_, [&](const Cell& cell) { return std::ranges::find(elsewhere, cell.model) != elsewhere.end(); });
}

std::vector<std::uint32_t> Runner::steady_vectors(std::size_t most) const {
  std::vector<std::uint32_t> steady;
  for (std::uint32_t position = 0; position < draw_.vectors().count && steady.size() < most; ++position) {
    const bool is_steady = std::ranges::none_of(
        cells_, [&](const Cell& cell) { return cell.ledger.is_quarantined(OrderPosition{position}); });
    if (is_steady) steady.push_back(draw_.number(OrderPosition{position}).value);
  }
  return steady;
}

void Runner::set_goals(std::uint64_t look) {
  look_ = look;
  const std::uint64_t goal = setup_.share.before(look);
  for (Cell& cell : cells_) {
    cell.goal = cell.role == TrialRole::control ? std::min(goal, setup_.control_vectors) : goal;
  }
}

// The baseline ends with the last candidate.
void Runner::settle(const Settled& settled) {
  const bool is_last = look_ == looks_.back();
  bool someone_is_open = false;
  for (Cell& cell : cells_) {
    if (cell.ended || cell.is_baseline(setup_.campaign)) continue;
    if (is_last || settled.contains(cell.model->name)) complete(cell);
    someone_is_open = someone_is_open || !cell.ended;
  }
  if (someone_is_open) return;
  for (Cell& cell : cells_) {
    if (!cell.ended) complete(cell);
  }
}

// The host may have died after it had stored the record, before the device ran again.
bool Runner::is_stored(const CrashRecord& crash) const {
  if (crash.vector.value >= draw_.vectors().count) return false;
  for (const Trial& trial : setup_.earlier) {
    for (const SurvivedFault& fault : trial.survived) {
      if (fault.vector == draw_.number(crash.vector) && fault.fault.evidence.starts_with(crash.describe()))
        return true;
    }
  }
  return false;
}

// Until nothing of the wave is missing, or nobody of the group is left.
asio::awaitable<void> Runner::finish_wave(const device::Wave& wave, Group group) {
  while (true) {
    std::erase_if(group, [](const Cell* cell) { return cell->ended; });
    if (group.empty() || is_stored(wave, group)) co_return;
    device::RunReport report;
    Result<void> done = co_await run_wave(wave, group, report);
    for (const OrderPosition vector : report.unsteady) {
      const Fault unsteady{FaultKind::corrupt,
                           "the output of a vector changed between two inferences",
                           {},
                           "the model or the firmware is not deterministic"};
      for (Cell* cell : group) note(cell, unsteady, vector, true);
    }
    longest_seen_ = std::max(longest_seen_, report.longest_seen);
    if (report.late.times > 0) note_lateness(report.late, group);
    if (done) {
      settle_silences(false);
      co_return;
    }
    co_await recover(done.error(), report, group);
  }
}

asio::awaitable<Result<void>> Runner::run_wave(const device::Wave& wave, const Group& group,
                                               device::RunReport& report) {
  loading_ = nullptr;
  Result<void> ready = co_await load_group(group, report);
  if (!ready) co_return ready;
  if (line_.identity().crash && !crash_noted_)
    note_crash(*line_.identity().crash);  // from before the run was taken up
  const device::Device::Sink sink = [this](std::size_t request, std::size_t model,
                                           const InferenceRows& rows) {
    store(*asked_[request].cells[model], rows);
  };
  std::vector<device::RunRequest> wanted = requests(wave, group);
  co_return co_await line_.device().run(wave, std::move(wanted), sink, report);
}

void Runner::store(Cell& cell, const InferenceRows& rows) {
  if (rows.size() == 0) return;
  sink_.append(*cell.trial, draw_.with_numbers(rows));
  cell.has_answered = true;
  cell.ledger.mark(rows);
  fruitless_ = 0;
  setup_.progress({cell.model->name, cell.ledger.vectors_done(), looks_.back(), cell.role});
}

TrialInfo Runner::trial_info(const Cell& cell) const {
  TrialInfo info;
  info.model = cell.model->name;
  info.role = cell.role;
  info.model_digest = cell.model->digest;  // load() held it against the device's; is_on() showed the image
  if (!cell.model->is_image) info.model_size = cell.model->content.size();
  info.vectors_digest = setup_.vectors.digest;
  info.vector_count = setup_.vectors.count;
  info.repeats = setup_.campaign.repeats;
  info.polled = line_.polls_memory();
  info.board = line_.identity().board;
  if (cell.model->image) {
    info.board.flash_size = cell.model->image->flash_size;
    info.board.ram_size = cell.model->image->ram_size;
  }
  info.mode = setup_.campaign.mode;
  info.top_k = setup_.campaign.top_k;
  if (!cell.loaded) return info;
  info.arena_used = cell.loaded->arena_used;
  info.input = cell.loaded->input;
  info.output = cell.loaded->output;
  info.top_k = static_cast<std::uint16_t>(std::min<std::size_t>(info.top_k, info.output.elements()));
  return info;
}

// A trial that is taken up again must be of the same thing.
void Runner::begin(Cell& cell) {
  const TrialInfo info = trial_info(cell);
  if (!cell.trial) {
    cell.trial = sink_.begin(info);
    for (const SurvivedFault& fault : cell.waiting) sink_.survived(*cell.trial, fault);
    cell.waiting.clear();
    return;
  }
  const auto earlier = std::find_if(setup_.earlier.begin(), setup_.earlier.end(),
                                    [&](const Trial& trial) { return trial.id == *cell.trial; });
  if (earlier != setup_.earlier.end() && !same_subject(earlier->info, info)) {
    throw Error(ErrorKind::usage,
                "the run cannot be taken up: its trial of `" + cell.model->name +
                    "` was of another model, firmware, board, kind of line or vectors",
                setup_.campaign.file.string(), "start a new run, without --resume");
  }
}

void Runner::end(Cell& cell, const TrialEnd& end) {
  assert(cell.trial && !cell.ended);
  sink_.end(*cell.trial, end);
  cell.ended = true;
}

void Runner::complete(Cell& cell) {
  const std::uint64_t drawn = cell.role == TrialRole::control ? cell.goal : look_;
  TrialEnd whole;
  if (drawn < setup_.vectors.count) whole.drawn = drawn;
  note_damage(cell);
  end(cell, whole);
}

void Runner::interrupt() {
  settle_silences(false);
  for (Cell& cell : cells_) {
    if (cell.trial && !cell.ended) end(cell, {TrialState::interrupted});
  }
}

}  // namespace tinyhil::campaign
