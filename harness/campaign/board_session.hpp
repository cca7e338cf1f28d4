// SPDX-License-Identifier: Apache-2.0
// One board held open and asked directly: load a model, infer a batch, look at what came back. Nothing is
// stored; a campaign goes through the Runner.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "board_line.hpp"
#include "campaign/internal/suspects.hpp"
#include "device/run_report.hpp"
#include "formats/core_dump.hpp"
#include "model/energy_window.hpp"
#include "model/inference_rows.hpp"
#include "model/vector_set.hpp"

namespace tinyhil::campaign {

struct InferOptions {
  int repeats = 1;
  RunMode mode = RunMode::measure;
  std::chrono::milliseconds inference_timeout{10'000};  // longer is a hang
};

// Models and vectors that the device holds already, from an earlier call too, are not sent again. A board
// that was reset from outside, or that lost its line, is greeted and filled anew, and the batch goes on at
// the first missing row; after a crash or a hang the call ends with the Fault, and the next one finds the
// device ready. Bench faults are thrown as by BoardLine. A cancelled call closes the line; the next one opens
// it again.
class BoardSession {
 public:
  using OnRows = std::function<void(std::uint64_t rows)>;  // so many more have arrived

  // The board must outlive it.
  BoardSession(const Board& board, Connect connect) : line_(board, std::move(connect)) {}

  asio::awaitable<void> open();
  void close() { line_.close(); }
  bool is_open() const { return line_.is_open(); }
  const DeviceIdentity& device() const { return line_.identity(); }

  // Pushes the model where the engine can load one, and asks what it takes and gives.
  asio::awaitable<Result<LoadedModel>> load(const ModelFile& model);

  // Of `vectors` only file, count, input and inputs are looked at. Rows by vector and repeat, all of them.
  // Throws Error(usage) for vectors that the model does not take or the device has no room for.
  asio::awaitable<Result<InferenceRows>> infer(const ModelFile& model, const VectorSet& vectors,
                                               InferOptions options, OnRows on_rows);

  // Runs an energy window of what load() and infer() brought to the device in the calls before: the vectors
  // of the last batch, as long as the device held all of them at once.
  asio::awaitable<Result<WindowReport>> window(WindowRequest request);

  // What the device left behind, when that ended the last call.
  const std::optional<CrashRecord>& crash() const { return crash_; }
  // The core as a debug probe saw it at the last fault of that call, if it did.
  const std::optional<CoreDump>& core() const { return core_; }

 private:
  // A batch under way.
  struct Batch {
    const ModelFile& model;
    const VectorSet& vectors;
    InferOptions options;
    OnRows on_rows;
    std::vector<device::Wave> waves = {};
    InferenceRows rows = {};
    std::vector<bool> done = {};  // [vector * repeats + repeat]
    std::uint32_t tag = 0;        // of this batch, in the device's crash record
    Suspects suspects = {};       // blocks with one are asked for row by row
    bool has_run = false;         // the device took a request of this batch

    Suspects block_of(OrderPosition vector) const;
  };

  asio::awaitable<void> ensure_open();
  asio::awaitable<Result<LoadedModel>> prepare(const ModelFile& model, device::RunReport& report);
  asio::awaitable<Result<void>> run_all(Batch& batch, device::RunReport& report);
  asio::awaitable<Result<void>> run_wave(Batch& batch, const device::Wave& wave, const LoadedModel& loaded,
                                         device::RunReport& report);
  Fault crash_of(const Batch& batch);
  asio::awaitable<std::optional<Fault>> recover(Batch& batch, Fault fault, const device::RunReport& report);

  BoardLine line_;
  std::uint32_t batches_ = 0;
  bool is_dirty_ = true;  // a call did not come to its end: nobody knows what the line carries
  std::optional<CrashRecord> crash_;
  std::optional<CoreDump> core_;
};

}  // namespace tinyhil::campaign
