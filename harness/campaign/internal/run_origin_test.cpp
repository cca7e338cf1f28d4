// SPDX-License-Identifier: Apache-2.0
#include "run_origin.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <fstream>

#include "base/temporary_folder.hpp"

namespace tinyhil::campaign {
namespace {

constexpr const char* kCommit = "0123456789abcdef0123456789abcdef01234567";

// `git` is a script that a test writes.
class CommitOfFolder : public testing::Test {
 protected:
  CommitOfFolder() { ::setenv("PATH", (folder_.path().string() + ":" + path_).c_str(), 1); }
  ~CommitOfFolder() override { ::setenv("PATH", path_.c_str(), 1); }

  std::string commit_by(const std::string& script) {
    const std::filesystem::path git = folder_.path() / "git";
    std::ofstream(git) << "#!/bin/sh\n" << script << "\n";
    ::chmod(git.c_str(), 0755);
    return commit_of("somewhere");
  }

  const std::string path_ = ::getenv("PATH");
  const TemporaryFolder folder_;
};

TEST_F(CommitOfFolder, IsWhatGitSays) {
  EXPECT_EQ(commit_by(std::string("echo ") + kCommit), kCommit);
  EXPECT_EQ(commit_by(std::string("echo ") + kCommit + "-dirty"), std::string(kCommit) + "-dirty");
}

TEST_F(CommitOfFolder, IsAskedOfTheFolder) {
  EXPECT_EQ(commit_by(std::string("case \"$*\" in *'-C somewhere describe'*) echo ") + kCommit + ";; esac"),
            kCommit);
}

TEST_F(CommitOfFolder, IsEmptyWhereGitHasNone) {
  EXPECT_EQ(commit_by("echo 'fatal: not a git repository' >&2; exit 128"), "");
  EXPECT_EQ(commit_by(std::string("echo ") + kCommit + "; exit 1"), "") << "it failed";
}

TEST_F(CommitOfFolder, IsEmptyWhereTheAnswerIsNoCommit) {
  for (const char* answer : {"", "v1.2", "0123", "0123456789ABCDEF0123456789abcdef01234567"})
    EXPECT_EQ(commit_by(std::string("echo ") + answer), "") << answer;
  EXPECT_EQ(commit_by("while true; do echo 0123456789abcdef; done"), "") << "it never ends";
}

TEST_F(CommitOfFolder, IsEmptyWithoutGit) {
  ::setenv("PATH", folder_.path().c_str(), 1);
  EXPECT_EQ(commit_of("."), "");
}

TEST(RunOrigin, NamesMachineAndUser) {
  EXPECT_FALSE(machine_name().empty());
  EXPECT_FALSE(user_name().empty());
}

}  // namespace
}  // namespace tinyhil::campaign
