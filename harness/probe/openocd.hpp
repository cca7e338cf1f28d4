// SPDX-License-Identifier: Apache-2.0
// One OpenOCD for one debug probe: our child process, which no other program talks to, told which probe is
// meant by its serial number. Every command has a deadline and an answer with a status. Example:
//
//   OpenOcdSettings settings;
//   settings.config = {"interface/cmsis-dap.cfg", "target/nrf52.cfg"};
//   settings.serial = "0671FF383339415043123456";
//   const std::unique_ptr<OpenOcd> openocd = OpenOcd::start(executor, settings);
//   std::string command = "read_memory 0x20000000 32 4";
//   const Result<std::string> words = co_await openocd->call(command);
//
// Its GDB and telnet ports are off; its Tcl port is on 127.0.0.1, at a number that the kernel chooses. It is
// ended when this object is destroyed, and by the kernel when we are killed. Who wants another one starts
// another one.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/fault.hpp"

namespace tinyhil {
namespace asio = boost::asio;
}

namespace tinyhil::probe {

struct OpenOcdSettings {
  std::string program = "openocd";                // looked up in PATH
  std::vector<std::string> config;                // as for its option -f
  std::vector<std::string> commands = {};         // after the files, before the probe is opened
  std::string serial = {};                        // of the probe: never another one
  int speed_khz = 0;                              // 0: as the files say
  std::filesystem::path folder = {};              // where files are looked for first
  std::chrono::milliseconds answer_limit{5'000};  // of a call that says no other
  // What it logged is added to this file when it fails: it does not start, hangs, answers nonsense or ends by
  // itself. 1 MiB of the first failures. Empty: it is not kept.
  std::filesystem::path kept_log = {};
};

class OpenOcd {
 public:
  // Returns when the probe and a core behind it answer; the caller waits. Throws Error(bench_fault), naming
  // the probe and what OpenOCD says: it cannot be started, finds no such probe, reaches no core, or is not
  // ready in time. Throws Error(wrong_image) where it says that the chip is locked.
  static std::unique_ptr<OpenOcd> start(const asio::any_io_executor& executor,
                                        const OpenOcdSettings& settings,
                                        std::chrono::milliseconds limit = std::chrono::seconds(15));
  ~OpenOcd();
  OpenOcd(const OpenOcd&) = delete;
  OpenOcd& operator=(const OpenOcd&) = delete;

  // The result of a Tcl command, on one line of text. Faults: `refused` with what OpenOCD says; `timeout`: it
  // hangs; `corrupt`: it answers nonsense; `gone`: it ended. After one of the last three all calls have this
  // fault. One call at a time; it is not to be cancelled.
  asio::awaitable<Result<std::string>> call(std::string command);
  asio::awaitable<Result<std::string>> call(std::string command, std::chrono::milliseconds limit);

  // Ends it at once, politely where it listens. A call that is under way returns `gone`.
  void end();

  // The end of its log, 256 KiB at least where there is so much. What it logs is read in calls only.
  std::string log();
  // How it ended and what it complained of, in a few lines; empty when there is nothing to say.
  std::string last_words();
  std::string describe() const;  // "OpenOCD on probe 0671FF"

 private:
  struct Child;
  explicit OpenOcd(std::unique_ptr<Child> child);

  std::unique_ptr<Child> child_;
};

}  // namespace tinyhil::probe
