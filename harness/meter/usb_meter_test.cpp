// SPDX-License-Identifier: Apache-2.0
#include "usb_meter.hpp"

#include <gtest/gtest.h>

namespace tinyhil::meter {
namespace {

host::UsbDevice device(std::uint16_t vendor, std::uint16_t product, const std::string& name = {}) {
  host::UsbDevice device;
  device.vendor = vendor;
  device.product = product;
  device.name = name;
  for (const int interface : {0, 2}) {
    host::SerialPort port;
    port.file = "/dev/ttyACM" + std::to_string(interface);
    port.interface_number = interface;
    device.ports.push_back(port);
  }
  return device;
}

std::string found(const host::UsbDevice& device) {
  const auto meter = usb_meter(device);
  return meter ? meter->driver + " " + meter->port.file : "none";
}

TEST(UsbMeter, APpk2MeasuresAtTheFirstOfItsPorts) {
  EXPECT_EQ(found(device(0x1915, 0xc00a, "PPK2")), "ppk2 /dev/ttyACM0");
  EXPECT_EQ(found(device(0x1915, 0xc00b, "PPK2")), "none");
}

TEST(UsbMeter, AnLpm01aIsToldByItsName) {
  EXPECT_EQ(found(device(0x0483, 0x5740, "PowerShield (Virtual ComPort in FS Mode)")), "lpm01a /dev/ttyACM0");
  EXPECT_EQ(found(device(0x0483, 0x5740, "STM32 Virtual ComPort")), "none");
}

TEST(UsbMeter, AStlinkV3pwrMeasuresAtThePortThatSaysSo) {
  host::UsbDevice probe = device(0x0483, 0x3757, "STLINK-V3PWR");
  EXPECT_EQ(found(probe), "none");
  probe.ports[1].name = "STLink Virtual COM Port PWR";
  EXPECT_EQ(found(probe), "stlink_v3pwr /dev/ttyACM2");
}

TEST(UsbMeter, ADeviceWithoutAPortIsNone) {
  host::UsbDevice meter = device(0x1915, 0xc00a);
  meter.ports.clear();
  EXPECT_EQ(found(meter), "none");
}

}  // namespace
}  // namespace tinyhil::meter
