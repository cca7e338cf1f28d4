// SPDX-License-Identifier: Apache-2.0
#include "gdb_server.hpp"

#include <algorithm>

namespace tinyhil::probe {

namespace {

GdbStep monitor(const char* words) { return {GdbStep::Kind::monitor, words}; }
GdbStep packet(const char* content) { return {GdbStep::Kind::packet, content}; }

}  // namespace

const std::vector<GdbServer>& gdb_servers() {
  // name, attach, reset_halt, go_on, resets_later, reads_while_running
  static const std::vector<GdbServer> all = {
      {"openocd", {}, {monitor("reset halt")}, {monitor("resume")}, false, true},
      {"qemu", {}, {monitor("system_reset")}, {}, true, false},  // any byte stops its core
      {"pyocd", {}, {monitor("reset halt")}, {}, false, false},
      {"jlink", {}, {monitor("reset")}, {monitor("go")}, false, false},
      {"black-magic", {monitor("swdp_scan"), packet("vAttach;1")}, {packet("vRun;")}, {}, false, false},
      {"probe-rs", {}, {monitor("reset halt")}, {}, false, false},
  };
  return all;
}

const GdbServer* find_gdb_server(const std::string& name) {
  const auto found = std::ranges::find(gdb_servers(), name, &GdbServer::name);
  return found == gdb_servers().end() ? nullptr : &*found;
}

}  // namespace tinyhil::probe
