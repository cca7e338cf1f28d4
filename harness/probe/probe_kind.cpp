// SPDX-License-Identifier: Apache-2.0
#include "probe_kind.hpp"

#include <algorithm>
#include <array>

namespace tinyhil::probe {

namespace {

constexpr std::uint16_t kSt = 0x0483;
constexpr std::uint16_t kSegger = 0x1366;
constexpr std::uint16_t kOpenMoko = 0x1d50;  // lends ids to open hardware
constexpr std::uint16_t kBlackMagic = 0x6018;
// ST-LINK/V2, V2-1 and V3 in all their variants.
constexpr std::array<std::uint16_t, 9> kStLinks = {0x3748, 0x374b, 0x374d, 0x374e, 0x374f,
                                                   0x3752, 0x3753, 0x3754, 0x3757};

bool says_cmsis_dap(const std::string& name) { return name.find("CMSIS-DAP") != std::string::npos; }

}  // namespace

std::optional<ProbeKind> probe_kind(const host::UsbDevice& device) {
  if (device.vendor == kSt && std::ranges::find(kStLinks, device.product) != kStLinks.end())
    return ProbeKind{"ST-LINK", "interface/stlink-dap.cfg", {"transport select dapdirect_swd"}};
  if (device.vendor == kSegger) return ProbeKind{"J-Link", "interface/jlink.cfg", {"transport select swd"}};
  if (device.vendor == kOpenMoko && device.product == kBlackMagic)
    return ProbeKind{"Black Magic Probe", "", {}};
  if (says_cmsis_dap(device.name) || std::ranges::any_of(device.interface_names, says_cmsis_dap))
    return ProbeKind{"CMSIS-DAP", "interface/cmsis-dap.cfg", {"transport select swd"}};
  return std::nullopt;
}

// The first port of a Black Magic Probe is its GDB server.
bool leads_to_board(const ProbeKind& kind, const host::SerialPort& port) {
  return !kind.interface_file.empty() || port.interface_number > 0;
}

std::vector<std::string> any_cortex_m(const ProbeKind& kind) {
  std::vector<std::string> commands = kind.wire;
  commands.insert(commands.end(),
                  {"adapter speed 1000", "swd newdap any cpu", "dap create any.dap -chain-position any.cpu",
                   "target create any.core cortex_m -dap any.dap"});
  return commands;
}

}  // namespace tinyhil::probe
