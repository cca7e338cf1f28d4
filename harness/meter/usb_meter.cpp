// SPDX-License-Identifier: Apache-2.0
#include "usb_meter.hpp"

#include "meter/internal/find_usb.hpp"

namespace tinyhil::meter {

std::optional<UsbMeter> usb_meter(const host::UsbDevice& device) {
#define TINYHIL_DRIVER(name) \
  if (const host::SerialPort* port = find_##name(device)) return UsbMeter{#name, *port};
#include "drivers.inc"
#undef TINYHIL_DRIVER
  return std::nullopt;
}

}  // namespace tinyhil::meter
