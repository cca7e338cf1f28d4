// SPDX-License-Identifier: Apache-2.0
// A simulated meter that is plugged in: a pseudo-terminal that any host may open, and a socket at which the
// board that it feeds tells what it does. Which meter it is does not matter here.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "sim/internal/simulated_meter.hpp"

namespace tinyhil::sim {

class MeterBench {
 public:
  // `activity` where the board speaks: a UNIX socket, or a TCP port of 127.0.0.1 (0: any); with neither the
  // board is busy 40 ms of each 100 ms, with its trigger pin high, in the host's time.
  struct Options {
    std::uint64_t seed = 1;                          // of the jitter
    std::optional<std::filesystem::path> link = {};  // symbolic link to the pseudo-terminal
    std::optional<std::filesystem::path> activity_socket = {};
    std::optional<std::uint16_t> activity_port = {};
    double jitter_s = 0;                     // samples come up to so late
    std::optional<double> unplug_at_s = {};  // of the recording
    std::function<void()> unplugged = {};    // called then
  };

  // Throws Error(bench_fault): no pseudo-terminal, the socket's place is taken. A socket that nobody listens
  // at any more is replaced.
  MeterBench(const boost::asio::any_io_executor& executor, std::unique_ptr<SimulatedMeter> meter,
             const Options& options);
  MeterBench(const MeterBench&) = delete;
  MeterBench& operator=(const MeterBench&) = delete;
  ~MeterBench();  // unplugs it

  std::string port() const;      // "/dev/pts/7"
  std::string activity() const;  // "unix:/tmp/x/activity", "tcp:127.0.0.1:4711"; "" without
  bool recording() const;        // a host has started it
  std::deque<TrueWindow> truth() const;
  std::string truth_json() const;

 private:
  class Plugged;
  std::shared_ptr<Plugged> plugged_;  // shared with its coroutines, which end a little later
};

}  // namespace tinyhil::sim
