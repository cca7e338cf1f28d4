// SPDX-License-Identifier: Apache-2.0
#include "board_access.hpp"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>

#include "testing/bench_board.hpp"
#include "testing/complaint.hpp"

namespace tinyhil::bench {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string complaint_about(const std::string& link, const std::string& more = "") {
  return test::complaint([&] { board_access(test::board_with(link, more)); });
}

TEST(BoardAccess, AnUnknownDriverNamesTheNearest) {
  EXPECT_THAT(complaint_about("driver: serail, port: /dev/ttyACM0"),
              AllOf(HasSubstr("/desk/bench.yaml:2"), HasSubstr("`driver`"), HasSubstr("serail"),
                    HasSubstr("did you mean `serial`")));
}

TEST(BoardAccess, AnUnknownDriverListsAllThereAre) {
  const std::string text = complaint_about("driver: pigeon");
  for (const std::string& driver : board_drivers()) EXPECT_THAT(text, HasSubstr(driver));
}

TEST(BoardAccess, AKeyThatADriverNeedsIsAskedForByItsName) {
  EXPECT_THAT(complaint_about("driver: serial"), HasSubstr("`port`"));
  EXPECT_THAT(complaint_about("driver: tcp"), HasSubstr("`port`"));
  EXPECT_THAT(complaint_about("driver: process"), HasSubstr("`command`"));
  EXPECT_THAT(complaint_about("driver: emulated", "image: agent.elf, "), HasSubstr("`machine`"));
}

TEST(BoardAccess, AMisspeltKeyNamesTheNearest) {
  EXPECT_THAT(complaint_about("driver: serial, port: /dev/ttyACM0, buad: 115200"), HasSubstr("`baud`"));
  EXPECT_THAT(complaint_about("driver: tcp, port: 5555, hots: localhost"), HasSubstr("`host`"));
  EXPECT_THAT(complaint_about("driver: process, comand: [cat]"), HasSubstr("`command`"));
  EXPECT_THAT(complaint_about("driver: emulated, machin: mps2-an386", "image: agent.elf, "),
              HasSubstr("`machine`"));
}

TEST(BoardAccess, AnotherDriversKeyIsUnknown) {
  EXPECT_THAT(complaint_about("driver: tcp, port: 5555, baud: 115200"), HasSubstr("`baud`"));
}

TEST(BoardAccess, ARateThatNoAdapterHasIsRefused) {
  const std::string port = "driver: serial, port: /dev/ttyACM0, ";
  EXPECT_THAT(complaint_about(port + "baud: 200"), HasSubstr("`baud`"));
  EXPECT_THAT(complaint_about(port + "ladder: [921600, fast]"), HasSubstr("`fast` in `ladder`"));
  EXPECT_THAT(complaint_about(port + "ladder: [921600, 99000000]"), HasSubstr("no baud rate"));
}

TEST(BoardAccess, AUsbDeviceThatIsNamedWrongIsAMistake) {
  const std::string serial = "driver: serial, port: ";
  EXPECT_THAT(complaint_about(serial + "'usb:'"), HasSubstr("no serial number of a USB device"));
  EXPECT_THAT(complaint_about(serial + "usb:" + std::string(127, 'A')), HasSubstr("no serial number"));
  EXPECT_THAT(complaint_about(serial + "usb:A1, usb_id: 0403"), HasSubstr("no id of a USB device"));
  EXPECT_THAT(complaint_about(serial + "usb:A1, usb_id: '0403-6001'"), HasSubstr("such as 0403:6001"));
  EXPECT_THAT(complaint_about(serial + "usb:A1, interface: 256"), HasSubstr("`interface`"));
  EXPECT_THAT(complaint_about(serial + "/dev/ttyACM0, interface: 1"), HasSubstr("`port: usb:SERIAL`"));
}

TEST(BoardAccess, APortThatIsNotPluggedInIsAbsentAndSaysSoWhenItIsOpened) {
  const auto by_usb = board_access(test::board_with("driver: serial, port: usb:no such device"));
  const auto by_path = board_access(test::board_with("driver: serial, port: /dev/no-such-port"));
  EXPECT_EQ(by_usb->absence(), "no USB device with serial number no such device is plugged in");
  EXPECT_EQ(by_usb->port(), std::nullopt);
  EXPECT_EQ(by_path->absence(), "there is no /dev/no-such-port");
  EXPECT_EQ(board_access(test::board_with("driver: serial, port: /dev/null"))->absence(), "");
  EXPECT_EQ(board_access(test::board_with("driver: tcp, port: 5555"))->absence(), "");
  asio::io_context io(1);
  const Error error = test::error_of([&] { by_usb->open(io.get_executor()); });
  EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
  EXPECT_EQ(error.where(), "usb:no such device");
}

TEST(BoardAccess, LinesThatWouldHoldAnEsp32InItsBootLoaderAreRefused) {
  EXPECT_THAT(complaint_about("driver: serial, port: /dev/ttyACM0, dtr: high, reset: esp32"),
              HasSubstr("the same value"));
}

TEST(BoardAccess, AnUnknownMachineNamesTheNearest) {
  EXPECT_THAT(complaint_about("driver: emulated, machine: mps2-an38", "image: agent.elf, "),
              HasSubstr("did you mean `mps2-an38"));
}

TEST(BoardAccess, AnEmulatedBoardWithoutAnImageIsAUsageError) {
  EXPECT_THAT(complaint_about("driver: emulated, machine: mps2-an386"), HasSubstr("needs an `image`"));
}

TEST(BoardAccess, OnlyALineWithARateTellsIt) {
  EXPECT_EQ(board_access(test::board_with("driver: serial, port: /dev/ttyACM0, baud: 9600"))->line_rate(),
            9600);
  EXPECT_EQ(board_access(test::board_with("driver: serial, port: /dev/ttyACM0"))->line_rate(), 115200);
  EXPECT_EQ(board_access(test::board_with("driver: tcp, port: 5555"))->line_rate(), std::nullopt);
  EXPECT_EQ(board_access(test::board_with("driver: process, command: cat"))->line_rate(), std::nullopt);
}

TEST(BoardAccess, OpensWhatTheLinkNamesAndOutlivesItsBoard) {
  const auto access = board_access(test::board_with("driver: process, command: [cat]"));
  asio::io_context io(1);
  EXPECT_EQ(access->open(io.get_executor())->describe(), "process cat");
}

TEST(BoardAccess, AProgramByAPathStartsAtTheBenchFile) {
  const auto access = board_access(test::board_with("driver: process, command: [../no/program]"));
  asio::io_context io(1);
  const Error error = test::error_of([&] { access->open(io.get_executor()); });
  EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
  EXPECT_EQ(error.where(), "/no/program");
}

TEST(BoardAccess, AnUntrustedBoardNeedsWhatPutsItsImageBack) {
  const auto said = [](const std::string& link, const std::string& more) {
    return complaint_about(link, "untrusted: true, " + more);
  };
  const std::string image = "image: agent.elf, ";
  const std::string tool = "flash: {tool: probe-rs, chip: nRF52840_xxAA}, ";
  EXPECT_THAT(said("driver: tcp, port: 5555", tool), HasSubstr("needs an `image`"));
  EXPECT_THAT(said("driver: tcp, port: 5555", image), HasSubstr("nothing can put the image back"));
  EXPECT_THAT(said("driver: tcp, port: 5555", image + "flash: {tool: gdb, server: qemu, port: 1234}, "),
              HasSubstr("cannot erase all"));
  EXPECT_EQ(said("driver: tcp, port: 5555", image + tool), "accepted");
  EXPECT_EQ(said("driver: openocd, probe: F1, config: [a.cfg], search: 0x20000000", image), "accepted");
  EXPECT_EQ(said("driver: process, command: [cat]", ""), "accepted") << "each user starts one";
}

}  // namespace
}  // namespace tinyhil::bench
