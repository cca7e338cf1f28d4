// SPDX-License-Identifier: Apache-2.0
#include "probed_board.hpp"

#include <gmock/gmock.h>

#include "testing/bench_board.hpp"
#include "testing/complaint.hpp"
#include "testing/fake_openocd.hpp"

namespace tinyhil::bench {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(ProbedBoard, ABoardOnASerialPortHasNoProbe) {
  EXPECT_THAT(test::complaint([] { probe_of(test::board_with("driver: serial, port: /dev/ttyACM0")); }),
              AllOf(HasSubstr("board b1"), HasSubstr("not reached by a debug probe")));
}

TEST(ProbedBoard, TheProbeIsTheOneThatTheLinkNames) {
  const auto settings =
      probe_of(test::board_with("driver: openocd, probe: F1, config: [a.cfg], search: 0x20000000"));
  EXPECT_EQ(settings.serial, "F1");
}

TEST(ProbedBoard, TheImageIsTheOneNamedOrTheBoards) {
  const test::TestFolder folder;
  const auto named = folder.write("named.hex", ":0100010002FC\n:00000001FF\n");
  const auto own = folder.write("own.hex", ":0100020002FB\n:00000001FF\n");
  const Board board = test::board_with("driver: tcp, port: 5555", "image: " + own.string() + ", ");
  EXPECT_EQ(image_to_flash(board, named).segments.front().address, 1);
  EXPECT_EQ(image_to_flash(board, std::nullopt).segments.front().address, 2);
}

TEST(ProbedBoard, AnImageThatIsMissingOrHasNoAddressIsAUsageError) {
  const test::TestFolder folder;
  const Board board = test::board_with("driver: tcp, port: 5555");
  EXPECT_THAT(test::complaint([&] { image_to_flash(board, std::nullopt); }), HasSubstr("there is no image"));
  const auto raw = folder.write("raw.bin", "bytes");
  EXPECT_THAT(test::complaint([&] { image_to_flash(board, raw); }, folder.path()),
              AllOf(HasSubstr("raw.bin"), HasSubstr("where it belongs")));
}

TEST(ProbedBoard, MemoryIsReadAndTheCoreIsLookedAtAndReset) {
  const test::FakeOpenOcd fake;
  ProbedBoard probed("b1", fake.settings());
  EXPECT_EQ(probed.read(0x20000020, 3), (std::vector<std::uint8_t>{'S', 'E', 'G'}));
  fake.say("halt");
  EXPECT_EQ(probed.state().word, "halted");
  probed.reset(probe::Target::Reset::run);
  EXPECT_EQ(probed.state().word, "running");
}

TEST(ProbedBoard, WhatTheProbeCannotDoIsABenchFaultOfTheBoard) {
  const test::FakeOpenOcd fake;
  ProbedBoard probed("b1", fake.settings());
  fake.say("fail");
  const Error error = test::error_of([&] { probed.read(0x20000020, 4); });
  EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
  EXPECT_EQ(error.where(), "board b1");
  EXPECT_THAT(error.what(), HasSubstr("failed to read memory"));
}

}  // namespace
}  // namespace tinyhil::bench
