// SPDX-License-Identifier: Apache-2.0
#include "board_session.hpp"

#include <algorithm>
#include <cstring>

#include "identity_check.hpp"
#include "link/packing.hpp"
#include "model/error.hpp"
#include "wave_run.hpp"

namespace tinyhil {

namespace {

constexpr int kFruitlessMax = 3;         // faults of a batch in a row that are nobody's
constexpr std::size_t kPackAtLeast = 8;  // vectors; choosing how takes milliseconds

void make_room(InferenceRows& rows, std::size_t count, std::size_t repeats, std::size_t output_size) {
  rows.vector.resize(count * repeats);
  rows.repeat.resize(count * repeats);
  for (std::size_t row = 0; row < count * repeats; ++row) {
    rows.vector[row] = static_cast<std::uint32_t>(row / repeats);
    rows.repeat[row] = static_cast<std::uint16_t>(row % repeats);
  }
  rows.status.resize(count * repeats);
  rows.clock.resize(count * repeats);
  rows.timer.resize(count * repeats);
  rows.output_size = output_size;
  rows.outputs.resize(count * repeats * output_size);
}

// How many of `from` were not there yet.
std::uint64_t put(InferenceRows& to, std::vector<bool>& done, const InferenceRows& from,
                  std::size_t repeats) {
  std::uint64_t added = 0;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const std::size_t row = from.vector[i] * repeats + from.repeat[i];
    if (done[row]) continue;
    done[row] = true;
    ++added;
    to.status[row] = from.status[i];
    to.clock[row] = from.clock[i];
    to.timer[row] = from.timer[i];
    std::memcpy(to.outputs.data() + row * to.output_size, from.outputs.data() + i * to.output_size,
                to.output_size);
  }
  return added;
}

}  // namespace

asio::awaitable<void> BoardSession::open() {
  is_dirty_ = true;
  forget();
  co_await line_.greet();
  is_dirty_ = false;
}

asio::awaitable<void> BoardSession::ensure_open() {
  if (is_dirty_ || !line_.is_open()) co_await open();
  crash_.reset();
}

// The slot that holds it, or the next in turn.
std::uint8_t BoardSession::slot_for(const ModelFile& model) {
  const auto found = std::ranges::find(models_, model.digest);
  if (found != models_.end()) return static_cast<std::uint8_t>(found - models_.begin());
  const std::uint8_t slot = next_slot_;
  const std::size_t slots = std::clamp<std::size_t>(line_.device().models.count, 1, 8);
  next_slot_ = static_cast<std::uint8_t>((slot + 1) % slots);
  return slot;
}

asio::awaitable<Result<std::uint8_t>> BoardSession::ensure_loaded(const ModelFile& model) {
  if (line_.device().loads_models && models_.empty()) {
    Result<std::vector<Digest>> inventory = co_await line_.link().inventory(SlotKind::model);
    if (!inventory) co_return inventory.error();
    models_ = std::move(*inventory);
  }
  const std::uint8_t slot = slot_for(model);
  const bool is_resident = slot < models_.size() && models_[slot] == model.digest;
  if (loaded_.contains(slot) && (is_resident || !line_.device().loads_models)) co_return slot;
  loaded_.erase(slot);
  Result<void> pushed = co_await line_.push_model(model, slot, models_);
  if (!pushed) co_return pushed.error();
  is_loading_ = true;
  Result<LoadedModel> loaded = co_await line_.load_model(model, slot);
  if (!loaded) co_return loaded.error();
  is_loading_ = false;
  if (slot < models_.size()) models_[slot] = model.digest;
  loaded_[slot] = *loaded;
  co_return slot;
}

asio::awaitable<Result<LoadedModel>> BoardSession::load(const ModelFile& model) {
  co_await ensure_open();
  is_dirty_ = true;
  Result<std::uint8_t> slot = co_await ensure_loaded(model);
  if (!slot) {
    is_dirty_ = slot.error().kind != FaultKind::refused;
    is_loading_ = false;
    if (!is_dirty_) models_.clear();  // whether the slot was filled is for the device to say
    co_return slot.error();
  }
  is_dirty_ = false;
  co_return loaded_.at(*slot);
}

asio::awaitable<Result<InferenceRows>> BoardSession::infer(const ModelFile& model, const VectorSet& vectors,
                                                           InferOptions options, OnRows on_rows) {
  co_await ensure_open();
  is_dirty_ = true;
  Batch batch{model, vectors, options, std::move(on_rows)};
  batch.tag = ++batches_ & 0xFF'FFFF;
  if (line_.device().unpacks && vectors.count >= kPackAtLeast) {
    batch.stride = choose_packing(vectors.inputs, vectors.input).stride;
  }
  std::size_t missing = SIZE_MAX;
  for (int fruitless = 0;;) {
    RunReport report;
    Result<void> ran = co_await run_all(batch, report);
    if (ran) break;
    const auto left = static_cast<std::size_t>(std::ranges::count(batch.done, false));
    fruitless = left < missing ? 1 : fruitless + 1;
    missing = left;
    std::optional<Fault> final = co_await recover(batch, ran.error(), report);
    is_dirty_ = final && final->kind != FaultKind::refused && !line_.is_open();
    if (!final && fruitless >= kFruitlessMax) final = ran.error();
    if (final) co_return *final;
    is_dirty_ = true;
  }
  is_dirty_ = false;
  co_return std::move(batch.rows);
}

