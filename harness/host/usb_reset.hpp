// SPDX-License-Identifier: Apache-2.0
// Brings a USB device back that hangs, without a hand at its plug. Example:
//
//   reset_usb_device(Machine{}, "0671FF383339");
#pragma once

#include <string>

#include "host/machine.hpp"

namespace tinyhil::host {

// Has the kernel reset the one device with this serial number and find it anew; its ports may be others then.
// Throws Error(bench_fault): no device or several have the number, this user may not, or the kernel cannot.
void reset_usb_device(const Machine& machine, const std::string& serial);

}  // namespace tinyhil::host
