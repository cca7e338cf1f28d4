// SPDX-License-Identifier: Apache-2.0
// Where a bench says that a serial port is: a device file, or the USB device that it belongs to.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "host/usb_port.hpp"
#include "model/bench.hpp"

namespace tinyhil::bench {

class SerialPlace {
 public:
  // Reads `port: /dev/ttyACM0`, or `port: usb:SERIAL` with `usb_id` and `interface`. Throws Error(usage).
  explicit SerialPlace(const Section& link);

  // The device file that it is now. Throws Error(bench_fault) where no USB device, or several, have the name.
  std::string file() const;
  std::optional<std::filesystem::path> file_if_any() const;
  std::string absence() const;  // as BoardAccess::absence()
  // The same wherever the board is plugged in, if the place is one that stays its own.
  std::string lock_key() const;

 private:
  std::string path_{};                      // empty: it is
  std::optional<host::UsbPortName> usb_{};  // this
};

}  // namespace tinyhil::bench
