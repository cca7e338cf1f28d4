// SPDX-License-Identifier: Apache-2.0
// ST's X-NUCLEO-LPM01A (UM2243, UM2269).
// driver: lpm01a    port: /dev/ttyACM0    supply: 3.3 V    rate: 5k    format: ascii    trigger: d7
// calibrated: 2026-01-15    calibration_expires: 2027-01-15
#include "meter/internal/find_usb.hpp"
#include "meter/internal/powershield_meter.hpp"

namespace tinyhil::meter {

namespace {

// Dynamic mode, UM2243.
constexpr MeterRange kLpm01aRange{
    .top_a = 0.050, .gain_limit = 0.02, .offset_limit_a = 100e-9, .resolution_a = 100e-9};

}  // namespace

std::unique_ptr<Meter> make_lpm01a(const Section& section, asio::any_io_executor executor) {
  PowershieldMeter::Settings settings = PowershieldMeter::read(lpm01a_dialect(), section);
  settings.identity.ranges = {kLpm01aRange};
  section.finish();
  return std::make_unique<PowershieldMeter>(lpm01a_dialect(), std::move(settings), std::move(executor));
}

// ST's ids for any virtual port, so that the name has to tell.
const host::SerialPort* find_lpm01a(const host::UsbDevice& device) {
  const bool is_st = device.vendor == 0x0483 && device.product == 0x5740;
  const bool is_one = is_st && device.name.find("PowerShield") != std::string::npos;
  return is_one && !device.ports.empty() ? &device.ports.front() : nullptr;
}

}  // namespace tinyhil::meter
