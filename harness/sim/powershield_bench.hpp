// SPDX-License-Identifier: Apache-2.0
// A simulated X-NUCLEO-LPM01A or STLINK-V3PWR that is plugged in. Example:
//
//   PowershieldBench bench(io.get_executor(), {.settings = settings, .activity_socket = "/tmp/x/activity"});
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

#include "powershield.hpp"

namespace tinyhil::sim {

class MeterBench;

class PowershieldBench {
 public:
  // As of Ppk2Bench.
  struct Options {
    PowershieldSettings settings = {};
    std::optional<std::filesystem::path> link = {};
    std::optional<std::filesystem::path> activity_socket = {};
    std::optional<std::uint16_t> activity_port = {};
    std::optional<double> unplug_at_s = {};
    std::function<void()> unplugged = {};
  };

  // Throws Error(bench_fault): no pseudo-terminal, the socket's place is taken.
  PowershieldBench(const boost::asio::any_io_executor& executor, const Options& options);
  PowershieldBench(const PowershieldBench&) = delete;
  PowershieldBench& operator=(const PowershieldBench&) = delete;
  ~PowershieldBench();  // unplugs it

  std::string port() const;
  std::string activity() const;
  bool recording() const;  // as of Ppk2Bench
  std::deque<TrueWindow> truth() const;
  std::string truth_json() const;

 private:
  std::unique_ptr<MeterBench> bench_;
};

}  // namespace tinyhil::sim
