// SPDX-License-Identifier: Apache-2.0
#include "board_control.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "testing/complaint.hpp"
#include "testing/folder.hpp"

namespace tinyhil::bench {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

// A board that a stand-in for a tool programs, which notes its arguments, and a switch that notes that it was
// used.
class Controlled : public testing::Test {
 protected:
  Board board(const std::string& more = "") const {
    program("tool", "echo \"$@\" >> " + noted().string());
    const std::string text = "bench: desk\nboards:\n  - name: a\n    provenance: process\n" + more +
                             "    link: {driver: process, command: [cat]}\n";
    return load_bench(folder_.write("bench.yaml", text)).boards.front();
  }

  void program(const std::string& name, const std::string& line) const {
    std::filesystem::permissions(folder_.write(name, "#!/bin/sh\n" + line + "\n"),
                                 std::filesystem::perms::owner_all);
  }

  std::vector<std::string> notes() const {
    std::vector<std::string> lines;
    std::ifstream file(noted());
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }

  std::filesystem::path noted() const { return folder_.path() / "noted"; }

  static constexpr const char* kFlash = "    flash: {tool: probe-rs, chip: X, program: ./tool}\n";
  const test::TestFolder folder_;
};

TEST_F(Controlled, TheToolOfTheBenchResetsAndFlashes) {
  const auto image = folder_.write("agent.elf", "image");
  const auto control = board_control(board(kFlash));
  control->reset(probe::Target::Reset::run);
  const Flashed flashed = control->flash({image, Before::erase});
  EXPECT_THAT(notes(), ElementsAre("reset --chip X", "download --chip X --chip-erase " + image.string(),
                                   "reset --chip X"));
  EXPECT_TRUE(flashed.is_written);
  EXPECT_EQ(flashed.tool, (folder_.path() / "tool").string());
}

TEST_F(Controlled, TheSwitchOfTheBenchSwitchesItsSupply) {
  program("switch", "echo switched >> " + noted().string());
  board_control(board("    power: {command: [./switch]}\n"))->power_cycle();
  EXPECT_THAT(notes(), ElementsAre("switched"));
}

TEST_F(Controlled, WhatTheBenchHasNoMeansForIsAUsageError) {
  const auto control = board_control(board());
  EXPECT_THAT(test::complaint([&] { control->reset(probe::Target::Reset::run); }),
              AllOf(HasSubstr("board a"), HasSubstr("not reached by a debug probe")));
  EXPECT_THAT(test::complaint([&] { control->flash({}); }), HasSubstr("not reached by a debug probe"));
  EXPECT_THAT(test::complaint([&] { control->power_cycle(); }), HasSubstr("no power switch"));
  EXPECT_THAT(test::complaint([&] { board_control(board(kFlash))->reset(probe::Target::Reset::halt); }),
              HasSubstr("does not halt a board"));
}

TEST_F(Controlled, AToolThatFailsIsABenchFaultOfABoardThatWasTouched) {
  const auto control = board_control(board(kFlash));
  program("tool", "echo no target found; exit 3");
  try {
    control->reset(probe::Target::Reset::run);
    FAIL() << "nothing was thrown";
  } catch (const AfterBoard& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
    EXPECT_THAT(error.what(), HasSubstr("no target found"));
    EXPECT_THAT(error.where(), AllOf(HasSubstr("board a"), HasSubstr("tool")));
  }
}

}  // namespace
}  // namespace tinyhil::bench
