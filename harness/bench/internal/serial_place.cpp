// SPDX-License-Identifier: Apache-2.0
#include "serial_place.hpp"

#include <algorithm>

#include "bench/internal/whole_path.hpp"

namespace tinyhil::bench {

namespace {

constexpr std::string_view kByUsb = "usb:";
constexpr std::size_t kSerialMost = 126;  // characters of a USB string

bool is_usb_id(const std::string& text) {
  constexpr std::string_view kShape = "hhhh:hhhh";
  return std::ranges::equal(text, kShape, [](char c, char shape) {
    return shape == ':' ? c == ':' : std::string_view("0123456789abcdef").find(c) != std::string_view::npos;
  });
}

host::UsbPortName read_usb_name(const Section& link, const std::string& serial) {
  if (serial.empty() || serial.size() > kSerialMost)
    link.fail_at("port", "`port` names no serial number of a USB device",
                 "write such as usb:A50285BI; `tinyhil discover` shows the serial numbers");
  host::UsbPortName name{serial};
  name.ids = link.text("usb_id", "");
  if (link.has("usb_id") && !is_usb_id(name.ids))
    link.fail_at("usb_id", "`" + name.ids + "` is no id of a USB device",
                 "write vendor and product in small hex letters, such as 0403:6001");
  if (link.has("interface")) name.interface_number = static_cast<int>(link.integer("interface", 0, 255));
  return name;
}

}  // namespace

SerialPlace::SerialPlace(const Section& link) {
  const std::string port = link.text("port");
  if (port.starts_with(kByUsb)) {
    usb_ = read_usb_name(link, port.substr(kByUsb.size()));
    return;
  }
  path_ = port;
  for (const char* key : {"usb_id", "interface"})
    if (link.has(key))
      link.fail_at(key, std::string("`") + key + "` goes with the serial number of a USB device",
                   "write `port: usb:SERIAL`, or leave it out");
}

std::string SerialPlace::file() const { return usb_ ? host::find_port(host::Machine{}, *usb_) : path_; }

std::optional<std::filesystem::path> SerialPlace::file_if_any() const {
  if (!usb_) return path_;
  const host::FoundPort found = host::look_for_port(host::Machine{}, *usb_);
  if (found.file.empty()) return std::nullopt;
  return found.file;
}

std::string SerialPlace::absence() const {
  if (usb_) return host::look_for_port(host::Machine{}, *usb_).problem;
  std::error_code unknown;  // then the opening tells
  const bool is_missing = !std::filesystem::exists(path_, unknown) && !unknown;
  return is_missing ? "there is no " + path_ : "";
}

// A link below /dev is a name that udev keeps for one device; what it leads to changes with each plugging in.
std::string SerialPlace::lock_key() const {
  if (usb_) return "serial " + host::to_string(*usb_);
  const std::string name = std::filesystem::absolute(path_).lexically_normal().string();
  return "serial " + (name.starts_with("/dev/") ? name : whole_path(path_));
}

}  // namespace tinyhil::bench
