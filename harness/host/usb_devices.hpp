// SPDX-License-Identifier: Apache-2.0
// The USB devices of a machine and the serial ports that they are, as sysfs tells. Opens none of them; any
// user may ask. What a device says of itself is made safe to print. Example:
//
//   for (const UsbDevice& device : usb_devices(machine))
//     for (const SerialPort& port : device.ports) show(port.file, device.serial);
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/machine.hpp"

namespace tinyhil::host {

struct SerialPort {
  std::string file;       // "/dev/ttyACM0"
  std::string lasting{};  // "/dev/serial/by-id/usb-...": whatever else is plugged in; empty: udev made none
  int interface_number = 0;       // of the device: the first port has the lowest
  std::string name{};             // what the device calls this interface
  std::filesystem::path about{};  // its folder in sysfs
  // The better one of its names for a file that is kept.
  const std::string& best_name() const { return lasting.empty() ? file : lasting; }
};

struct UsbDevice {
  std::uint16_t vendor = 0;
  std::uint16_t product = 0;
  std::string maker{};   // what it calls its maker
  std::string name{};    // and itself
  std::string serial{};  // empty: it has none
  std::string place{};   // "1-4.2": bus and sockets on the way
  std::vector<std::string> interface_names{};
  std::vector<SerialPort> ports{};  // by interface
  // What a program opens to speak to the device itself: "/dev/bus/usb/001/004", "/dev/hidraw0".
  std::vector<std::string> nodes{};
  std::filesystem::path about{};  // its folder in sysfs
};

// By their place. Hubs and devices without ids are left out; at most 256 of them.
std::vector<UsbDevice> usb_devices(const Machine& machine);
// Those that say this serial number; their ports have no lasting names. Reads little of all others.
std::vector<UsbDevice> usb_devices_with_serial(const Machine& machine, const std::string& serial);

// Ports that are no USB device's: of the machine itself, "/dev/ttyS0", "/dev/ttyAMA0". One without hardware
// behind it is left out.
std::vector<SerialPort> built_in_ports(const Machine& machine);

std::string usb_ids(const UsbDevice& device);   // "0483:374b"
std::string describe(const UsbDevice& device);  // "STM32 STLink, USB 0483:374b, serial 0671FF"

}  // namespace tinyhil::host
