// SPDX-License-Identifier: Apache-2.0
// ST's STLINK-V3PWR. Its accuracy is the user's to state, from its data sheet.
// driver: stlink_v3pwr    port: /dev/ttyACM1    supply: 1.8 V    rate: 100k    format: binary
// accuracy: 2 %    offset: 100 nA    calibrated: 2026-01-15    calibration_expires: 2027-01-15
#include <algorithm>

#include "meter/internal/find_usb.hpp"
#include "meter/internal/powershield_meter.hpp"
#include "meter/internal/stated.hpp"

namespace tinyhil::meter {

namespace {

constexpr double kStlinkTopA = 0.5;

}  // namespace

std::unique_ptr<Meter> make_stlink_v3pwr(const Section& section, asio::any_io_executor executor) {
  PowershieldMeter::Settings settings = PowershieldMeter::read(stlink_v3pwr_dialect(), section);
  const StatedAccuracy accuracy = read_accuracy(section);
  settings.identity.ranges = {{.top_a = kStlinkTopA,
                               .gain_limit = accuracy.gain_limit,
                               .offset_limit_a = accuracy.offset_limit_a,
                               .resolution_a = accuracy.offset_limit_a}};
  section.finish();
  return std::make_unique<PowershieldMeter>(stlink_v3pwr_dialect(), std::move(settings), std::move(executor));
}

// A probe, too; its port that measures has a name of its own.
const host::SerialPort* find_stlink_v3pwr(const host::UsbDevice& device) {
  if (device.vendor != 0x0483) return nullptr;
  const auto port = std::ranges::find_if(
      device.ports, [](const host::SerialPort& each) { return each.name.ends_with("COM Port PWR"); });
  return port != device.ports.end() ? &*port : nullptr;
}

}  // namespace tinyhil::meter
