// SPDX-License-Identifier: Apache-2.0
// A serial port by what its USB device is and not by where it is: after each plugging in it may be another
// /dev/ttyUSB*. It is looked for whenever it is asked for. Example:
//
//   const UsbPortName name{.serial = "A50285BI"};
//   open(find_port(machine, name));  // "/dev/ttyUSB1"
#pragma once

#include <optional>
#include <string>

#include "host/usb_devices.hpp"

namespace tinyhil::host {

struct UsbPortName {
  std::string serial;                     // that the device has, as usb_devices() shows it
  std::string ids{};                      // "0403:6001", in small letters; empty: any
  std::optional<int> interface_number{};  // nothing: the device has one port
};

std::string to_string(const UsbPortName& name);  // "usb:A50285BI, USB 0403:6001, interface 1"

// What has a name at one moment: one port, or a problem and what to do about it.
struct FoundPort {
  std::string file{};     // "/dev/ttyUSB0", in the machine's tree; empty: there is none, or there are several
  std::string problem{};  // in one line
  std::string remedy{};
};

// Reads little more than the serial numbers of what is plugged in.
FoundPort look_for_port(const Machine& machine, const UsbPortName& name);

// Throws Error(bench_fault) where there is a problem; where nothing has the name, it says what is there.
std::string find_port(const Machine& machine, const UsbPortName& name);

}  // namespace tinyhil::host
