// SPDX-License-Identifier: Apache-2.0
// Who is in whose way: two links to one board have one key, links to two boards have two.
#include <gtest/gtest.h>

#include <filesystem>

#include "board_access.hpp"
#include "board_wait.hpp"
#include "testing/await.hpp"
#include "testing/complaint.hpp"
#include "testing/folder.hpp"

namespace tinyhil::bench {
namespace {

std::string bench_text(const std::string& link, const std::string& name = "b1") {
  return "bench: desk\nboards: [{name: " + name + ", provenance: real, image: a.elf, link: {" + link +
         "}}]\n";
}

std::string key_in(const std::string& bench, const std::string& link, const std::string& name = "b1") {
  const Bench made = parse_bench(bench_text(link, name), bench);
  return board_key(made.file, made.boards.front());
}

std::string key_of(const std::string& link) { return key_in("/desk/bench.yaml", link); }

TEST(LockKey, OfATcpEndIsTheSameByAllNamesOfThisMachine) {
  const std::string key = key_of("driver: tcp, host: 127.0.0.1, port: 5555");
  EXPECT_EQ(key_of("driver: tcp, host: localhost, port: 5555"), key);
  EXPECT_EQ(key_of("driver: tcp, host: '::1', port: 5555"), key);
  EXPECT_EQ(key_of("driver: tcp, port: 5555"), key);  // this machine is meant when none is named
  EXPECT_NE(key_of("driver: tcp, port: 5556"), key);
  EXPECT_NE(key_of("driver: tcp, host: bench.example, port: 5555"), key);
}

TEST(LockKey, OfASerialPortIsTheSameByAllItsNames) {
  const test::TestFolder folder;
  const std::filesystem::path port = folder.write("ttyACM0", "");
  const std::filesystem::path link = port.parent_path() / "usb-FTDI";
  std::filesystem::create_symlink(port, link);
  EXPECT_EQ(key_of("driver: serial, port: " + link.string()),
            key_of("driver: serial, port: " + port.string()));
  EXPECT_NE(key_of("driver: serial, port: " + port.string() + "1"),
            key_of("driver: serial, port: " + port.string()));
}

TEST(LockKey, OfAPortThatIsNamedByItsDeviceStaysWhereverThatIsPluggedIn) {
  EXPECT_EQ(key_of("driver: serial, port: usb:A1"), "serial usb:A1");
  EXPECT_NE(key_of("driver: serial, port: usb:A1, interface: 1"), key_of("driver: serial, port: usb:A1"));
  EXPECT_EQ(key_of("driver: serial, port: /dev/fd"), "serial /dev/fd") << "a link, not followed";
}

TEST(LockKey, OfWhatBenchesShareDoesNotDependOnTheBench) {
  const std::string port = "driver: serial, port: /dev/ttyACM0";
  EXPECT_EQ(key_in("/desk/a.yaml", port, "m4"), key_in("/lab/b.yaml", port, "m7"));
  EXPECT_EQ(key_in("/desk/a.yaml", port, "m4"), key_in("/desk/a.yaml", port + ", baud: 9600", "m4"));
}

TEST(LockKey, OfABoardThatIsStartedForItsUserIsItsNameOnItsBench) {
  const std::string own = "driver: process, command: [cat]";
  EXPECT_EQ(key_in("/desk/a.yaml", own), key_in("/desk/../desk/a.yaml", own));
  EXPECT_NE(key_in("/desk/a.yaml", own, "m4"), key_in("/desk/a.yaml", own, "m7"));
  EXPECT_NE(key_in("/desk/a.yaml", own), key_in("/desk/b.yaml", own));
}

TEST(LockKey, IsMissingWhereNobodyElseCouldReachTheBoard) {
  const auto has_one = [](const std::string& link) {
    const Bench bench = parse_bench(bench_text(link), "/desk/bench.yaml");
    return board_access(bench.boards.front())->lock_key().has_value();
  };
  EXPECT_TRUE(has_one("driver: serial, port: /dev/ttyACM0"));
  EXPECT_TRUE(has_one("driver: tcp, port: 5555"));
  EXPECT_FALSE(has_one("driver: process, command: [cat]"));
  EXPECT_FALSE(has_one("driver: emulated, machine: mps2-an386"));
}

TEST(BoardHold, AMistakeInALinkIsToldBeforeAnyBoardIsHeld) {
  const std::string entries =
      "{name: a, provenance: process, link: {driver: process, command: [cat]}}, "
      "{name: b, provenance: real, link: {driver: serial, prot: /dev/ttyACM0}}";
  const Bench bench = parse_bench("bench: desk\nboards: [" + entries + "]\n", "/desk/bench.yaml");
  std::string holder;
  const auto elsewhere = BoardHold::try_take(board_key(bench.file, bench.board("a")), holder);
  ASSERT_TRUE(elsewhere);
  const std::vector<const Board*> both = {&bench.board("a"), &bench.board("b")};
  asio::io_context io(1);
  const Error error =
      test::error_of([&] { test::await(io, hold_boards(bench, both, std::chrono::steady_clock::now())); });
  EXPECT_EQ(error.kind(), ErrorKind::usage);
}

}  // namespace
}  // namespace tinyhil::bench
