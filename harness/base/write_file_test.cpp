// SPDX-License-Identifier: Apache-2.0
#include "write_file.hpp"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>

#include "file_content.hpp"
#include "testing/complaint.hpp"
#include "testing/folder.hpp"

namespace tinyhil {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

class WriteFile : public testing::Test {
 protected:
  std::string text(const fs::path& file) const {
    const auto content = read_file(file, 1 << 20, "file");
    return {content.begin(), content.end()};
  }

  std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_.path()), {}));
  }

  test::TestFolder folder_;
};

TEST_F(WriteFile, MakesTheFolderAndReplacesAFile) {
  const fs::path file = folder_.path() / "a" / "b";
  write_file(file, "one");
  write_file(file, "two");
  EXPECT_EQ(text(file), "two");
  EXPECT_EQ(std::distance(fs::directory_iterator(file.parent_path()), {}), 1) << "nothing is left beside it";
}

TEST_F(WriteFile, GivesTheRightsThatTheUmaskLeaves) {
  const mode_t before = ::umask(027);
  write_file(folder_.path() / "file", "text");
  ::umask(before);
  EXPECT_EQ(fs::status(folder_.path() / "file").permissions(), fs::perms(0640));
}

TEST_F(WriteFile, LeavesLinksFoldersPipesAndDevicesAlone) {
  const fs::path target = folder_.write("target", "precious");
  fs::create_symlink(target, folder_.path() / "link");
  fs::create_directory(folder_.path() / "folder");
  ASSERT_EQ(::mkfifo((folder_.path() / "pipe").c_str(), 0600), 0);
  for (const char* name : {"link", "folder", "pipe"}) {
    const Error error = test::error_of([&] { write_file(folder_.path() / name, "text"); });
    EXPECT_EQ(error.kind(), ErrorKind::usage) << name;
    EXPECT_THAT(error.what(), HasSubstr("a link, folder, pipe or device is there")) << name;
  }
  EXPECT_EQ(text(target), "precious");
  EXPECT_TRUE(fs::is_symlink(folder_.path() / "link"));
  EXPECT_EQ(test::error_of([&] { write_file("/dev/null", "text"); }).kind(), ErrorKind::usage);
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(WriteFile, IsAnOutputErrorWhenTheFolderIsAFile) {
  const Error error = test::error_of([&] { write_file(folder_.write("file", "") / "name", "text"); });
  EXPECT_EQ(error.kind(), ErrorKind::output);
  EXPECT_THAT(error.what(), HasSubstr("Not a directory"));
}

TEST_F(WriteFile, KeepsTheOldFileWhenTheDiskIsFull) {
  const fs::path file = folder_.write("file", "old");
  const pid_t child = fork();  // a limit cannot be lifted again
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1000, 1000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    bool good = false;
    try {
      write_file(file, std::string(5000, 'x'));
    } catch (const Error& error) {
      good = error.kind() == ErrorKind::output;
    }
    ::_exit(good ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(text(file), "old");
  EXPECT_EQ(entries(), 1U) << "no part is left";
}

TEST_F(WriteFile, ReadingEndsAtOnceForPipesDevicesAndFolders) {
  ASSERT_EQ(::mkfifo((folder_.path() / "pipe").c_str(), 0600), 0);
  for (const fs::path& file : {folder_.path() / "pipe", folder_.path(), fs::path("/dev/zero")}) {
    for (const auto& reading : {std::function<void()>([&] { read_file(file, 100, "model file"); }),
                                std::function<void()>([&] { check_file(file, 100, "model file"); })}) {
      const Error error = test::error_of(reading);
      EXPECT_EQ(error.kind(), ErrorKind::usage) << file;
      EXPECT_THAT(error.what(), HasSubstr("the model file is not a regular file")) << file;
    }
  }
}

TEST_F(WriteFile, ReadingALoopOfLinksIsNotTakenForAMissingFile) {
  fs::create_symlink("b", folder_.path() / "a");
  fs::create_symlink("a", folder_.path() / "b");
  const Error error = test::error_of([&] { read_file(folder_.path() / "a", 100, "model file"); });
  EXPECT_THAT(error.what(), HasSubstr("levels of symbolic links"));
}

}  // namespace
}  // namespace tinyhil
