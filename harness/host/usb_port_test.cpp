// SPDX-License-Identifier: Apache-2.0
#include "usb_port.hpp"

#include <gmock/gmock.h>

#include <random>

#include "base/error.hpp"
#include "testing/complaint.hpp"
#include "testing/folder.hpp"

namespace tinyhil::host {
namespace {

using testing::AllOf;
using testing::HasSubstr;

struct OnAMachineWithPlugs : testing::Test {
  // An adapter whose port, at this interface, is /dev/`tty`; empty: it has none.
  void plug(const std::string& place, const std::string& ids, const std::string& serial,
            const std::string& tty, const std::string& interface = "00") const {
    const std::string at = "sys/bus/usb/devices/" + place + "/";
    folder.write(at + "idVendor", ids.substr(0, 4) + "\n");
    folder.write(at + "idProduct", ids.substr(5) + "\n");
    folder.write(at + "serial", serial + "\n");
    if (tty.empty()) return;
    const std::string part = at + place + ":1." + interface + "/";
    folder.write(part + "bInterfaceNumber", interface + "\n");
    folder.write(part + tty + "/tty/" + tty + "/dev", "188:0\n");
    folder.write("dev/" + tty, "");
  }
  void unplug(const std::string& place, const std::string& tty) const {
    std::filesystem::remove_all(folder.path() / "sys/bus/usb/devices" / place);
    std::filesystem::remove(folder.path() / "dev" / tty);
  }
  std::string file(const std::string& name) const { return (folder.path() / "dev" / name).string(); }
  std::string problem(const UsbPortName& name) const {
    const Error error = test::error_of([&] { find_port(machine, name); });
    EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
    return std::string(error.what()) + "; " + error.remedy();
  }

  test::TestFolder folder;
  Machine machine{folder.path()};
};

TEST_F(OnAMachineWithPlugs, APortIsFoundUnderWhicheverNameItsAdapterComesBack) {
  plug("1-1", "0403:6001", "A", "ttyUSB0");
  plug("1-2", "0403:6001", "B", "ttyUSB1");
  EXPECT_EQ(find_port(machine, {"A"}), file("ttyUSB0"));
  EXPECT_EQ(find_port(machine, {"B"}), file("ttyUSB1"));
  unplug("1-1", "ttyUSB0");
  unplug("1-2", "ttyUSB1");
  plug("1-2", "0403:6001", "A", "ttyUSB1");
  plug("1-1", "0403:6001", "B", "ttyUSB0");
  EXPECT_EQ(find_port(machine, {"A"}), file("ttyUSB1"));
  EXPECT_EQ(find_port(machine, {"B"}), file("ttyUSB0"));
}

TEST_F(OnAMachineWithPlugs, OneThatIsMissingIsToldWithWhatIsThereInstead) {
  plug("1-2", "0403:6001", "B", "ttyUSB1");
  EXPECT_THAT(problem({"A"}),
              AllOf(HasSubstr("no USB device with serial number A is plugged in"), HasSubstr("plug it in"),
                    HasSubstr("plugged in are /dev/ttyUSB1 (USB 0403:6001, serial B)")));
  EXPECT_THAT(problem({"B", "10c4:ea60"}), AllOf(HasSubstr("with serial number B and ids 10c4:ea60"),
                                                 HasSubstr("plugged in are /dev/ttyUSB1")));
  unplug("1-2", "ttyUSB1");
  EXPECT_THAT(problem({"A"}), HasSubstr("no USB serial port is plugged in"));
}

TEST_F(OnAMachineWithPlugs, TwoWithOneSerialNumberAreNamedAndToldApartByTheirIds) {
  plug("1-1", "0403:6001", "0001", "ttyUSB0");
  plug("1-2", "10c4:ea60", "0001", "ttyUSB1");
  EXPECT_THAT(problem({"0001"}), AllOf(HasSubstr("2 USB devices have the serial number 0001"),
                                       HasSubstr(file("ttyUSB0")), HasSubstr(file("ttyUSB1"))));
  EXPECT_EQ(find_port(machine, {"0001", "10c4:ea60"}), file("ttyUSB1"));
}

TEST_F(OnAMachineWithPlugs, OfADeviceWithSeveralPortsTheInterfaceSaysWhich) {
  plug("1-1", "0403:6010", "A", "ttyUSB0", "00");
  plug("1-1", "0403:6010", "A", "ttyUSB1", "01");
  EXPECT_THAT(problem({"A"}), AllOf(HasSubstr("has several serial ports"), HasSubstr("ttyUSB0 (interface 0)"),
                                    HasSubstr("ttyUSB1 (interface 1)"), HasSubstr("`interface`")));
  EXPECT_EQ(find_port(machine, {"A", "", 1}), file("ttyUSB1"));
  EXPECT_THAT(problem({"A", "", 2}), HasSubstr("has no serial port at interface 2"));
}

TEST_F(OnAMachineWithPlugs, APortWhoseDeviceFileIsNotThereYetIsNone) {
  plug("1-1", "0403:6001", "A", "ttyUSB0");
  std::filesystem::remove(folder.path() / "dev/ttyUSB0");
  EXPECT_THAT(problem({"A"}), HasSubstr("is plugged in, but has no serial port"));
}

TEST_F(OnAMachineWithPlugs, WhateverSysfsSaysIsReadToItsBoundAndPrintedWithCare) {
  std::minstd_rand random(7);
  for (int round = 0; round < 30; ++round) {
    std::string text(random() % 600, '\0');
    for (char& each : text) each = static_cast<char>(random() % 256);
    const std::string at = "sys/bus/usb/devices/1-1/";
    plug("1-1", "0403:6001", "A", "ttyUSB0");
    for (const char* name : {"serial", "product", "idVendor", "1-1:1.00/bInterfaceNumber"})
      if (random() % 2 == 0) folder.write(at + name, text);
    const FoundPort found = look_for_port(machine, {"A"});
    EXPECT_NE(found.file.empty(), found.problem.empty());
    const std::string said = problem({"B"});
    EXPECT_LT(said.size(), 4096u);
    EXPECT_EQ(said.find_first_of(std::string("\x1b\0\r", 3)), std::string::npos);
  }
}

}  // namespace
}  // namespace tinyhil::host
