// SPDX-License-Identifier: Apache-2.0
#include "usb_devices.hpp"

#include <gmock/gmock.h>

#include "testing/folder.hpp"

namespace tinyhil::host {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct OnAMadeUpMachine : testing::Test {
  void device(const std::string& place, const std::string& vendor, const std::string& product,
              const std::string& serial) const {
    const std::string at = "sys/bus/usb/devices/" + place + "/";
    folder.write(at + "idVendor", vendor + "\n");
    folder.write(at + "idProduct", product + "\n");
    if (!serial.empty()) folder.write(at + "serial", serial + "\n");
  }
  void attribute(const std::string& path, const std::string& text) const {
    folder.write("sys/bus/usb/devices/" + path, text + "\n");
  }

  test::TestFolder folder;
  Machine machine{folder.path()};
};

TEST_F(OnAMadeUpMachine, AProbeWithAPortIsOneDevice) {
  device("1-4", "0483", "374b", "0671FF");
  attribute("1-4/product", "STM32 STLink");
  attribute("1-4/busnum", "1");
  attribute("1-4/devnum", "5");
  attribute("1-4/1-4:1.2/bInterfaceNumber", "02");
  attribute("1-4/1-4:1.2/interface", "ST-Link VCP Ctrl");
  attribute("1-4/1-4:1.2/tty/ttyACM0/dev", "166:0");
  std::filesystem::create_directories(folder.path() / "dev/serial/by-id");
  std::filesystem::create_symlink("../../ttyACM0", folder.path() / "dev/serial/by-id/usb-ST-0671FF-if02");
  const auto devices = usb_devices(machine);
  ASSERT_EQ(devices.size(), 1u);
  EXPECT_EQ(describe(devices[0]), "STM32 STLink, USB 0483:374b, serial 0671FF");
  EXPECT_THAT(devices[0].nodes, ElementsAre("/dev/bus/usb/001/005"));
  EXPECT_THAT(devices[0].interface_names, ElementsAre("ST-Link VCP Ctrl"));
  ASSERT_EQ(devices[0].ports.size(), 1u);
  EXPECT_EQ(devices[0].ports[0].file, "/dev/ttyACM0");
  EXPECT_EQ(devices[0].ports[0].best_name(), "/dev/serial/by-id/usb-ST-0671FF-if02");
}

TEST_F(OnAMadeUpMachine, PortsOfAnAdapterAndOfSeveralInterfacesAreInTheirOrder) {
  device("1-1", "1915", "c00a", "C5A1");
  attribute("1-1/1-1:1.3/bInterfaceNumber", "03");
  attribute("1-1/1-1:1.3/tty/ttyACM1/dev", "166:1");
  attribute("1-1/1-1:1.1/bInterfaceNumber", "01");
  attribute("1-1/1-1:1.1/tty/ttyACM2/dev", "166:2");
  device("1-2", "0403", "6001", "");
  attribute("1-2/1-2:1.0/ttyUSB0/tty/ttyUSB0/dev", "188:0");
  const auto devices = usb_devices(machine);
  ASSERT_EQ(devices.size(), 2u);
  ASSERT_EQ(devices[0].ports.size(), 2u);
  EXPECT_EQ(devices[0].ports[0].file, "/dev/ttyACM2");
  ASSERT_EQ(devices[1].ports.size(), 1u);
  EXPECT_EQ(devices[1].ports[0].file, "/dev/ttyUSB0");
  EXPECT_EQ(describe(devices[1]), "USB 0403:6001, no serial number");
}

TEST_F(OnAMadeUpMachine, ARawHidDeviceIsANodeToo) {
  device("1-3", "0d28", "0204", "9900");
  attribute("1-3/1-3:1.0/0003:0D28:0204.0001/hidraw/hidraw3/dev", "240:3");
  EXPECT_THAT(usb_devices(machine)[0].nodes, ElementsAre("/dev/hidraw3"));
}

TEST_F(OnAMadeUpMachine, HubsInterfacesAndNonsenseAreNoDevices) {
  device("usb1", "1d6b", "0002", "");
  attribute("usb1/bDeviceClass", "09");
  device("1-5", "xyz", "0001", "");
  device("1-6:1.0", "0483", "374b", "");
  EXPECT_THAT(usb_devices(machine), IsEmpty());
}

TEST_F(OnAMadeUpMachine, AMachineWithoutUsbHasNone) {
  EXPECT_THAT(usb_devices(machine), IsEmpty());
  EXPECT_THAT(built_in_ports(machine), IsEmpty());
}

TEST_F(OnAMadeUpMachine, ABuiltInPortHasHardware) {
  folder.write("sys/class/tty/ttyS0/device/name", "");
  folder.write("sys/class/tty/ttyS0/type", "4\n");
  folder.write("sys/class/tty/ttyS1/device/name", "");
  folder.write("sys/class/tty/ttyS1/type", "0\n");
  folder.write("sys/class/tty/tty1/dev", "4:1\n");
  folder.write("sys/class/tty/ttyACM0/device/name", "");
  const auto ports = built_in_ports(machine);
  ASSERT_EQ(ports.size(), 1u);
  EXPECT_EQ(ports[0].file, "/dev/ttyS0");
}

}  // namespace
}  // namespace tinyhil::host
