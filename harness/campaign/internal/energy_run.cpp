// SPDX-License-Identifier: Apache-2.0
#include "energy_run.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/error.hpp"
#include "device/run_report.hpp"
#include "device/run_request.hpp"

namespace tinyhil::campaign {
namespace {

using namespace std::chrono_literals;

std::string where_of(const Board& board) { return "board " + board.name; }

Error board_failed(const Board& board, const Fault& fault) {
  return Error(ErrorKind::bench_fault, "the board stopped while its current was measured: " + describe(fault),
               where_of(board), "what was measured is stored; go on with --resume");
}

Error meter_lost(const Board& board, const Fault& fault) {
  return Error(
      ErrorKind::bench_fault, "the current meter was lost: " + describe(fault), where_of(board),
      "what was measured is stored; plug it in and go on with --resume, or write `meter_lost: go-on` "
      "in the campaign's `energy`");
}

}  // namespace

EnergyRun::EnergyRun(asio::any_io_executor home, EnergySetup setup, RecordingSink& sink)
    : setup_(std::move(setup)),
      plan_(*setup_.campaign.energy),
      sink_(sink),
      line_(setup_.board, setup_.connect),
      recorder_(std::move(home), setup_.board),
      metered_(recorder_, judge_, [this](WindowRequest request) { return line_.device().window(request); }),
      traces_(setup_.earlier.size()) {
  for (const ModelFile& model : setup_.campaign.models) residents_.push_back({&model, {}, false});
  std::ranges::stable_partition(
      residents_, [&](const Resident& each) { return each.model->name == setup_.campaign.baseline; });
}

asio::awaitable<void> EnergyRun::prepare() { meter_ = co_await recorder_.prepare(); }

asio::awaitable<void> EnergyRun::run(std::vector<std::uint32_t> vectors) {
  if (vectors.empty()) co_return;
  draw_.emplace(setup_.vectors, std::move(vectors));
  const std::set<std::uint32_t> stored = stored_blocks();
  const auto blocks =
      static_cast<std::uint32_t>(std::min<std::size_t>(plan_.vectors, draw_->vectors().count));
  if (stored.size() >= blocks) co_return;
  encode();
  co_await greet();
  check_slots();
  known_.assign(residents_.size(), std::vector<KnownInference>(blocks));
  for (const device::Wave& wave : line_.device().plan(encodings_->sets())) {
    const std::uint32_t first = wave.front().first;
    const std::uint32_t end = std::min(blocks, wave.back().first + wave.back().count);
    if (first >= end) break;
    co_await warm_up(wave);
    for (std::uint32_t begin = first; begin < end; begin += kBlocksOfRecording) {
      std::set<std::uint32_t> others = stored;
      for (std::uint32_t block = 0; block < blocks; ++block)
        if (block < begin || block >= std::min(end, begin + kBlocksOfRecording)) others.insert(block);
      if (others.size() < blocks) co_await record(wave, others);
    }
  }
}

// Those whose vector has complete windows of every model.
std::set<std::uint32_t> EnergyRun::stored_blocks() const {
  std::map<VectorNumber, std::set<std::string>> models;
  for (const Recording& recording : setup_.earlier) {
    for (const MeasuredWindow& window : recording.windows) {
      const bool counts = window.state == WindowState::complete && window.report.proven > 0;
      if (window.kind == WindowKind::inference && counts) models[*window.vector].insert(window.model);
    }
  }
  std::set<std::uint32_t> blocks;
  for (std::uint32_t block = 0; block < draw_->vectors().count; ++block) {
    const auto found = models.find(draw_->number(OrderPosition{block}));
    if (found != models.end() && found->second.size() == residents_.size()) blocks.insert(block);
  }
  return blocks;
}

asio::awaitable<void> EnergyRun::greet() {
  co_await line_.greet();
  check_windows(setup_.board, line_.identity(), plan_.sleep > 0ms);
  for (Resident& resident : residents_) resident.is_ready = false;
}

void EnergyRun::encode() {
  encodings_.emplace(draw_->vectors(), setup_.campaign, setup_.inputs);
  for (Resident& resident : residents_) resident.encoding = encodings_->of(resident.model->name);
}

// The windows of a block are one after the other, so its vector has to be there for every model.
void EnergyRun::check_slots() const {
  const std::size_t wanted = encodings_->sets().size();
  if (line_.identity().vectors.count >= wanted) return;
  throw Error(ErrorKind::usage,
              "the models quantise the vectors in " + std::to_string(wanted) +
                  " ways, and the board has fewer vector slots",
              where_of(setup_.board),
              "give the port more vector slots (thil_port_memory_get), or the models one input scale");
}

// Each model keeps the slot that it gets, as long as there are enough.
asio::awaitable<void> EnergyRun::make_ready(Resident& resident) {
  if (resident.is_ready) co_return;
  const auto index = static_cast<std::size_t>(&resident - residents_.data());
  const auto slot = static_cast<std::uint8_t>(index % line_.identity().model_slots());
  for (Resident& other : residents_)
    if (&other != &resident && other.loaded.slot == slot) other.is_ready = false;
  device::RunReport report;
  const Result<LoadedModel> loaded = co_await line_.device().prepare(*resident.model, slot, report);
  if (!loaded) throw board_failed(setup_.board, loaded.error());
  resident.loaded = *loaded;
  resident.is_ready = true;
}

// Once over the vectors: brings them to the board, and tells how long each takes and what comes of it.
asio::awaitable<void> EnergyRun::warm_up(const device::Wave& wave) {
  for (Resident& resident : residents_) {
    co_await make_ready(resident);
    std::vector<device::RunRequest> requests;
    for (std::size_t slot = 0; slot < wave.size(); ++slot) {
      if (wave[slot].first >= known_[0].size()) break;
      if (wave[slot].encoding != resident.encoding) continue;
      device::RunRequest request;
      device::RunModel model;
      model.slot = resident.loaded.slot;
      model.output = resident.loaded.output;
      request.models.push_back(std::move(model));
      request.vector_slot = static_cast<std::uint16_t>(slot);
      request.count = static_cast<std::uint16_t>(
          std::min<std::size_t>(wave[slot].count, known_[0].size() - wave[slot].first));
      request.position = OrderPosition{wave[slot].first};
      request.longest_inference = setup_.board.longest_inference;
      request.clock_hz = line_.identity().board.clock_hz;
      requests.push_back(std::move(request));
    }
    device::RunReport report;
    const Result<void> ran = co_await line_.device().run(
        wave, std::move(requests),
        [this, &resident](std::size_t, std::size_t, const InferenceRows& rows) { learn(resident, rows); },
        report);
    if (!ran) throw board_failed(setup_.board, ran.error());
  }
}

void EnergyRun::learn(Resident& resident, const InferenceRows& rows) {
  const auto index = static_cast<std::size_t>(&resident - residents_.data());
  const double clock_hz = line_.identity().board.clock_hz;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (rows.vector[row] >= known_[index].size()) continue;
    KnownInference& known = known_[index][rows.vector[row]];
    known.seconds = clock_hz > 0 ? rows.clock[row] / clock_hz : 0;
    known.output = sha256(std::span(rows.outputs).subspan(row * rows.output_size, rows.output_size));
  }
}

