// SPDX-License-Identifier: Apache-2.0
#include "job_process.hpp"

#include <gmock/gmock.h>
#include <stdlib.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <csignal>
#include <fstream>
#include <iterator>

#include "base/error.hpp"
#include "testing/complaint.hpp"
#include "testing/folder.hpp"

namespace tinyhil::daemon {
namespace {

using testing::HasSubstr;

class AJob : public testing::Test {
 protected:
  JobCommand shell(const std::string& script) const {
    return {{"/bin/sh", "-c", script}, folder_.path() / "out", folder_.path() / "log"};
  }
  int run(const std::string& script, int signal = 0) {
    JobProcess process(io_.get_executor(), shell(script));
    if (signal != 0) process.send(signal);
    int code = -1;
    asio::co_spawn(io_, process.ended(), [&](std::exception_ptr thrown, int ended) {
      EXPECT_FALSE(thrown);
      code = ended;
    });
    io_.restart();
    io_.run();
    return code;
  }
  std::string content(const char* name) const {
    std::ifstream stream(folder_.path() / name);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  const test::TestFolder folder_;
  asio::io_context io_{1};
};

TEST_F(AJob, TellsTheExitCodeOrTheSignal) {
  EXPECT_EQ(run("exit 3"), 3);
  EXPECT_EQ(run("exec sleep 60", SIGKILL), 128 + SIGKILL);
}

TEST_F(AJob, WritesItsOutputAnewAndItsLogOn) {
  run("echo one; echo first >&2");
  run("echo two; echo second >&2");
  EXPECT_EQ(content("out"), "two\n");
  EXPECT_EQ(content("log"), "first\nsecond\n");
}

TEST_F(AJob, DoesNotKnowOfTheLeaseOfWhoStartedTheDaemon) {
  ::setenv("TINYHIL_DAEMON", "unix:/elsewhere", 1);
  ::setenv("TINYHIL_LOCKS", "/locks", 1);
  run("echo \"${TINYHIL_DAEMON:-none} $TINYHIL_LOCKS\"");
  ::unsetenv("TINYHIL_DAEMON");
  ::unsetenv("TINYHIL_LOCKS");
  EXPECT_EQ(content("out"), "none /locks\n");
}

TEST_F(AJob, SaysWhyItCannotStart) {
  const JobCommand command{{"/no/such/program"}, folder_.path() / "out", folder_.path() / "log"};
  const Error error = test::error_of([&] { JobProcess(io_.get_executor(), command); });
  EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
  EXPECT_THAT(error.what(), HasSubstr("No such file"));
}

TEST_F(AJob, IsGoneWithItsObject) {
  const std::string note = (folder_.path() / "note").string();
  { const JobProcess process(io_.get_executor(), shell("sleep 60; echo late > " + note)); }
  EXPECT_FALSE(std::filesystem::exists(note));
}

}  // namespace
}  // namespace tinyhil::daemon
