// SPDX-License-Identifier: Apache-2.0
// The OpenOCD that is installed, with a target in its own Tcl behind it.
#include "openocd.hpp"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <csignal>

#include "base/error.hpp"
#include "base/file_content.hpp"
#include "probe/internal/kept_log.hpp"
#include "testing/await.hpp"
#include "testing/complaint.hpp"
#include "testing/fake_openocd.hpp"
#include "testing/folder.hpp"

namespace tinyhil::probe {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

struct OnAFakeTarget : testing::Test {
  Result<std::string> call(const std::string& command, milliseconds limit = milliseconds(20'000)) {
    return test::await(io, openocd->call(command, limit));
  }

  test::FakeOpenOcd target;
  asio::io_context io{1};
  std::unique_ptr<OpenOcd> openocd = OpenOcd::start(io.get_executor(), target.settings());
};

TEST_F(OnAFakeTarget, ACommandHasItsResult) {
  EXPECT_EQ(call("expr 6*7").value(), "42");
  EXPECT_EQ(call("set x {two words}").value(), "two words");
  EXPECT_EQ(call("read_memory 0x20000020 32 2").value(), "0x47474553 0x52205245");
  EXPECT_EQ(call("string length [string repeat x 100000]").value(), "100000");
}

TEST_F(OnAFakeTarget, ACommandThatFailsIsRefusedAndTheNextGoesOn) {
  const auto refused = call("no_such_command");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, FaultKind::refused);
  EXPECT_THAT(refused.error().what, HasSubstr("no_such_command"));
  EXPECT_TRUE(call("expr 1"));
}

TEST_F(OnAFakeTarget, OneThatWasKilledIsGone) {
  ::kill(target.pid(), SIGKILL);
  const auto gone = call("expr 1");
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().kind, FaultKind::gone);
  EXPECT_THAT(gone.error().evidence, HasSubstr("signal 9"));
  EXPECT_EQ(call("expr 1").error().kind, FaultKind::gone);
}

TEST_F(OnAFakeTarget, OneThatHangsIsATimeoutAndStaysOne) {
  ::kill(target.pid(), SIGSTOP);
  EXPECT_EQ(call("expr 1", milliseconds(50)).error().kind, FaultKind::timeout);
  ::kill(target.pid(), SIGCONT);
  EXPECT_EQ(call("expr 2").error().kind, FaultKind::timeout) << "its answer might be that to the first";
}

TEST_F(OnAFakeTarget, AnAnswerThatIsNoneIsCorrupt) {
  EXPECT_EQ(call("proc list {args} {return nonsense}").error().kind, FaultKind::corrupt);
  EXPECT_EQ(call("expr 1").error().kind, FaultKind::corrupt);
}

TEST_F(OnAFakeTarget, NothingIsLeftBehind) {
  const pid_t pid = target.pid();
  ASSERT_EQ(::kill(pid, 0), 0);
  openocd.reset();
  EXPECT_EQ(::kill(pid, 0), -1);
}

TEST_F(OnAFakeTarget, AHungOneIsEndedToo) {
  const pid_t pid = target.pid();
  ::kill(pid, SIGSTOP);
  openocd.reset();
  EXPECT_EQ(::kill(pid, 0), -1);
}

TEST_F(OnAFakeTarget, ItsLogIsKeptWithoutTheAnswers) {
  ASSERT_TRUE(call("echo {hello there}; set x {0x1 0x2}"));
  EXPECT_THAT(openocd->log(), HasSubstr("hello there"));
  EXPECT_THAT(openocd->log(), testing::Not(HasSubstr("0x1 0x2")));
}

TEST_F(OnAFakeTarget, TheLogOfOneThatFailsIsKeptAndNamedOnce) {
  const test::TestFolder folder;
  OpenOcdSettings settings = target.settings();
  settings.kept_log = folder.path() / "faults/m4-1.log";
  for (const char* said : {"first words", "second words"}) {
    openocd = OpenOcd::start(io.get_executor(), settings);
    ASSERT_TRUE(call("echo {" + std::string(said) + "}"));
    EXPECT_FALSE(call("no_such_command")) << "which is no failure of it";
    ::kill(target.pid(), SIGKILL);
    EXPECT_THAT(call("expr 1").error().evidence, HasSubstr("; its log is in " + settings.kept_log.string()));
    EXPECT_THAT(call("expr 1").error().evidence, testing::Not(HasSubstr("its log")));
  }
  const std::vector<std::uint8_t> kept = read_file(settings.kept_log, 1 << 20, "log");
  const std::string text(kept.begin(), kept.end());
  EXPECT_LT(text.find("---- OpenOCD on probe F1, "), text.find("first words"));
  EXPECT_LT(text.find("first words"), text.find("second words"));
  EXPECT_NE(text.find("second words"), std::string::npos);
}

TEST(KeptLog, IsBounded) {
  const test::TestFolder folder;
  const std::filesystem::path file = folder.path() / "log";
  EXPECT_EQ(add_log(file, "a", "the first"), "");
  EXPECT_EQ(add_log(file, "a", std::string(kKeptLogMost, 'x')), "");
  EXPECT_LT(std::filesystem::file_size(file), 100u);
}

TEST(KeptLog, ThatCannotBeWrittenSaysWhy) {
  const test::TestFolder folder;
  folder.write("file", "");
  EXPECT_NE(add_log(folder.path() / "file/log", "a", "b"), "");
}

Error error_with(const OpenOcdSettings& settings, milliseconds limit = milliseconds(20'000)) {
  asio::io_context io(1);
  return test::error_of([&] { OpenOcd::start(io.get_executor(), settings, limit); });
}

TEST(OpenOcdStart, NamesTheProbeAndWhatIsWrong) {
  const test::FakeOpenOcd target;
  OpenOcdSettings settings = target.settings();
  settings.config = {"interface/no-such-probe.cfg"};
  const test::TestFolder folder;
  settings.kept_log = folder.path() / "m4-1.log";
  const Error error = error_with(settings);
  EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
  EXPECT_EQ(error.where(), "OpenOCD on probe F1");
  EXPECT_THAT(error.what(), HasSubstr("no-such-probe.cfg"));
  EXPECT_THAT(error.what(), HasSubstr("; its log is in " + settings.kept_log.string()));
  EXPECT_GT(std::filesystem::file_size(settings.kept_log), 0u);
}

TEST(OpenOcdStart, WithoutTheProgramSaysSo) {
  const test::FakeOpenOcd target;
  OpenOcdSettings settings = target.settings();
  settings.program = "/no/such/openocd";
  EXPECT_EQ(error_with(settings).kind(), ErrorKind::bench_fault);
}

TEST(OpenOcdStart, WithoutACoreBehindTheProbeFails) {
  const test::FakeOpenOcd target;
  OpenOcdSettings settings = target.settings();
  settings.commands.emplace_back("set fake_examined 0");
  EXPECT_THAT(error_with(settings).what(), HasSubstr("reaches no core"));
}

TEST(OpenOcdStart, EndsAtItsLimit) {
  const test::FakeOpenOcd target;
  OpenOcdSettings settings = target.settings();
  settings.commands.emplace_back("while {1} {}");
  EXPECT_THAT(error_with(settings, milliseconds(200)).what(), HasSubstr("in time"));
}

}  // namespace
}  // namespace tinyhil::probe
