// SPDX-License-Identifier: Apache-2.0
// What is on the desk, as the machine's files tell: serial ports that may lead to boards, debug probes,
// current meters, and which port and probe belong together. Nothing is opened.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/usb_devices.hpp"
#include "meter/usb_meter.hpp"
#include "probe/probe_kind.hpp"

namespace tinyhil::app {

struct DeskPort {
  host::SerialPort port;
  std::optional<host::UsbDevice> device{};  // none: built into the machine
};

struct DeskProbe {
  host::UsbDevice device;
  probe::ProbeKind kind;
};

struct DeskMeter {
  host::UsbDevice device;
  meter::UsbMeter meter;
};

// What speaks for a port and a probe being of one board. Only `proven` is more than an assumption.
enum class Tie { none, serial_number, usb_device, proven };

const char* to_string(Tie tie);  // "one USB device"

struct Desk {
  std::vector<DeskPort> ports;  // without those of meters, and those at which a probe speaks GDB's protocol
  std::vector<DeskProbe> probes;
  std::vector<DeskMeter> meters;
};

Desk survey(const host::Machine& machine);

Tie tie_of(const DeskPort& port, const DeskProbe& probe);
std::string describe(const DeskPort& port);    // "/dev/ttyACM0 (STM32 STLink, USB 0483:374b, serial 0671FF)"
std::string describe(const DeskProbe& probe);  // "ST-LINK 0671FF"

}  // namespace tinyhil::app
