// SPDX-License-Identifier: Apache-2.0
// The debug stub of a real QEMU, with a program of six instructions on its emulated Cortex-M4.
#include <gmock/gmock.h>

#include "on_gdb_server_test.hpp"
#include "testing/counting_program.hpp"

namespace tinyhil::probe {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using Bytes = std::vector<std::uint8_t>;

using test::kCounter;
using test::kLoop;
using test::kStart;

struct OnQemu : OnGdbServer {
  void SetUp() override {
    const std::string gdb = "tcp:127.0.0.1:" + std::to_string(settings.port);
    const std::string image = folder.write("program.bin", test::counting_program()).string();
    start("qemu", {"qemu-system-arm", "-machine", "mps2-an386", "-display", "none", "-serial", "none",
                   "-monitor", "none", "-S", "-gdb", gdb, "-kernel", image});
  }
};

TEST_F(OnQemu, TheCoreStandsWithItsRegisters) {
  EXPECT_FALSE(core->is_running());
  const auto registers = finish(core->registers());
  ASSERT_TRUE(registers) << registers.error().what;
  EXPECT_EQ(registers->at("pc"), kStart);
  EXPECT_EQ(registers->at("sp"), 0x20001000u);
  EXPECT_TRUE(registers->contains("xpsr"));
  ASSERT_TRUE(finish(core->write_register("r5", 0x12345678)));
  EXPECT_EQ(finish(core->registers()).value().at("r5"), 0x12345678u);
}

TEST_F(OnQemu, MemoryIsReadAsItWasWritten) {
  Bytes bytes;
  for (int i = 0; i < 10'000; ++i) bytes.push_back(static_cast<std::uint8_t>(i * 7));
  ASSERT_TRUE(finish(core->write(0x20000101, bytes)));
  EXPECT_EQ(finish(core->read(0x20000101, 10'000)).value(), bytes);
  EXPECT_EQ(finish(core->read(0xDEAD0000, 4)).error().kind, FaultKind::refused);
}

TEST_F(OnQemu, ItRunsAndIsHalted) {
  ASSERT_TRUE(finish(core->resume()));
  EXPECT_EQ(finish(core->wait_stop(milliseconds(50))).value(), std::nullopt);
  EXPECT_EQ(finish(core->read(kCounter, 4)).error().kind, FaultKind::refused);
  ASSERT_TRUE(finish(core->halt()));
  EXPECT_GT(counter(), 1000u);
}

TEST_F(OnQemu, ABreakpointStopsItAndAStepIsOneInstruction) {
  ASSERT_TRUE(finish(core->set_breakpoint(kLoop + 2, GdbRemote::Break::hardware)));
  ASSERT_TRUE(finish(core->resume()));
  EXPECT_EQ(finish(core->wait_stop(seconds(20))).value(), 5);
  EXPECT_EQ(pc(), kLoop + 2);
  EXPECT_EQ(counter(), 0u);
  ASSERT_TRUE(finish(core->step()));
  EXPECT_EQ(pc(), kLoop + 4);
  EXPECT_EQ(counter(), 1u);
  ASSERT_TRUE(finish(core->clear_breakpoint(kLoop + 2, GdbRemote::Break::hardware)));
  ASSERT_TRUE(finish(core->resume()));
  EXPECT_EQ(finish(core->wait_stop(milliseconds(50))).value(), std::nullopt);
}

TEST_F(OnQemu, AResetBringsItToItsFirstInstruction) {
  ASSERT_TRUE(finish(core->resume()));
  EXPECT_EQ(finish(core->wait_stop(milliseconds(20))).value(), std::nullopt);
  const auto reset = finish(core->reset_halt());
  ASSERT_TRUE(reset) << reset.error().what;
  EXPECT_EQ(pc(), kStart);
  ASSERT_TRUE(finish(core->reset_run()));
  EXPECT_TRUE(core->is_running());
}

TEST_F(OnQemu, ItsMonitorAnswersAndRefuses) {
  EXPECT_THAT(finish(core->monitor("info status")).value(), testing::HasSubstr("paused"));
  EXPECT_THAT(finish(core->monitor("no such words")).value(), testing::HasSubstr("unknown command"));
}

TEST_F(OnQemu, ItHasNoFlashToProgram) {
  FirmwareImage image;
  image.segments = {{0, {1}}};
  EXPECT_EQ(finish(core->flash(image)).error().kind, FaultKind::refused);
}

TEST_F(OnQemu, OneThatEndsIsGone) {
  process->kill();
  EXPECT_EQ(finish(core->read(0, 4)).error().kind, FaultKind::gone);
}

TEST_F(OnQemu, AfterDetachingItRunsAndTheNextOneConnects) {
  // Who connects at once may halt it before it has begun.
  for (const auto end = steady_clock::now() + seconds(20); counter() == 0 && steady_clock::now() < end;) {
    ASSERT_TRUE(finish(core->detach()));
    core.emplace(io.get_executor(), settings);
    ASSERT_TRUE(finish(core->connect()));
  }
  EXPECT_GT(counter(), 0u);
}

}  // namespace
}  // namespace tinyhil::probe
