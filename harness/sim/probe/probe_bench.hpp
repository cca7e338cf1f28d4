// SPDX-License-Identifier: Apache-2.0
// A simulated debug probe with an emulated board behind it: OpenOCD, and what else speaks to such a probe,
// takes both for real. Example:
//
//   ProbeBench bench(io.get_executor(), {.kind = ProbeKind::st_link, .board = command, .machine =
//   "mps2-an386"}); write_file("probe.cfg", bench.openocd_config());   // openocd -f probe.cfg io.run();
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "formats/flash_segment.hpp"
#include "internal/core_debug.hpp"
#include "internal/wire_faults.hpp"

namespace tinyhil::sim {

enum class ProbeKind {
  st_link,    // an ST-LINK/V2-1 behind ST's server, TCP; SWD
  cmsis_dap,  // HID reports on a unix socket, to which our stand-in for libhidapi leads; SWD
  jtag,       // OpenOCD's remote_bitbang, TCP; JTAG
};

enum class FlashKind {
  none,     // the board's code memory is memory as any other, and stays as it is through resets
  sam_e54,  // the first MB of it is behind a flash controller, which OpenOCD's driver atsame5 knows
};

// The probe's USB plug is pulled.
struct Unplugging {
  std::optional<std::uint64_t> after = {};                    // so many answers to its hosts
  std::optional<std::chrono::nanoseconds> replugged_in = {};  // so long afterwards; none: it stays out
};

class ProbeBench {
 public:
  struct Options {
    ProbeKind kind = ProbeKind::st_link;
    std::string serial = "TINYHIL0001";    // tells probes of one kind apart
    std::uint16_t port = 0;                // of 127.0.0.1, where hosts connect; 0: a free one
    std::vector<std::string> board;        // the command that starts it, without an image
    std::string machine;                   // which one it is
    std::vector<FlashSegment> image = {};  // what it starts with
    FlashKind flash = FlashKind::sam_e54;
    bool is_locked = false;  // its flash's security bit is set
    WireFaults faults = {};
    ResetBehaviour reset = {};
    Unplugging unplugging = {};
    std::function<void(std::exception_ptr)> ended = {};  // the board is gone, and why
  };

  // The board runs afterwards. Throws Error(bench_fault): no emulator, the port is taken.
  ProbeBench(const boost::asio::any_io_executor& executor, Options options);
  ProbeBench(const ProbeBench&) = delete;
  ProbeBench& operator=(const ProbeBench&) = delete;
  ~ProbeBench();  // switches the board off

  std::string address() const;         // "127.0.0.1:7184", "/tmp/tinyhil-x/probe"
  std::string serial_port() const;     // the board's: "/dev/pts/7", "127.0.0.1:4711"; "" without
  std::string openocd_config() const;  // adapter and target, for stock OpenOCD 0.12
  // What has to stand in the environment of whoever looks for this probe.
  std::map<std::string, std::string> environment() const;

 private:
  class Plugged;
  std::shared_ptr<Plugged> plugged_;  // shared with the coroutines that serve its hosts
};

}  // namespace tinyhil::sim
