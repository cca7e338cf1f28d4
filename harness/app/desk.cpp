// SPDX-License-Identifier: Apache-2.0
#include "desk.hpp"

namespace tinyhil::app {

const char* to_string(Tie tie) {
  switch (tie) {
    case Tie::none:
      return "nothing";
    case Tie::serial_number:
      return "one serial number";
    case Tie::usb_device:
      return "one USB device";
    case Tie::proven:
      return "proven";
  }
  return "?";
}

Desk survey(const host::Machine& machine) {
  Desk desk;
  for (const host::UsbDevice& device : host::usb_devices(machine)) {
    const auto meter = meter::usb_meter(device);
    const auto kind = probe::probe_kind(device);
    if (meter) desk.meters.push_back({device, *meter});
    if (kind) desk.probes.push_back({device, *kind});
    if (meter && !kind) continue;  // all of its ports are its own
    for (const host::SerialPort& port : device.ports) {
      const bool measures = meter && port.file == meter->port.file;
      const bool is_probes_own = kind && !probe::leads_to_board(*kind, port);
      if (!measures && !is_probes_own) desk.ports.push_back({port, device});
    }
  }
  for (host::SerialPort& port : host::built_in_ports(machine)) desk.ports.push_back({std::move(port)});
  return desk;
}

Tie tie_of(const DeskPort& port, const DeskProbe& probe) {
  if (!port.device) return Tie::none;
  if (port.device->place == probe.device.place) return Tie::usb_device;
  const std::string& serial = probe.device.serial;
  return !serial.empty() && port.device->serial == serial ? Tie::serial_number : Tie::none;
}

std::string describe(const DeskPort& port) {
  return port.port.file + " (" + (port.device ? host::describe(*port.device) : "built in") + ")";
}

std::string describe(const DeskProbe& probe) {
  return probe.kind.name + " " +
         (probe.device.serial.empty() ? "without a serial number" : probe.device.serial);
}

}  // namespace tinyhil::app
