// SPDX-License-Identifier: Apache-2.0
// Of each driver: the port of a USB device that measures; none when it is no such meter.
#pragma once

#include "host/usb_devices.hpp"

namespace tinyhil::meter {

#define TINYHIL_DRIVER(name) const host::SerialPort* find_##name(const host::UsbDevice& device);
#include "drivers.inc"
#undef TINYHIL_DRIVER

}  // namespace tinyhil::meter
