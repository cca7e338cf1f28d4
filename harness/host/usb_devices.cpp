// SPDX-License-Identifier: Apache-2.0
#include "usb_devices.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <map>
#include <optional>

namespace tinyhil::host {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kDevicesMost = 256;
constexpr std::size_t kPartsMost = 64;  // interfaces of a device, ports of an interface
constexpr const char* kHubClass = "09";

std::optional<unsigned> number_in(const fs::path& file, int base) {
  const std::string text = first_line(file);
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "ttyACM0" -> the name below /dev/serial/by-id that leads to it.
using LastingNames = std::map<std::string, std::string>;
LastingNames lasting_names(const Machine& machine) {
  LastingNames names;
  for (const fs::path& link : entries_of(machine.at("/dev/serial/by-id"))) {
    std::error_code error;
    const fs::path target = fs::read_symlink(link, error);
    if (!error) names.emplace(target.filename().string(), "/dev/serial/by-id/" + link.filename().string());
  }
  return names;
}

void add_ports(UsbDevice& device, const fs::path& folder, const SerialPort& like,
               const LastingNames& lasting) {
  for (const fs::path& about : entries_of(folder)) {
    const std::string name = about.filename().string();
    if (!name.starts_with("tty") || device.ports.size() == kPartsMost) continue;
    const auto known = lasting.find(name);
    SerialPort port = like;
    port.file = "/dev/" + name;
    if (known != lasting.end()) port.lasting = known->second;
    port.about = about;
    device.ports.push_back(std::move(port));
  }
}

// A driver of one port has `tty/ttyACM0`; one of several `ttyUSB0/tty/ttyUSB0`; HID
// `0003:.../hidraw/hidraw0`.
void read_interface(UsbDevice& device, const fs::path& interface, const LastingNames& lasting) {
  SerialPort like;
  like.interface_number = static_cast<int>(number_in(interface / "bInterfaceNumber", 16).value_or(0));
  like.name = first_line(interface / "interface");
  if (!like.name.empty()) device.interface_names.push_back(like.name);
  add_ports(device, interface / "tty", like, lasting);
  std::size_t parts = 0;
  for (const fs::path& part : entries_of(interface)) {
    if (++parts > kPartsMost) return;
    if (part.filename().string().starts_with("ttyUSB")) add_ports(device, part / "tty", like, lasting);
    for (const fs::path& raw : entries_of(part / "hidraw"))
      device.nodes.push_back("/dev/" + raw.filename().string());
  }
}

std::optional<UsbDevice> read_device(const fs::path& about, const LastingNames& lasting) {
  const auto vendor = number_in(about / "idVendor", 16);
  const auto product = number_in(about / "idProduct", 16);
  if (!vendor || !product || first_line(about / "bDeviceClass") == kHubClass) return std::nullopt;
  UsbDevice device;
  device.vendor = static_cast<std::uint16_t>(*vendor);
  device.product = static_cast<std::uint16_t>(*product);
  device.maker = first_line(about / "manufacturer");
  device.name = first_line(about / "product");
  device.serial = first_line(about / "serial");
  device.place = about.filename().string();
  device.about = about;
  const auto bus = number_in(about / "busnum", 10);
  const auto number = number_in(about / "devnum", 10);
  if (bus && number) {
    std::array<char, 48> node{};
    std::snprintf(node.data(), node.size(), "/dev/bus/usb/%03u/%03u", *bus, *number);
    device.nodes.emplace_back(node.data());
  }
  std::size_t interfaces = 0;
  for (const fs::path& part : entries_of(about)) {
    if (!part.filename().string().starts_with(device.place + ":")) continue;
    if (++interfaces > kPartsMost) break;
    read_interface(device, part, lasting);
  }
  std::ranges::stable_sort(device.ports, {}, &SerialPort::interface_number);
  return device;
}

std::vector<fs::path> device_folders(const Machine& machine) {
  std::vector<fs::path> folders = entries_of(machine.at("/sys/bus/usb/devices"));
  std::erase_if(folders, [](const fs::path& each) {
    return each.filename().string().find(':') != std::string::npos;  // an interface
  });
  return folders;
}

}  // namespace

std::vector<UsbDevice> usb_devices(const Machine& machine) {
  const LastingNames lasting = lasting_names(machine);
  std::vector<UsbDevice> devices;
  for (const fs::path& about : device_folders(machine)) {
    if (devices.size() == kDevicesMost) break;
    if (std::optional<UsbDevice> device = read_device(about, lasting)) devices.push_back(std::move(*device));
  }
  return devices;
}

std::vector<UsbDevice> usb_devices_with_serial(const Machine& machine, const std::string& serial) {
  std::vector<UsbDevice> devices;
  for (const fs::path& about : device_folders(machine)) {
    if (devices.size() == kDevicesMost) break;
    if (first_line(about / "serial") != serial) continue;
    if (std::optional<UsbDevice> device = read_device(about, {})) devices.push_back(std::move(*device));
  }
  return devices;
}

std::vector<SerialPort> built_in_ports(const Machine& machine) {
  std::vector<SerialPort> ports;
  for (const fs::path& about : entries_of(machine.at("/sys/class/tty"))) {
    const std::string name = about.filename().string();
    std::error_code none;
    const bool is_usb = name.starts_with("ttyACM") || name.starts_with("ttyUSB");
    const bool has_hardware = fs::exists(about / "device", none) && first_line(about / "type") != "0";
    if (is_usb || !name.starts_with("tty") || !has_hardware) continue;
    if (ports.size() == kPartsMost) break;
    SerialPort port;
    port.file = "/dev/" + name;
    port.about = about;
    ports.push_back(std::move(port));
  }
  return ports;
}

std::string usb_ids(const UsbDevice& device) {
  std::array<char, 16> ids{};
  std::snprintf(ids.data(), ids.size(), "%04x:%04x", device.vendor, device.product);
  return ids.data();
}

std::string describe(const UsbDevice& device) {
  std::string text = device.name.empty() ? "USB " : device.name + ", USB ";
  text += usb_ids(device);
  return text + (device.serial.empty() ? ", no serial number" : ", serial " + device.serial);
}

}  // namespace tinyhil::host
