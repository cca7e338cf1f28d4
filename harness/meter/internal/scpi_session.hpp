// SPDX-License-Identifier: Apache-2.0
// A SCPI instrument: set up, and recorded from. Arrays come with a pause between them, in which nobody
// measures: it is told as a gap, by the host's clock.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "meter/internal/scpi_block.hpp"
#include "meter/internal/timed_line.hpp"
#include "meter/meter.hpp"

namespace tinyhil::meter {

struct ScpiPlan {
  std::string host;
  std::uint16_t port = 0;
  bool is_polled = false;  // one MEAS:CURR? for each sample; else arrays, as N6705 with N678x has them
  double supply_v = 0;     // set, unless polled
  double interval_s = 0;   // between samples
  std::size_t points = 1;  // of an array
  int channel = 1;
};

class ScpiSession {
 public:
  ScpiSession(const ScpiPlan& plan, asio::any_io_executor executor,
              std::unique_ptr<transport::Transport> line);

  // What it answers to *IDN?. Throws Error(bench_fault): no answer, a refusal, an output that is off.
  asio::awaitable<std::string> set_up();
  asio::awaitable<Result<void>> record(SampleSink& sink);
  void interrupt();

 private:
  using Clock = TimedLine::Clock;

  asio::awaitable<Result<void>> ask(std::string query, ScpiAnswer& answer);
  asio::awaitable<std::string> demand(std::string query);
  asio::awaitable<void> tell(std::string command);
  asio::awaitable<Result<void>> measure();
  Result<void> keep(const ScpiAnswer& answer);
  void hand_on(SampleSink& sink, Clock::time_point began);
  std::uint64_t number_at(Clock::time_point time) const;
  std::string channel() const { return "(@" + std::to_string(plan_.channel) + ")"; }

  ScpiPlan plan_;
  TimedLine line_;
  asio::steady_timer pause_;
  std::vector<float> current_a_;  // of this array
  Clock::time_point start_;
  std::uint64_t next_ = 0;  // number of the next sample
  bool is_interrupted_ = false;
};

}  // namespace tinyhil::meter
