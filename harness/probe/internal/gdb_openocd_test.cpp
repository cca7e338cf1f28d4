// SPDX-License-Identifier: Apache-2.0
// The GDB server of the OpenOCD that is installed, at a simulated probe with an emulated board.
#include <gmock/gmock.h>

#include <boost/asio/post.hpp>
#include <thread>

#include "on_gdb_server_test.hpp"
#include "sim/probe/probe_bench.hpp"
#include "testing/counting_program.hpp"

namespace tinyhil::probe {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;
using Bytes = std::vector<std::uint8_t>;

// In a thread of its own: whoever uses it may wait.
class RunningProbe {
 public:
  RunningProbe() : bench_(io_.get_executor(), options()), thread_([this] { io_.run(); }) {}
  RunningProbe(const RunningProbe&) = delete;
  RunningProbe& operator=(const RunningProbe&) = delete;
  ~RunningProbe() {
    asio::post(io_, [this] { io_.stop(); });
    thread_.join();
  }
  std::string openocd_config() const { return bench_.openocd_config(); }

 private:
  static sim::ProbeBench::Options options() {
    sim::ProbeBench::Options options;
    options.serial = "GDB_TEST";
    options.board = {"qemu-system-arm",
                     "-M",
                     "mps2-an386",
                     "-accel",
                     "tcg",
                     "-icount",
                     "shift=5,sleep=off",
                     "-display",
                     "none",
                     "-monitor",
                     "none",
                     "-nodefaults",
                     "-nic",
                     "none",
                     "-chardev",
                     "null,id=line",
                     "-serial",
                     "chardev:line"};
    options.machine = "mps2-an386";
    const std::string program = test::counting_program();
    options.image = {{0, Bytes(program.begin(), program.end())}};
    options.ended = [](std::exception_ptr) {};
    return options;
  }

  asio::io_context io_{1};
  sim::ProbeBench bench_;
  std::thread thread_;
};

struct OnOpenOcd : OnGdbServer {
  void SetUp() override {
    const std::string config = folder.write("probe.cfg", board.openocd_config()).string();
    const std::string ports = "bindto 127.0.0.1; tcl_port disabled; telnet_port disabled; gdb_port " +
                              std::to_string(settings.port);
    start("openocd", {"openocd", "-f", config, "-c", ports});
  }

  RunningProbe board;
};

TEST_F(OnOpenOcd, MemoryIsReadAsItWasWrittenAlsoWhileTheCoreRuns) {
  Bytes bytes;
  for (int i = 0; i < 10'000; ++i) bytes.push_back(static_cast<std::uint8_t>(i * 7));
  ASSERT_TRUE(finish(core->write(0x20000101, bytes)));
  EXPECT_EQ(finish(core->read(0x20000101, 10'000)).value(), bytes);
  ASSERT_TRUE(finish(core->resume()));
  EXPECT_EQ(finish(core->read(0x20000101, 100)).value(), Bytes(bytes.begin(), bytes.begin() + 100));
  ASSERT_TRUE(finish(core->halt()));
}

TEST_F(OnOpenOcd, AResetABreakpointAndAStepAreWhereTheyShouldBe) {
  ASSERT_TRUE(finish(core->reset_halt()));
  EXPECT_EQ(pc(), test::kStart);
  ASSERT_TRUE(finish(core->set_breakpoint(test::kLoop, GdbRemote::Break::hardware)));
  ASSERT_TRUE(finish(core->resume()));
  EXPECT_EQ(finish(core->wait_stop(seconds(20))).value(), 5);
  EXPECT_EQ(pc(), test::kLoop);
  ASSERT_TRUE(finish(core->step()));
  EXPECT_EQ(pc(), test::kLoop + 2);
  ASSERT_TRUE(finish(core->clear_breakpoint(test::kLoop, GdbRemote::Break::hardware)));
}

TEST_F(OnOpenOcd, AfterDetachingTheCoreRuns) {
  ASSERT_TRUE(finish(core->reset_halt()));
  ASSERT_TRUE(finish(core->write(test::kCounter, {0, 0, 0, 0})));
  // Who connects at once may halt it before it has begun.
  for (const auto end = steady_clock::now() + seconds(20); counter() == 0 && steady_clock::now() < end;) {
    ASSERT_TRUE(finish(core->detach()));
    connect();
  }
  EXPECT_GT(counter(), 0u);
}

TEST_F(OnOpenOcd, ItsCommandsAnswerAndRefuse) {
  EXPECT_THAT(finish(core->monitor("echo {one two}")).value(), testing::HasSubstr("one two"));
  EXPECT_FALSE(finish(core->monitor("no_such_command")));
}

}  // namespace
}  // namespace tinyhil::probe
