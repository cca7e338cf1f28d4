// SPDX-License-Identifier: Apache-2.0
// What a debug probe can do with a Cortex-M, in the words of OpenOCD 0.12. Memory is read and written while
// the core runs. Each call has a deadline and OpenOcd::call's faults. Example:
//
//   Target target(*openocd);
//   const Result<std::vector<std::uint8_t>> bytes = co_await target.read(0x20000000, 64);
//   const Result<CoreState> state = co_await target.state();
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "formats/firmware_image.hpp"
#include "probe/openocd.hpp"

namespace tinyhil::probe {

// The registers that tell of a fault, ARMv7-M and ARMv8-M Mainline; a smaller core reads them as zero.
struct FaultRegisters {
  std::uint32_t cfsr = 0;
  std::uint32_t hfsr = 0;
  std::uint32_t mmfar = 0;
  std::uint32_t bfar = 0;

  bool any() const { return cfsr != 0 || hfsr != 0; }
};

// "divided by zero; forced HardFault", or "none"; with the address where one is valid.
std::string describe(const FaultRegisters& registers);

struct CoreState {
  std::string word;  // OpenOCD's: "running", "halted", "reset", "unknown"
  std::vector<std::pair<std::string, std::uint32_t>> core;  // r0 to r12, sp, lr, pc, xPSR, of a halted one
  FaultRegisters faults;
};
// "the core is halted at pc 0x1234, lr 0x5678; no fault"
std::string describe(const CoreState& state);

class Target {
 public:
  enum class Reset { run, halt };
  enum class Flashed { already, now };

  explicit Target(OpenOcd& openocd) : openocd_(openocd) {}

  asio::awaitable<Result<std::vector<std::uint8_t>>> read(std::uint32_t address, std::uint32_t size);
  // More than a few bytes in one command from a file, as fast as the probe is.
  asio::awaitable<Result<void>> write(std::uint32_t address, std::vector<std::uint8_t> bytes);

  asio::awaitable<Result<void>> halt();
  asio::awaitable<Result<void>> resume();
  asio::awaitable<Result<void>> reset(Reset how);
  asio::awaitable<Result<CoreState>> state();
  asio::awaitable<Result<std::uint32_t>> read_register(std::string name);  // "psp", of a halted core
  // From now on, and through resets, the core halts where a fault begins, until it is resumed or OpenOCD
  // ends: vector catch. Nothing happens where the target has none.
  asio::awaitable<Result<void>> catch_faults();

  // Puts the image there, reads it back, and resets the board. What is there already is left alone, and so is
  // the board. Where OpenOCD knows no flash, the image goes into memory. Fault wrong_image: another content
  // was read back, twice.
  asio::awaitable<Result<Flashed>> flash(const FirmwareImage& image);
  // Of every byte of the image.
  asio::awaitable<Result<bool>> holds(const FirmwareImage& image);
  // The address of the first byte that is another one than the image's; nothing: holds().
  asio::awaitable<Result<std::optional<std::uint32_t>>> difference(const FirmwareImage& image);
  // Whether the address may lie in flash: in a bank that OpenOCD knows, or one whose size it cannot find out.
  // True where it knows no bank.
  asio::awaitable<Result<bool>> may_be_flash(std::uint32_t address);

 private:
  asio::awaitable<Result<void>> tell(std::string command, std::chrono::milliseconds limit);
  asio::awaitable<Result<void>> put_from_file(std::string command, std::uint32_t address,
                                              std::span<const std::uint8_t> bytes, std::size_t bytes_a_ms);
  asio::awaitable<Result<std::vector<std::uint8_t>>> read_piece(std::uint32_t address, std::size_t size);
  asio::awaitable<Result<std::vector<std::uint8_t>>> read_back(std::uint32_t address, std::size_t size);
  asio::awaitable<Result<void>> put(const FirmwareImage& image);

  OpenOcd& openocd_;
};

}  // namespace tinyhil::probe
