// SPDX-License-Identifier: Apache-2.0
// For tests: an OpenOCD with testdata/fake_target.tcl for a target.
#pragma once

#include <sys/types.h>

#include <fstream>

#include "probe/openocd.hpp"
#include "testing/folder.hpp"

namespace tinyhil::test {

class FakeOpenOcd {
 public:
  probe::OpenOcdSettings settings() const {
    probe::OpenOcdSettings settings;
    settings.config = {TINYHIL_SOURCE_DIR "/harness/probe/testdata/fake_target.tcl"};
    settings.commands = {"fake_begin " + folder_.path().string()};
    settings.serial = "F1";
    return settings;
  }

  pid_t pid() const {
    pid_t pid = 0;
    std::ifstream(folder_.path() / "pid") >> pid;
    return pid;
  }

  void say(const std::string& name) const { folder_.write(name, ""); }

 private:
  TestFolder folder_;
};

}  // namespace tinyhil::test
