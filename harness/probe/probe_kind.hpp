// SPDX-License-Identifier: Apache-2.0
// Which USB device is a debug probe, and how it is reached.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/usb_devices.hpp"

namespace tinyhil::probe {

struct ProbeKind {
  std::string name;                 // "ST-LINK", "J-Link", "CMSIS-DAP", "Black Magic Probe"
  std::string interface_file;       // OpenOCD's; empty: OpenOCD does not reach it
  std::vector<std::string> wire{};  // commands that select SWD
};

// By its ids, and CMSIS-DAP by the name that its standard asks for.
std::optional<ProbeKind> probe_kind(const host::UsbDevice& device);

// Whether a serial port of the probe leads to the UART of its board.
bool leads_to_board(const ProbeKind& kind, const host::SerialPort& port);

// For OpenOCD, of a probe whose board nobody has described: any Cortex-M with one core behind SWD.
std::vector<std::string> any_cortex_m(const ProbeKind& kind);

}  // namespace tinyhil::probe
