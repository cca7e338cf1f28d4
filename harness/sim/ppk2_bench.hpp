// SPDX-License-Identifier: Apache-2.0
// A simulated PPK2 that is plugged in: a pseudo-terminal that any host may open, and a socket at which the
// board that it feeds tells what it does. Example:
//
//   Ppk2Bench bench(io.get_executor(), {.settings = settings, .activity = "/tmp/x/activity"});
//   start_emulator(bench.activity());   // qemu -serial unix:PATH
//   open_meter(bench.port());           // "/dev/pts/7"
//   bench.truth();                      // charges, once the board has run
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "ppk2_settings.hpp"

namespace tinyhil::sim {

class MeterBench;

class Ppk2Bench {
 public:
  // `activity` where the board speaks: a UNIX socket, or a TCP port of 127.0.0.1 (0: any); with neither the
  // board is busy 40 ms of each 100 ms, with its trigger pin high, in the host's time.
  struct Options {
    Ppk2Settings settings = {};
    std::optional<std::filesystem::path> link = {};  // symbolic link to the pseudo-terminal
    std::optional<std::filesystem::path> activity_socket = {};
    std::optional<std::uint16_t> activity_port = {};
    double jitter_s = 0;                     // samples come up to so late
    std::optional<double> unplug_at_s = {};  // of the recording
    std::function<void()> unplugged = {};    // called then
  };

  // Throws Error(bench_fault): no pseudo-terminal, the socket's place is taken. A socket that nobody listens
  // at any more is replaced.
  Ppk2Bench(const boost::asio::any_io_executor& executor, const Options& options);
  Ppk2Bench(const Ppk2Bench&) = delete;
  Ppk2Bench& operator=(const Ppk2Bench&) = delete;
  ~Ppk2Bench();  // unplugs it

  std::string port() const;      // "/dev/pts/7"
  std::string activity() const;  // "unix:/tmp/x/activity", "tcp:127.0.0.1:4711"; "" without
  bool recording() const;        // a host has started it: what the board does from now on is sampled
  std::deque<TrueWindow> truth() const;
  std::string truth_json() const;

 private:
  std::unique_ptr<MeterBench> bench_;
};

}  // namespace tinyhil::sim
