// SPDX-License-Identifier: Apache-2.0
#include "serial_ports.hpp"

#include <libserialport.h>

#include <array>
#include <cstdio>
#include <memory>

#include "base/visible.hpp"

namespace tinyhil::transport {

namespace {

constexpr int kPortsMax = 8;

// What an adapter says of itself is its maker's text, so it is shown with care.
std::string text_of(const char* text) { return text == nullptr ? "" : visible_line(text); }

std::string usb_of(const sp_port* port) {
  int vendor = 0;
  int product = 0;
  if (sp_get_port_usb_vid_pid(port, &vendor, &product) != SP_OK) return "";
  std::array<char, 32> ids{};
  std::snprintf(ids.data(), ids.size(), "USB %04x:%04x", static_cast<unsigned>(vendor),
                static_cast<unsigned>(product));
  const std::string serial = text_of(sp_get_port_usb_serial(port));
  return ids.data() + (serial.empty() ? "" : ", serial " + serial);
}

std::string describe(const sp_port* port) {
  std::string name = text_of(sp_get_port_name(port));
  const std::string usb = usb_of(port);
  if (usb.empty()) return name;
  return name + " (" + text_of(sp_get_port_description(port)) + ", " + usb + ")";
}

}  // namespace

std::string serial_ports() {
  sp_port** ports = nullptr;
  if (sp_list_ports(&ports) != SP_OK) return "";
  const std::unique_ptr<sp_port*, void (*)(sp_port**)> owner(ports, sp_free_port_list);
  std::string list;
  int count = 0;
  for (sp_port** each = ports; *each != nullptr; ++each) {
    if (++count > kPortsMax) return list + ", ...";
    list += (list.empty() ? "" : ", ") + describe(*each);
  }
  return list;
}

}  // namespace tinyhil::transport
