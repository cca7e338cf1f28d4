// SPDX-License-Identifier: Apache-2.0
#include "openocd_config.hpp"

#include <fmt/format.h>

#include "st_link.hpp"

namespace tinyhil::sim {

namespace {

// Work area is where no firmware of ours has anything.
constexpr const char* kTarget = R"(source [find target/swj-dp.tcl]
swj_newdap tinyhil cpu -irlen 4 -ircapture 0x1 -irmask 0xf -expected-id {:#010x}
dap create tinyhil.dap -chain-position tinyhil.cpu
target create tinyhil.cpu cortex_m -dap tinyhil.dap -ap-num 0
tinyhil.cpu configure -work-area-phys 0x203f8000 -work-area-size 0x8000 -work-area-backup 0
cortex_m reset_config sysresetreq
)";

std::string adapter(ProbeKind kind, const std::string& serial, std::uint16_t port) {
  switch (kind) {
    case ProbeKind::st_link:
      return fmt::format(
          "adapter driver st-link\nst-link vid_pid {:#06x} {:#06x}\nst-link backend tcp {}\nadapter serial "
          "{}\n"
          "transport select dapdirect_swd\nadapter speed 4000\n",
          StLink::kVendor, StLink::kProduct, port, serial);
    case ProbeKind::cmsis_dap:
      return fmt::format(
          "adapter driver cmsis-dap\ncmsis_dap_backend hid\nadapter serial {}\ntransport select swd\nadapter "
          "speed 4000\n",
          serial);
    case ProbeKind::jtag:
      return fmt::format(
          "adapter driver remote_bitbang\nremote_bitbang host 127.0.0.1\nremote_bitbang port {}\n"
          "transport select jtag\n",
          port);
  }
  return {};
}

}  // namespace

std::string openocd_config(const ProbeBench::Options& options, std::uint16_t port) {
  std::string text = "# A simulated probe and an emulated board: tinyhil sim probe\n";
  text += adapter(options.kind, options.serial, port);
  text += fmt::format(kTarget, options.kind == ProbeKind::jtag ? DebugPort::kJtagId : DebugPort::kSwdId);
  if (options.flash == FlashKind::sam_e54) text += "flash bank tinyhil.flash atsame5 0 0 1 1 tinyhil.cpu\n";
  return text;
}

}  // namespace tinyhil::sim
