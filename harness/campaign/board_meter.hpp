// SPDX-License-Identifier: Apache-2.0
// The current meter of a board that is held open (BoardSession): what an inference takes, and what the board
// takes asleep or waiting. Nothing is stored; figures come of it by metric::energy_figures(). Example:
//
//   BoardMeter meter(io.get_executor(), board);
//   board.activity = meter.activity();   // before its line is opened
//   co_await meter.prepare();            // it may supply the board
//   const Result<Recording> recording = co_await meter.measure(session, model, vector, {});
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>

#include "campaign/board_session.hpp"
#include "model/recording.hpp"

namespace tinyhil::campaign {

struct MeasureOptions {
  std::chrono::milliseconds window{20};  // of inferences: at least so long
  std::chrono::milliseconds rest{5};     // quiet idle before and after each window
  std::chrono::milliseconds idle{100};   // beside each window of inferences; 0: none, so nothing net of it
  std::filesystem::path traces = {};     // folder that keeps the samples; empty: they are not kept
};

// The only vector of `alone`, known in recordings by its number in the file.
struct MeasuredVector {
  const VectorSet& alone;
  VectorNumber number;
};

// All calls in one thread, that of `home`. A Fault is the device's; Error(bench_fault) that of the meter.
class BoardMeter {
 public:
  // The board has a `meter`, and must outlive it. Opens nothing, but plugs a simulated one in. Throws
  // Error(usage).
  BoardMeter(asio::any_io_executor home, const Board& board);
  ~BoardMeter();
  BoardMeter(const BoardMeter&) = delete;
  BoardMeter& operator=(const BoardMeter&) = delete;

  // Where an emulated board tells a simulated meter what it does: to be known before the board starts.
  std::optional<std::filesystem::path> activity() const;

  asio::awaitable<void> prepare();

  // One window of a vector, which is lent, and an idle one. The model runs it once before, to know how long
  // it takes. Throws Error(usage) for a board whose agent runs no windows.
  asio::awaitable<Result<Recording>> measure(BoardSession& session, const ModelFile& model,
                                             MeasuredVector vector, MeasureOptions options);
  // One window of that length, idle or asleep.
  asio::awaitable<Result<Recording>> rest(BoardSession& session, WindowRequest window,
                                          MeasureOptions options);

 private:
  struct Parts;
  struct Wanted;

  asio::awaitable<Result<Recording>> record(BoardSession& session, std::vector<Wanted> windows,
                                            MeasureOptions options);
  asio::awaitable<void> end_earlier();

  const Board& board_;
  std::unique_ptr<Parts> parts_;
};

}  // namespace tinyhil::campaign
