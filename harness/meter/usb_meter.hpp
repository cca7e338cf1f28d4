// SPDX-License-Identifier: Apache-2.0
// Which USB device is a current meter, as its driver knows it.
#pragma once

#include <optional>
#include <string>

#include "host/usb_devices.hpp"

namespace tinyhil::meter {

struct UsbMeter {
  std::string driver;     // of a bench's `meter`
  host::SerialPort port;  // that measures
};

std::optional<UsbMeter> usb_meter(const host::UsbDevice& device);

}  // namespace tinyhil::meter
