// SPDX-License-Identifier: Apache-2.0
// Energy windows that a board runs while its meter records, whoever wants them: a campaign (energy_run.hpp)
// or a board held open (campaign/board_meter.hpp). Example:
//
//   MeteredWindows metered(recorder, judge, run_window);
//   co_await metered.begin("traces/run-7-m4-1.trace");
//   const Result<WindowReport> report = co_await metered.run(request, {WindowKind::sleep});
//   const RecordedWindows recorded = co_await metered.end({timer_hz, clock_hz});
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "campaign/internal/measure_windows.hpp"
#include "campaign/internal/recorder.hpp"
#include "model/device.hpp"

namespace tinyhil::campaign {

// What a model makes of a vector.
struct KnownInference {
  double seconds = 0;
  Digest output;  // of all its bytes
};

// Throws Error(usage) for a board whose agent runs no energy windows, or has none of sleep though asked to.
void check_windows(const Board& board, const DeviceIdentity& device, bool sleeps);

// As many inferences as fill the window, and how long one may take.
void fill_window(WindowRequest& request, std::chrono::milliseconds window, const KnownInference& known);

// Why a window of inferences does not count, whatever its current was; empty: nothing.
std::string doubt_of(const WindowRequest& request, const WindowReport& report, const KnownInference& known);

struct RecordedWindows {
  std::vector<MeasuredWindow> windows;  // in the order in which they were run
  Result<void> recorded;                // or the Fault by which the meter was lost
};

class MeteredWindows {
 public:
  using RunOne = std::function<asio::awaitable<Result<WindowReport>>(WindowRequest)>;

  // What is lent must outlive it; the recorder is prepared.
  MeteredWindows(Recorder& recorder, Worker& judge, RunOne run_one)
      : recorder_(recorder), judge_(judge), run_one_(std::move(run_one)) {}

  asio::awaitable<void> begin(std::filesystem::path trace);  // as Recorder::begin()
  bool has_ended() const { return recorder_.has_ended(); }   // the meter was lost
  // `about`: what is known of the window beforehand; the rest of it is filled in. A Fault of the device's.
  asio::awaitable<Result<WindowReport>> run(WindowRequest request, RunWindow about, KnownInference known);
  // Waits until the samples of the last window have come.
  asio::awaitable<RecordedWindows> end(WindowClocks clocks);

 private:
  Recorder::Awaited awaited(const WindowClocks& clocks) const;

  Recorder& recorder_;
  Worker& judge_;  // of traces
  RunOne run_one_;
  std::filesystem::path trace_;
  RunWindows ran_;
};

}  // namespace tinyhil::campaign
