// SPDX-License-Identifier: Apache-2.0
// The current meter of a board: set up once, and recorded from in a thread of its own, which does nothing
// else, so that no sample waits for what the boards and the store do. All calls are made in one thread, that
// of `home`. Example:
//
//   Recorder recorder(home, board);
//   const MeterIdentity meter = co_await recorder.prepare();
//   co_await recorder.begin("traces/run-7-m4-1.trace");
//   ...                                         // the board runs its windows
//   co_await recorder.wait_for({.pulses = 12}, std::chrono::seconds(5));
//   const Result<void> recorded = co_await recorder.end();
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>

#include "base/fault.hpp"
#include "campaign/internal/simulated_meter.hpp"
#include "campaign/internal/worker.hpp"
#include "meter/host_clock.hpp"
#include "meter/meter.hpp"
#include "model/bench.hpp"

namespace tinyhil::campaign {

class Recorder {
 public:
  // The board has a `meter`. Reads its keys and opens nothing, but plugs a simulated one in. Throws
  // Error(usage).
  Recorder(asio::any_io_executor home, const Board& board);
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  // Where an emulated board tells a simulated meter what it does; nothing for a meter that measures.
  std::optional<std::filesystem::path> activity() const;

  // Throws Error(bench_fault).
  asio::awaitable<MeterIdentity> prepare();

  // Returns when the meter has begun to sample, or is late, which shows in the trace. Throws Error(output)
  // when the file cannot be made.
  asio::awaitable<void> begin(std::filesystem::path trace);
  double seconds() const;  // since begin(), by the host's clock
  // Until the trigger line has told of so many pulses and `tail_s` has been recorded after the last of them,
  // the recording has ended by itself, or it is late.
  struct Awaited {
    std::size_t pulses = 0;
    double tail_s = 0;
  };
  asio::awaitable<void> wait_for(Awaited awaited, std::chrono::steady_clock::duration patience);
  bool has_ended() const { return ended_ && ended_->recorded; }
  // Success, or the Fault that ended the recording before. The trace is whole on the disk: Error(output).
  asio::awaitable<Result<void>> end();

  // Of the recording that has ended.
  std::uint64_t samples() const { return samples_; }
  const std::vector<meter::Arrival>& arrivals() const { return arrivals_; }
  meter::TriggerKind trigger_kind() const { return meter_->trigger_kind(); }

 private:
  class Tap;
  // How a recording ended. Shared with the one who waits for it, who may come to life after this is gone.
  struct Ended {
    explicit Ended(const asio::any_io_executor& home) : woken(home, asio::steady_timer::time_point::max()) {}
    std::optional<Result<void>> recorded;
    std::exception_ptr failure;
    asio::steady_timer woken;
  };

  Result<void> record(Tap& tap);
  bool has_come(const Awaited& awaited) const;
  bool has_begun() const;

  asio::any_io_executor home_;
  asio::io_context io_{1};  // of the meter, run by worker_
  std::unique_ptr<SimulatedMeter> simulated_;
  std::unique_ptr<meter::Meter> meter_;
  std::optional<MeterIdentity> identity_;
  std::chrono::steady_clock::time_point began_{};
  std::shared_ptr<Ended> ended_;  // nothing: nothing was recorded yet
  std::unique_ptr<Tap> tap_;
  std::atomic<std::size_t> pulses_{0};
  std::atomic<std::uint64_t> last_pulse_{0}, end_{0};  // numbers of samples
  std::atomic<std::uint64_t> samples_{0};
  std::vector<meter::Arrival> arrivals_;  // worker_'s, while it records
  Worker worker_;                         // the last member: it ends first
};

}  // namespace tinyhil::campaign
