// SPDX-License-Identifier: Apache-2.0
// What GDB servers do each in their own way.
#pragma once

#include <string>
#include <vector>

namespace tinyhil::probe {

// One thing to tell a server: words for its `monitor`, or a packet of the protocol.
struct GdbStep {
  enum class Kind { monitor, packet };
  Kind kind{};
  std::string text;
};

struct GdbServer {
  std::string name;                 // "qemu"
  std::vector<GdbStep> attach;      // before it has a core
  std::vector<GdbStep> reset_halt;  // the core stands at its first instruction
  std::vector<GdbStep> go_on;       // before it is left, where leaving alone would leave the core halted
  bool resets_later;                // it says so before it is done; whoever needs it done has to look
  bool reads_while_running;         // memory, of a core that runs
};

// "openocd", "qemu", "pyocd", "jlink", "black-magic", "probe-rs". The last three from their documents only.
const std::vector<GdbServer>& gdb_servers();
const GdbServer* find_gdb_server(const std::string& name);  // none: nullptr

}  // namespace tinyhil::probe
