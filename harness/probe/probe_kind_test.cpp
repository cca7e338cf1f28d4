// SPDX-License-Identifier: Apache-2.0
#include "probe_kind.hpp"

#include <gtest/gtest.h>

namespace tinyhil::probe {
namespace {

std::string kind_of(std::uint16_t vendor, std::uint16_t product, const std::string& name = {},
                    const std::string& interface = {}) {
  host::UsbDevice device;
  device.vendor = vendor;
  device.product = product;
  device.name = name;
  if (!interface.empty()) device.interface_names = {interface};
  const auto kind = probe_kind(device);
  return kind ? kind->name : "none";
}

TEST(ProbeKind, IsToldByTheUsbIds) {
  EXPECT_EQ(kind_of(0x0483, 0x374b), "ST-LINK");
  EXPECT_EQ(kind_of(0x0483, 0x5740), "none") << "a virtual port of ST's";
  EXPECT_EQ(kind_of(0x1366, 0x0105), "J-Link");
  EXPECT_EQ(kind_of(0x1d50, 0x6018), "Black Magic Probe");
}

TEST(ProbeKind, CmsisDapIsToldByTheNameOfTheDeviceOrOfAnInterface) {
  EXPECT_EQ(kind_of(0x0d28, 0x0204, "BBC micro:bit CMSIS-DAP"), "CMSIS-DAP");
  EXPECT_EQ(kind_of(0x2e8a, 0x000c, "Debug Probe", "CMSIS-DAP v2 Interface"), "CMSIS-DAP");
  EXPECT_EQ(kind_of(0x0d28, 0x0204, "some other"), "none");
}

}  // namespace
}  // namespace tinyhil::probe
