// SPDX-License-Identifier: Apache-2.0
#include "board_session.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "campaign/internal/fits.hpp"
#include "device/run_report.hpp"
#include "device/run_request.hpp"
#include "identity_check.hpp"
#include "model/inference_rows.hpp"

namespace tinyhil::campaign {

namespace {

constexpr int kFruitlessInBatchMax = 3;  // faults of a batch in a row that are nobody's
constexpr std::size_t kOutputBytesMost = std::size_t{4} << 30;

void make_room(InferenceRows& rows, std::size_t count, std::size_t repeats, std::size_t output_size) {
  rows.output_size = output_size;
  rows.resize(count * repeats);
  for (std::size_t row = 0; row < count * repeats; ++row) {
    rows.vector[row] = static_cast<std::uint32_t>(row / repeats);
    rows.repeat[row] = static_cast<std::uint16_t>(row % repeats);
  }
}

// All of a batch is held in memory, and the device says how large an output is.
void check_room(const ModelFile& model, std::size_t rows, std::size_t output_size) {
  if (rows <= kOutputBytesMost / std::max<std::size_t>(output_size, 1)) return;
  throw Error(ErrorKind::usage,
              std::to_string(rows) + " outputs of " + std::to_string(output_size) +
                  " bytes are more than one batch may hold",
              model.file.string(), "infer fewer vectors at a time");
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
    to.copy_row(row, from, i);
  }
  return added;
}

}  // namespace

asio::awaitable<void> BoardSession::open() {
  is_dirty_ = true;
  co_await line_.greet();
  is_dirty_ = false;
}

asio::awaitable<void> BoardSession::ensure_open() {
  if (is_dirty_ || !line_.is_open()) co_await open();
  crash_.reset();
  core_.reset();
}

asio::awaitable<Result<LoadedModel>> BoardSession::prepare(const ModelFile& model,
                                                           device::RunReport& report) {
  check_kind(model, line_.identity(), model.file.string());
  const bool is_here = co_await line_.is_on(model);
  if (!is_here) {
    throw Error(ErrorKind::wrong_image,
                "the board runs firmware " + line_.identity().board.image.short_hex() + ", not this image, " +
                    model.digest.short_hex(),
                model.file.string(), "put the image on the board");
  }
  co_return co_await line_.device().prepare(model, std::nullopt, report);
}

asio::awaitable<Result<LoadedModel>> BoardSession::load(const ModelFile& model) {
  co_await ensure_open();
  is_dirty_ = true;
  device::RunReport report;
  Result<LoadedModel> loaded = co_await prepare(model, report);
  is_dirty_ = !loaded && loaded.error().kind != FaultKind::refused;
  co_return loaded;
}

asio::awaitable<Result<InferenceRows>> BoardSession::infer(const ModelFile& model, const VectorSet& vectors,
                                                           InferOptions options, OnRows on_rows) {
  co_await ensure_open();
  is_dirty_ = true;
  Batch batch{model, vectors, options, std::move(on_rows)};
  batch.tag = ++batches_ & 0xFF'FFFF;
  std::size_t missing = SIZE_MAX;
  for (int fruitless = 0;;) {
    device::RunReport report;
    Result<void> ran = co_await run_all(batch, report);
    if (ran) break;
    const auto left = static_cast<std::size_t>(std::ranges::count(batch.done, false));
    fruitless = left < missing ? 1 : fruitless + 1;
    missing = left;
    std::optional<Fault> final = co_await recover(batch, ran.error(), report);
    is_dirty_ = final && final->kind != FaultKind::refused && !line_.is_open();
    if (!final && fruitless >= kFruitlessInBatchMax) final = ran.error();
    if (final) co_return *final;
    is_dirty_ = true;
  }
  is_dirty_ = false;
  co_return std::move(batch.rows);
}

asio::awaitable<Result<WindowReport>> BoardSession::window(WindowRequest request) {
  co_await ensure_open();
  is_dirty_ = true;
  Result<WindowReport> report = co_await line_.device().window(request);
  is_dirty_ = !report && report.error().kind != FaultKind::refused;
  co_return report;
}