asio::awaitable<void> EnergyRun::record(const device::Wave& wave, const std::set<std::uint32_t>& others) {
  const auto blocks = static_cast<std::uint32_t>(known_[0].size());
  const std::vector<WindowStep> steps = window_order({residents_.size(), blocks, plan_.sleep > 0ms, others});
  const std::filesystem::path trace = new_trace();
  co_await metered_.begin(trace);
  const std::int64_t recording = sink_.begin_recording({setup_.board.name, meter_});
  const std::optional<Fault> fault = co_await run_windows(wave, steps);
  const BoardIdentity& board = line_.identity().board;
  const WindowClocks clocks{board.timer_hz, board.clock_hz};
  RecordedWindows measured = co_await metered_.end(clocks);
  sink_.add_windows(recording, std::move(measured.windows));
  RecordingEnd end;
  if (fault) end = {RecordingState::interrupted, *fault};
  if (!measured.recorded) end = {RecordingState::lost, measured.recorded.error()};
  end.trace = (trace.parent_path().filename() / trace.filename()).string();
  end.trace_digest = co_await judge_.run([&trace] { return sha256_of_file(trace); });
  end.samples = recorder_.samples();
  sink_.end_recording(recording, end);
  if (fault) throw board_failed(setup_.board, *fault);
  if (!measured.recorded && plan_.lost == MeterLost::stop)
    throw meter_lost(setup_.board, measured.recorded.error());
}

// Ends early when the board fails, or the meter is lost.
asio::awaitable<std::optional<Fault>> EnergyRun::run_windows(const device::Wave& wave,
                                                             const std::vector<WindowStep>& steps) {
  for (const WindowStep& step : steps) {
    if (metered_.has_ended()) break;
    KnownInference known;
    if (step.kind == WindowKind::inference) {
      co_await make_ready(residents_[step.model]);
      known = known_[step.model][step.block];
    }
    const WindowRequest wanted = request(wave, step);
    const RunWindow of = about(step);
    const Result<WindowReport> report = co_await metered_.run(wanted, of, known);
    if (!report) co_return report.error();
  }
  co_return std::nullopt;
}

WindowRequest EnergyRun::request(const device::Wave& wave, const WindowStep& step) const {
  WindowRequest request;
  request.kind = step.kind;
  request.rest = plan_.rest;
  request.length = step.kind == WindowKind::sleep ? plan_.sleep : plan_.idle;
  if (step.kind != WindowKind::inference) return request;
  const auto block = std::ranges::find_if(wave, [&](const device::VectorBlock& each) {
    return each.encoding == residents_[step.model].encoding && step.block >= each.first &&
           step.block < each.first + each.count;
  });
  request.model_slot = residents_[step.model].loaded.slot;
  request.vector_slot = static_cast<std::uint16_t>(block - wave.begin());
  request.vector = static_cast<std::uint16_t>(step.block - block->first);
  request.layers = line_.identity().windows.tells_layers;
  fill_window(request, plan_.window, known_[step.model][step.block]);
  return request;
}

RunWindow EnergyRun::about(const WindowStep& step) const {
  RunWindow window;
  window.kind = step.kind;
  window.block = step.block;
  if (step.kind != WindowKind::inference) return window;
  window.model = residents_[step.model].model->name;
  window.vector = draw_->number(OrderPosition{step.block});
  return window;
}

std::filesystem::path EnergyRun::new_trace() {
  std::filesystem::create_directories(setup_.traces);
  std::filesystem::path trace;
  do {
    trace = setup_.traces / ("run-" + std::to_string(setup_.run()) + "-" + setup_.board.name + "-" +
                             std::to_string(++traces_) + ".trace");
  } while (std::filesystem::exists(trace));
  return trace;
}

}  // namespace tinyhil::campaign
