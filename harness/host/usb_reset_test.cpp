// SPDX-License-Identifier: Apache-2.0
// A machine that is made up: what the kernel does with a real device shows on a desk.
#include "usb_reset.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "testing/complaint.hpp"
#include "testing/folder.hpp"

namespace tinyhil::host {
namespace {

using testing::HasSubstr;

class UsbReset : public testing::Test {
 protected:
  void plug_in(const std::string& place, const std::string& serial, const std::string& number) {
    const std::string about = "sys/bus/usb/devices/" + place + '/';
    folder_.write(about + "idVendor", "0483\n");
    folder_.write(about + "idProduct", "374b\n");
    folder_.write(about + "serial", serial + "\n");
    folder_.write(about + "busnum", "1\n");
    folder_.write(about + "devnum", number + "\n");
  }
  std::string said(const std::string& serial) {
    return test::error_of([&] { reset_usb_device({folder_.path()}, serial); }).what();
  }

  const test::TestFolder folder_;
};

TEST_F(UsbReset, NeedsADeviceWithTheNumber) {
  plug_in("1-1", "A", "4");
  EXPECT_THAT(said("B"), HasSubstr("no USB device has this serial number"));
}

TEST_F(UsbReset, ResetsNoneOfTwoWithOneNumber) {
  plug_in("1-1", "A", "4");
  plug_in("1-2", "A", "5");
  EXPECT_THAT(said("A"), HasSubstr("several USB devices"));
}

TEST_F(UsbReset, AsksTheKernelByTheDevicesOwnFile) {
  plug_in("1-1", "A", "4");
  plug_in("1-2", "B", "5");
  EXPECT_THAT(said("B"), HasSubstr("/dev/bus/usb/001/005: No such file"));
  folder_.write("dev/bus/usb/001/005", "");
  EXPECT_THAT(said("B"), HasSubstr("ioctl")) << "which a plain file does not know";
}

}  // namespace
}  // namespace tinyhil::host
