// SPDX-License-Identifier: Apache-2.0
// A core behind a GDB server: J-Link's, pyOCD's, a Black Magic Probe's, OpenOCD's or QEMU's. Example:
//
//   GdbSettings settings;
//   settings.port = 2331;
//   settings.server = "jlink";
//   GdbRemote core(executor, settings);
//   const Result<void> connected = co_await core.connect();
//   const Result<std::vector<std::uint8_t>> bytes = co_await core.read(0x20000000, 64);
//
// Every call has a deadline. Faults: `refused` with what the server says, `timeout`, `corrupt`, `gone`; after
// one of the last three all calls have this fault. One call at a time. Connecting halts the core with most
// servers, and the core stays as it is left when the connection is closed without detach().
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "formats/firmware_image.hpp"
#include "probe/internal/gdb_server.hpp"
#include "probe/internal/rsp_connection.hpp"
#include "probe/internal/rsp_text.hpp"

namespace tinyhil::probe {

struct GdbSettings {
  std::string host = "127.0.0.1";  // an address, or "localhost"
  std::uint16_t port = 0;
  std::string server = "openocd";          // of gdb_servers()
  std::chrono::milliseconds limit{5'000};  // of an answer
};

class GdbRemote {
 public:
  enum class Break { software, hardware };

  GdbRemote(const asio::any_io_executor& executor, GdbSettings settings);

  // Also agrees with the server on what it can do. Refused for a server or a host that is not known.
  asio::awaitable<Result<void>> connect();
  // Lets the core go on, and the server serve the next one.
  asio::awaitable<Result<void>> detach();

  asio::awaitable<Result<std::vector<std::uint8_t>>> read(std::uint32_t address, std::uint32_t size);
  asio::awaitable<Result<void>> write(std::uint32_t address, std::vector<std::uint8_t> bytes);

  // r0 to r12, sp, lr, pc and xpsr, as far as the server gives them. Fault refused without pc.
  asio::awaitable<Result<std::map<std::string, std::uint32_t>>> registers();
  asio::awaitable<Result<void>> write_register(std::string name, std::uint32_t value);

  asio::awaitable<Result<void>> halt();
  asio::awaitable<Result<void>> resume();
  asio::awaitable<Result<void>> step();
  // The signal with which the core stopped; nothing: it still runs at the limit. Of a core that stands
  // already, at once.
  asio::awaitable<Result<std::optional<int>>> wait_stop(std::chrono::milliseconds limit);
  bool is_running() const { return is_running_; }

  asio::awaitable<Result<void>> set_breakpoint(std::uint32_t address, Break kind);
  asio::awaitable<Result<void>> clear_breakpoint(std::uint32_t address, Break kind);

  // The core stands at its first instruction.
  asio::awaitable<Result<void>> reset_halt();
  asio::awaitable<Result<void>> reset_run();

  // What the server's own command prints.
  asio::awaitable<Result<std::string>> monitor(std::string words);

  // Erases, writes and reads back, where the server knows the chip's flash. The core is left halted at its
  // first instruction. Fault wrong_image: another content was read back.
  asio::awaitable<Result<void>> flash(const FirmwareImage& image);

 private:
  asio::awaitable<Result<std::string>> ask(std::string content, std::chrono::milliseconds limit);
  asio::awaitable<Result<std::string>> ask(std::string content);
  asio::awaitable<Result<void>> tell(std::string content, std::chrono::milliseconds limit);
  asio::awaitable<Result<void>> tell(std::string content);
  asio::awaitable<Result<void>> take(std::vector<GdbStep> steps);
  asio::awaitable<Result<std::string>> document(std::string kind, std::string name);
  asio::awaitable<Result<void>> learn_registers();
  asio::awaitable<Result<void>> stand_at_reset();
  asio::awaitable<Result<void>> erase(const FirmwareImage& image, const std::vector<RspFlash>& flash);
  asio::awaitable<Result<void>> put(std::uint32_t address, const std::vector<std::uint8_t>& bytes);
  std::size_t packet_room() const;
  bool offers(const std::string& feature) const;

  GdbSettings settings_;
  const GdbServer* server_;
  RspConnection connection_;
  std::map<std::string, std::string> features_;
  RspRegisters registers_;
  bool is_running_ = false;
  bool writes_binary_ = true;
};

}  // namespace tinyhil::probe
