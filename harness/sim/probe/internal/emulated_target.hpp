// SPDX-License-Identifier: Apache-2.0
// A Cortex-M in QEMU as a debug port's target. Three of QEMU's connections are needed: its test interface
// reads and writes the bus while the core runs, its debug stub stops the core, its monitor resets it. The
// test interface is no promise of QEMU's: a version that lacks it is found out at the start.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/temporary_folder.hpp"
#include "formats/flash_segment.hpp"
#include "gdb_remote.hpp"
#include "memory_map.hpp"
#include "monitor.hpp"
#include "socket.hpp"
#include "target.hpp"
#include "transport/transport.hpp"

namespace tinyhil::sim {

class EmulatedTarget : public Target {
 public:
  struct Board {
    std::vector<std::string> command;  // starts it without an image; what it needs to be controlled is added
    MemoryMap map;
    std::vector<FlashSegment> image;  // written as a probe would, and stays through resets
    std::uint32_t flash_size = 0;  // from address 0 on: what the core itself stores there is gone at a reset
  };

  // Throws Error(bench_fault).
  EmulatedTarget(const asio::any_io_executor& executor, Board board);
  ~EmulatedTarget() override;

  bool read(std::uint32_t address, std::span<std::uint8_t> into) override;
  bool write(std::uint32_t address, std::span<const std::uint8_t> bytes) override;
  News poll() override;
  void halt() override;
  void resume() override;
  void step() override;
  std::uint32_t read_register(unsigned selector) override;
  void write_register(unsigned selector, std::uint32_t value) override;
  void set_breakpoint(std::uint32_t address) override;
  void clear_breakpoint(std::uint32_t address) override;
  void reset(After after) override;

  asio::awaitable<std::string> wait_for_end();  // of QEMU; its last words
  std::string last_words();                     // "ended by signal 6: qemu: fatal: Lockup"; "" while it runs
  std::string serial_port();  // where QEMU has put the board's: "/dev/pts/7", "127.0.0.1:4711"; "" without

 private:
  void store(std::uint32_t address, std::span<const std::uint8_t> bytes);
  void restore_flash();
  void pause();
  void run();
  bool can_start();
  std::uint32_t read_word(std::uint32_t address);

  TemporaryFolder folder_;
  std::unique_ptr<transport::Transport> process_;
  MemoryMap map_;
  std::vector<std::uint8_t> flash_;  // as it was programmed
  std::uint32_t programmed_ = 0;     // bytes, from its beginning to the last that were written
  Monitor monitor_;
  EmulatorSocket bus_;
  std::unique_ptr<GdbRemote> core_;  // from the first halt on
  std::set<std::uint32_t> breakpoints_;
  bool is_running_ = false;  // as QEMU sees it
  bool is_fresh_ = false;    // reset, and nothing has run since
  bool is_stale_ = false;    // its flash was changed, and nothing has set its PC since
  bool may_sleep_ = false;   // it was halted in WFI, for all we know
  bool locked_up_ = false;   // what would run is no program; QEMU would abort
  bool stopped_ = false;     // at a breakpoint that nobody has been told of
};

}  // namespace tinyhil::sim