asio::awaitable<Result<void>> BoardSession::run_all(Batch& batch, RunReport& report) {
  Result<std::uint8_t> slot = co_await ensure_loaded(batch.model);
  if (!slot) co_return slot.error();
  const LoadedModel& loaded = loaded_.at(*slot);
  const auto repeats = static_cast<std::size_t>(batch.options.repeats);
  if (batch.done.empty()) {
    check_input(batch.vectors, batch.model, loaded);
    batch.waves = plan_slots(batch.vectors, line_.device().vectors);
    make_room(batch.rows, batch.vectors.count, repeats, loaded.output.bytes());
    batch.done.resize(batch.rows.size());
  }
  if (vectors_.empty()) {
    Result<std::vector<Digest>> inventory = co_await line_.link().inventory(SlotKind::vectors);
    if (!inventory) co_return inventory.error();
    vectors_ = std::move(*inventory);
  }
  for (const Wave& wave : batch.waves) {
    Result<void> ran = co_await run_wave(batch, wave, *slot, report);
    if (!ran) co_return ran;
  }
  co_return Result<void>();
}

asio::awaitable<Result<void>> BoardSession::run_wave(Batch& batch, const Wave& wave, std::uint8_t slot,
                                                     RunReport& report) {
  const auto repeats = static_cast<std::size_t>(batch.options.repeats);
  std::vector<RunRequest> requests;
  for (std::size_t i = 0; i < wave.size(); ++i) {
    const auto begin = batch.done.begin() + static_cast<std::ptrdiff_t>(wave[i].first * repeats);
    RunModel model{slot, loaded_.at(slot).output};
    model.done.assign(begin, begin + static_cast<std::ptrdiff_t>(wave[i].count * repeats));
    if (std::ranges::find(model.done, false) == model.done.end()) continue;
    RunRequest request;
    request.models.push_back(std::move(model));
    request.vector_slot = static_cast<std::uint16_t>(i);
    request.count = wave[i].count;
    request.repeats = static_cast<std::uint16_t>(repeats);
    request.ordinal = wave[i].first;
    request.tag = batch.tag;
    request.mode = batch.options.mode;
    request.batch = batch.careful ? 1 : 0;
    request.inference_timeout = batch.options.inference_timeout;
    requests.push_back(std::move(request));
  }
  if (requests.empty()) co_return Result<void>();
  const RunStream::Sink sink = [&batch, repeats](std::size_t, std::size_t, const InferenceRows& rows) {
    batch.on_rows(put(batch.rows, batch.done, rows, repeats));
  };
  const std::vector<Digest> resident = vectors_;
  vectors_.clear();  // until it is known again
  Result<void> ran = co_await push_and_run(line_.link(), batch.options.mode, wave, std::move(requests),
                                           resident, batch.stride, sink, report);
  if (!ran) co_return ran;
  vectors_ = resident;
  for (std::size_t i = 0; i < wave.size() && i < vectors_.size(); ++i) vectors_[i] = wave[i].digest;
  co_return ran;
}

// What ends the batch; nothing when it may go on.
asio::awaitable<std::optional<Fault>> BoardSession::recover(Batch& batch, Fault fault,
                                                            const RunReport& report) {
  if (fault.kind == FaultKind::refused) {
    forget();
    co_return fault;
  }
  const bool was_loading = is_loading_;
  batch.has_run = batch.has_run || report.accepted;
  forget();
  if (fault.kind == FaultKind::corrupt || fault.kind == FaultKind::wrong_image) {
    line_.close();
    co_return fault;
  }
  co_await line_.greet_again(fault.kind);
  const std::optional<CrashRecord>& crash = line_.device().crash;
  if (crash && batch.has_run) {
    crash_ = crash;
    Fault crashed = crash_fault(*crash);
    if (crash->tag == batch.tag) crashed.what += " on vector " + std::to_string(crash->vector);
    co_return crashed;
  }
  if (fault.kind != FaultKind::timeout || !(report.request || was_loading)) co_return std::nullopt;
  if (was_loading || batch.careful) {
    fault.what = was_loading ? "the device hung while it prepared the model"
                             : "the device hung on vector " + std::to_string(report.first_missing);
    co_return fault;
  }
  batch.careful = true;
  co_return std::nullopt;
}

}  // namespace tinyhil
