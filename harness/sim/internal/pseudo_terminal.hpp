// SPDX-License-Identifier: Apache-2.0
// A pseudo-terminal from the side of a simulated device.
#pragma once

#include <cstdint>
#include <string>

namespace tinyhil::sim {

struct PseudoTerminal {
  int master;  // non-blocking; the caller owns it
  std::string path;
};

// Raw, at 115200 baud; closed on the host's side. Throws Error(bench_fault).
PseudoTerminal open_pseudo_terminal();

bool host_has_open(int master);
void discard_unread(const std::string& path);  // what the last host left, for the next one not to find
std::uint32_t rate_set_by_host(int master);    // baud; 0: the host hung up

}  // namespace tinyhil::sim
