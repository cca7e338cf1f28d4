// SPDX-License-Identifier: Apache-2.0
#include "metered_windows.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace tinyhil::campaign {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t kInvokesMax = 1'000'000;
constexpr auto kLastSamples = 5s;  // until the last window's samples have come
constexpr double kSettled = 1e-3;  // s: a sample or two
constexpr auto kSlowest = 8;       // times what the model took before is a hang
constexpr auto kShortestLimit = 1'000ms;

}  // namespace

void check_windows(const Board& board, const DeviceIdentity& device, bool sleeps) {
  const std::string where = "board " + board.name;
  if (!device.windows.runs) {
    throw Error(ErrorKind::usage, "the board's agent runs no energy windows", where,
                "build its firmware with the agent of this version, or leave `energy` out of the campaign");
  }
  if (sleeps && !device.windows.sleeps) {
    throw Error(ErrorKind::usage, "the board's port does not sleep", where,
                "write `sleep: 0 s` in the campaign's `energy`, or let thil_port_rest() sleep");
  }
}

void fill_window(WindowRequest& request, std::chrono::milliseconds window, const KnownInference& known) {
  const double window_s = std::chrono::duration<double>(window).count();
  const double invokes = known.seconds > 0 ? std::ceil(window_s / known.seconds) : 1;
  request.invokes = static_cast<std::uint32_t>(std::clamp(invokes, 1.0, double{kInvokesMax}));
  const auto usual =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::duration<double>(known.seconds));
  request.inference_limit = std::max<std::chrono::milliseconds>(kShortestLimit, kSlowest * usual);
}

std::string doubt_of(const WindowRequest& request, const WindowReport& report, const KnownInference& known) {
  if (request.kind != WindowKind::inference) return "";
  if (report.proven != request.invokes) {
    return std::to_string(report.proven) + " of " + std::to_string(request.invokes) +
           " inferences of the window succeeded";
  }
  if (report.output != known.output)
    return "the window's last inference gave another output than this vector gave before";
  return "";
}

asio::awaitable<void> MeteredWindows::begin(std::filesystem::path trace) {
  trace_ = trace;
  ran_ = {.windows = {}, .trigger = recorder_.trigger_kind(), .arrivals = {}};
  co_await recorder_.begin(std::move(trace));
}

asio::awaitable<Result<WindowReport>> MeteredWindows::run(WindowRequest request, RunWindow about,
                                                          KnownInference known) {
  about.kind = request.kind;
  about.asked = request.kind == WindowKind::inference ? request.invokes : 0;
  about.rest_s = std::chrono::duration<double>(request.rest).count();
  about.asked_s = recorder_.seconds();
  Result<WindowReport> report = co_await run_one_(request);
  if (!report) co_return report;
  about.answered_s = recorder_.seconds();
  about.report = *report;
  about.doubt = doubt_of(request, *report, known);
  ran_.windows.push_back(std::move(about));
  co_return report;
}

// A rising edge alone does not tell that its window is over.
Recorder::Awaited MeteredWindows::awaited(const WindowClocks& clocks) const {
  Recorder::Awaited awaited{ran_.windows.size()};
  if (ran_.windows.empty() || ran_.trigger == meter::TriggerKind::level || clocks.timer_hz == 0)
    return awaited;
  awaited.tail_s =
      static_cast<double>(ran_.windows.back().report.timer_ticks) / clocks.timer_hz + 2 * kSettled;
  return awaited;
}

asio::awaitable<RecordedWindows> MeteredWindows::end(WindowClocks clocks) {
  const Recorder::Awaited last = awaited(clocks);
  co_await recorder_.wait_for(last, kLastSamples);
  RecordedWindows all;
  all.recorded = co_await recorder_.end();
  ran_.arrivals = recorder_.arrivals();
  all.windows = co_await judge_.run([this, &clocks] { return measure_windows(trace_, clocks, ran_); });
  co_return all;
}

}  // namespace tinyhil::campaign
