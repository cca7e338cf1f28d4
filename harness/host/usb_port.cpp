// SPDX-License-Identifier: Apache-2.0
#include "usb_port.hpp"

#include <utility>
#include <vector>

#include "base/error.hpp"

namespace tinyhil::host {

namespace {

constexpr std::size_t kListedMost = 8;

struct Candidate {
  std::string file;
  int interface_number;
};

std::vector<UsbDevice> devices_named(const Machine& machine, const UsbPortName& name) {
  std::vector<UsbDevice> devices = usb_devices_with_serial(machine, name.serial);
  std::erase_if(devices,
                [&](const UsbDevice& each) { return !name.ids.empty() && usb_ids(each) != name.ids; });
  return devices;
}

// The kernel shows a port in sysfs a moment before its device file is there.
std::vector<Candidate> ports_named(const Machine& machine, const std::vector<UsbDevice>& devices,
                                   const UsbPortName& name) {
  std::vector<Candidate> found;
  for (const UsbDevice& device : devices) {
    for (const SerialPort& port : device.ports) {
      const std::filesystem::path file = machine.at(port.file);
      std::error_code none;
      if (name.interface_number && port.interface_number != *name.interface_number) continue;
      if (std::filesystem::exists(file, none)) found.push_back({file.string(), port.interface_number});
    }
  }
  return found;
}

std::string list_of(const std::vector<Candidate>& ports) {
  std::string list;
  for (std::size_t i = 0; i < ports.size() && i < kListedMost; ++i)
    list += (list.empty() ? "" : ", ") + ports[i].file + " (interface " +
            std::to_string(ports[i].interface_number) + ")";
  return ports.size() > kListedMost ? list + ", ..." : list;
}

std::string ports_there_are(const Machine& machine) {
  std::string list;
  std::size_t count = 0;
  for (const UsbDevice& device : usb_devices(machine)) {
    for (const SerialPort& port : device.ports) {
      if (++count > kListedMost) return "; plugged in are " + list + ", ...";
      list += (list.empty() ? "" : ", ") + port.file + " (" + describe(device) + ")";
    }
  }
  return list.empty() ? "; no USB serial port is plugged in" : "; plugged in are " + list;
}

}  // namespace

std::string to_string(const UsbPortName& name) {
  std::string text = "usb:" + name.serial;
  if (!name.ids.empty()) text += ", USB " + name.ids;
  if (name.interface_number) text += ", interface " + std::to_string(*name.interface_number);
  return text;
}

FoundPort look_for_port(const Machine& machine, const UsbPortName& name) {
  const std::vector<UsbDevice> devices = devices_named(machine, name);
  const std::vector<Candidate> ports = ports_named(machine, devices, name);
  if (ports.size() == 1) return {ports.front().file};
  FoundPort found;
  if (devices.empty()) {
    found.problem = "no USB device with serial number " + name.serial +
                    (name.ids.empty() ? "" : " and ids " + name.ids) + " is plugged in";
    found.remedy = "plug it in, or correct `port` in the bench file";
  } else if (ports.empty()) {
    found.problem = describe(devices.front()) + " is plugged in, but has no serial port" +
                    (name.interface_number ? " at interface " + std::to_string(*name.interface_number) : "");
    found.remedy = "see what `dmesg` says of it, or correct `interface` in the bench file";
  } else if (devices.size() > 1) {
    found.problem = std::to_string(devices.size()) + " USB devices have the serial number " + name.serial +
                    ": " + list_of(ports);
    found.remedy = "tell them apart by `usb_id`, or by a path below /dev/serial/by-path as `port`";
  } else {
    found.problem = describe(devices.front()) + " has several serial ports: " + list_of(ports);
    found.remedy = "say which one with `interface` in the bench file";
  }
  return found;
}

std::string find_port(const Machine& machine, const UsbPortName& name) {
  FoundPort found = look_for_port(machine, name);
  if (!found.file.empty()) return found.file;
  const bool is_missing = devices_named(machine, name).empty();
  throw Error(ErrorKind::bench_fault, found.problem, to_string(name),
              found.remedy + (is_missing ? ports_there_are(machine) : ""));
}

}  // namespace tinyhil::host
