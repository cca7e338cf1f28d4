// SPDX-License-Identifier: Apache-2.0
#include "usb_reset.hpp"

#include <fcntl.h>
#include <linux/usbdevice_fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include "base/error.hpp"
#include "host/usb_devices.hpp"

namespace tinyhil::host {

namespace {

constexpr const char* kUsbNodes = "/dev/bus/usb/";

[[noreturn]] void fail_reset(const std::string& serial, const std::string& what, const std::string& remedy) {
  throw Error(ErrorKind::bench_fault, what, "USB device " + serial, remedy);
}

std::string node_of(const Machine& machine, const std::string& serial) {
  std::optional<std::string> node;
  for (const UsbDevice& device : usb_devices(machine)) {
    if (device.serial != serial) continue;
    if (node) fail_reset(serial, "several USB devices have this serial number", "unplug the others");
    node.emplace();
    for (const std::string& each : device.nodes)
      if (each.starts_with(kUsbNodes)) node = each;
  }
  if (!node) fail_reset(serial, "no USB device has this serial number", "plug it in: tinyhil discover");
  if (node->empty()) fail_reset(serial, "the USB device has no device file", "mount /dev/bus/usb here");
  return *node;
}

}  // namespace

void reset_usb_device(const Machine& machine, const std::string& serial) {
  const std::string node = node_of(machine, serial);
  const int descriptor = ::open(machine.at(node).c_str(), O_WRONLY | O_CLOEXEC);
  const int outcome = descriptor < 0 ? -1 : ::ioctl(descriptor, USBDEVFS_RESET, 0);
  const int error = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (outcome == 0) return;
  fail_reset(serial, "cannot reset it by " + node + ": " + std::strerror(error),
             "let this user write to that file, by a udev rule: tinyhil doctor");
}

}  // namespace tinyhil::host