asio::awaitable<Result<void>> BoardSession::run_all(Batch& batch, device::RunReport& report) {
  const Result<LoadedModel> loaded = co_await prepare(batch.model, report);
  if (!loaded) co_return loaded.error();
  const auto repeats = static_cast<std::size_t>(batch.options.repeats);
  if (batch.done.empty()) {
    check_input(batch.vectors, batch.model, loaded->input);
    batch.waves = line_.device().plan({&batch.vectors});
    check_room(batch.model, batch.vectors.count * repeats, loaded->output.bytes());
    make_room(batch.rows, batch.vectors.count, repeats, loaded->output.bytes());
    batch.done.resize(batch.rows.size());
  }
  for (const device::Wave& wave : batch.waves) {
    Result<void> ran = co_await run_wave(batch, wave, *loaded, report);
    if (!ran) co_return ran;
  }
  co_return Result<void>();
}

asio::awaitable<Result<void>> BoardSession::run_wave(Batch& batch, const device::Wave& wave,
                                                     const LoadedModel& loaded, device::RunReport& report) {
  const auto repeats = static_cast<std::size_t>(batch.options.repeats);
  std::vector<device::RunRequest> requests;
  for (std::size_t i = 0; i < wave.size(); ++i) {
    const auto begin = batch.done.begin() + static_cast<std::ptrdiff_t>(wave[i].first * repeats);
    device::RunModel model{loaded.slot, loaded.output};
    model.done.assign(begin, begin + static_cast<std::ptrdiff_t>(wave[i].count * repeats));
    if (std::ranges::find(model.done, false) == model.done.end()) continue;
    device::RunRequest request;
    request.models.push_back(std::move(model));
    request.vector_slot = static_cast<std::uint16_t>(i);
    request.count = wave[i].count;
    request.repeats = static_cast<std::uint16_t>(repeats);
    request.position = OrderPosition{wave[i].first};
    request.tag = batch.tag;
    request.mode = batch.options.mode;
    request.batch = batch.suspects.contains(request.position) ? 1 : 0;
    request.inference_timeout = batch.options.inference_timeout;
    request.clock_hz = line_.identity().board.clock_hz;
    requests.push_back(std::move(request));
  }
  if (requests.empty()) co_return Result<void>();
  const device::Device::Sink sink = [&batch, repeats](std::size_t, std::size_t, const InferenceRows& rows) {
    batch.on_rows(put(batch.rows, batch.done, rows, repeats));
  };
  co_return co_await line_.device().run(wave, std::move(requests), sink, report);
}

// They were asked for in one request.
Suspects BoardSession::Batch::block_of(OrderPosition vector) const {
  for (const device::Wave& wave : waves) {
    for (const device::VectorBlock& block : wave) {
      const Suspects all{OrderPosition{block.first}, block.count};
      if (all.contains(vector)) return all;
    }
  }
  return {};
}

Fault BoardSession::crash_of(const Batch& batch) {
  crash_ = line_.identity().crash;
  Fault crashed = line_.crash_fault(*crash_);
  if (crash_->tag == batch.tag) crashed.what += " on vector " + std::to_string(crash_->vector.value);
  return crashed;
}

// What ends the batch; nothing when it may go on.
asio::awaitable<std::optional<Fault>> BoardSession::recover(Batch& batch, Fault fault,
                                                            const device::RunReport& report) {
  if (fault.kind == FaultKind::refused) co_return fault;
  if (is_nonsense(fault)) {
    line_.close();
    co_return fault;
  }
  batch.has_run = batch.has_run || report.accepted;
  const StopCause cause = co_await line_.recover(fault, report, batch.has_run);
  core_ = line_.core();
  if (batch.has_run && line_.identity().crash) co_return crash_of(batch);
  fault = line_.with_core(std::move(fault));
  switch (cause) {
    case StopCause::preparing:
      if (fault.kind != FaultKind::timeout) co_return std::nullopt;
      fault.what = "the device hung while it prepared the model";
      co_return fault;
    case StopCause::slow:
      fault.what += ", for vector " + std::to_string(report.slow->vector.value);
      co_return fault;
    case StopCause::hang:
    case StopCause::silence:
      if (!batch.suspects.contains(report.first_missing)) {
        batch.suspects = batch.block_of(report.first_missing);
        co_return std::nullopt;
      }
      fault.what = "the device hung on vector " + std::to_string(report.first_missing.value);
      co_return fault;
    case StopCause::crash:
    case StopCause::line:
      break;
  }
  co_return std::nullopt;
}

}  // namespace tinyhil::campaign
