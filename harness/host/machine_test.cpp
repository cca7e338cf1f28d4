// SPDX-License-Identifier: Apache-2.0
#include "machine.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "testing/folder.hpp"

namespace tinyhil::host {
namespace {

using testing::ElementsAre;

struct OnMachineFiles : testing::Test {
  test::TestFolder folder;
  Machine machine{folder.path()};
};

TEST_F(OnMachineFiles, RunningProgramsAreThoseOfProc) {
  folder.write("proc/12/comm", "ModemManager\n");
  folder.write("proc/7/comm", "bash\n");
  folder.write("proc/self-made/comm", "no process\n");
  EXPECT_THAT(running_programs(machine), ElementsAre("ModemManager", "bash"));
}

TEST_F(OnMachineFiles, ARuleForAVendorIsOneThatOpensItsDevices) {
  folder.write("lib/udev/rules.d/60-probe.rules", "ATTRS{idVendor}==\"0483\", MODE=\"660\"\n");
  folder.write("lib/udev/rules.d/61-comment.rules", "# ATTRS{idVendor}==\"1366\", MODE=\"660\"\n");
  folder.write("lib/udev/rules.d/62-other.rules", "ATTRS{idVendor}==\"1366\", ENV{X}=\"1\"\n");
  folder.write("lib/udev/rules.d/README", "ATTRS{idVendor}==\"1366\", MODE=\"660\"\n");
  EXPECT_EQ(udev_rule_for(machine, 0x0483), folder.path() / "lib/udev/rules.d/60-probe.rules");
  EXPECT_EQ(udev_rule_for(machine, 0x1366), std::nullopt);
  folder.write("etc/udev/rules.d/70-own.rules", "ATTRS{idVendor}==\"0483\", TAG+=\"uaccess\"\n");
  EXPECT_EQ(udev_rule_for(machine, 0x0483), folder.path() / "etc/udev/rules.d/70-own.rules");
}

TEST_F(OnMachineFiles, AMarkIsWhatUdevHasNoted) {
  folder.write("sys/a/dev", "189:4\n");
  folder.write("run/udev/data/c189:4", "E:ID_MM_DEVICE_IGNORE=1\n");
  EXPECT_TRUE(has_udev_mark(machine, machine.at("/sys/a"), "ID_MM_DEVICE_IGNORE"));
  EXPECT_FALSE(has_udev_mark(machine, machine.at("/sys/a"), "ID_MM"));
  EXPECT_FALSE(has_udev_mark(machine, machine.at("/sys/b"), "ID_MM_DEVICE_IGNORE"));
}

TEST_F(OnMachineFiles, AProgramIsAnExecutableFileOfTheFirstFolderThatHasOne) {
  folder.write("one/tool", "no program");
  ::chmod(folder.write("two/tool", "").c_str(), 0755);
  const std::string search = (folder.path() / "one").string() + ":" + (folder.path() / "two").string();
  EXPECT_EQ(find_program("tool", search), folder.path() / "two/tool");
  EXPECT_EQ(find_program("tool", ""), std::nullopt);
}

TEST_F(OnMachineFiles, AFileWhoseGroupMayNotUseItHasNoGroupToJoin) {
  const auto file = folder.write("dev/ttyACM0", "");
  ::chmod(file.c_str(), 0660);
  EXPECT_TRUE(group_that_may_use(file));
  ::chmod(file.c_str(), 0600);
  EXPECT_FALSE(group_that_may_use(file));
  EXPECT_FALSE(group_that_may_use(folder.path() / "none"));
}

TEST_F(OnMachineFiles, WhatIsMissingIsEmpty) {
  EXPECT_TRUE(running_programs(machine).empty());
  EXPECT_EQ(first_line(machine.at("/none")), "");
  EXPECT_EQ(first_line(folder.write("escape", "a\x1b[2J\nb")), "a\\u001b[2J");
}

}  // namespace
}  // namespace tinyhil::host
