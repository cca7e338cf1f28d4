// SPDX-License-Identifier: Apache-2.0
#include "power_switch.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "base/error.hpp"
#include "board_access.hpp"
#include "testing/complaint.hpp"
#include "testing/folder.hpp"

namespace tinyhil::bench {
namespace {

using testing::HasSubstr;

class Switched : public testing::Test {
 protected:
  Board board_with(const std::string& power) const {
    const std::string link = "link: {driver: process, command: [cat]}";
    return load_bench(folder_.write(
                          "bench.yaml",
                          "bench: desk\nboards:\n  - name: a\n    provenance: process\n    " + link + power))
        .boards.front();
  }

  const test::TestFolder folder_;
};

TEST_F(Switched, ABoardWithoutPowerHasNoSwitch) { EXPECT_FALSE(board_power_switch(board_with("\n"))); }

TEST_F(Switched, RunsTheProgramBesideTheBenchFileWithItsArguments) {
  const auto noted = folder_.path() / "noted";
  const auto program = folder_.write("switch", "#!/bin/sh\necho \"$@\" > " + noted.string() + "\n");
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  const Board board = board_with("\n    power: {command: [./switch, cycle, 3]}\n");
  ASSERT_TRUE(board_power_switch(board)->cycle());
  std::string words;
  std::getline(std::ifstream(noted), words);
  EXPECT_EQ(words, "cycle 3");
}

TEST_F(Switched, AProgramThatFailsIsAFaultWithItsWords) {
  const Board board = board_with("\n    power: {command: [sh, -c, 'echo no such hub; exit 3']}\n");
  const Result<void> done = board_power_switch(board)->cycle();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, FaultKind::refused);
  EXPECT_THAT(done.error().evidence, HasSubstr("no such hub"));
}

TEST_F(Switched, AProgramThatDoesNotEndIsEnded) {
  const Board board = board_with("\n    power: {command: [sleep, 600], timeout: 50 ms}\n");
  const Result<void> done = board_power_switch(board)->cycle();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, FaultKind::timeout);
}

TEST_F(Switched, ItsMistakesAreSaidWhenTheBoardIsRead) {
  const auto mistake = [&](const std::string& power) {
    const Board board = board_with("\n    power: " + power + "\n");
    return std::string(test::error_of([&] { board_access(board); }).what());
  };
  EXPECT_THAT(mistake("{command: []}"), HasSubstr("needs `command`"));
  EXPECT_THAT(mistake("{command: [true], timeout: 0 s}"), HasSubstr("shorter than 1 ms"));
  EXPECT_THAT(mistake("{comand: [true]}"), HasSubstr("`comand`"));
}

}  // namespace
}  // namespace tinyhil::bench
