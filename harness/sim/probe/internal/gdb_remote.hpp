// SPDX-License-Identifier: Apache-2.0
// The emulator's core through the GDB remote serial protocol. Connecting stops the core, and any byte to a
// running core would: it is spoken to only while it is halted, and to halt it.
#pragma once

#include <cstdint>

#include "socket.hpp"

namespace tinyhil::sim {

class GdbRemote {
 public:
  // Stops the core if it runs.
  GdbRemote(const std::filesystem::path& path, bool is_running);

  void interrupt();  // waits until the core is stopped
  void resume();
  void step();
  bool has_stopped();  // since resume(); does not wait
  // By its number in GDB's description of an M profile core, as GDB writes it: hexadecimal, lowest byte
  // first.
  std::string read_register(unsigned number);
  void write_register(unsigned number, const std::string& digits);
  void set_breakpoint(std::uint32_t address);
  void clear_breakpoint(std::uint32_t address);

 private:
  void send(const std::string& packet);
  std::string receive();
  std::string ask(const std::string& packet);

  EmulatorSocket socket_;
};

}  // namespace tinyhil::sim
