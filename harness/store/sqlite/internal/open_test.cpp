// SPDX-License-Identifier: Apache-2.0
#include "open.hpp"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <functional>

#include "testing/database.hpp"

namespace tinyhil::store {
namespace {

using testing::HasSubstr;

using OpenTest = test::TestDatabase;

// In a child process, because the tests may run as root, whom no file permission stops, and because limits
// of a process cannot be lifted again. True when `body` returned true.
bool in_child(const std::function<bool()>& body) {
  const pid_t child = fork();
  if (child == 0) {
    bool good = false;
    try {
      good = body();
    } catch (const std::exception& error) {
      fprintf(stderr, "%s\n", error.what());
    }
    _exit(good ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool drop_privileges() {
  constexpr uid_t kNobody = 65534;
  return geteuid() != 0 || setuid(kNobody) == 0;
}

TEST_F(OpenTest, MakesTheFileAndItsFolders) {
  const auto deep = folder_ / "a" / "b" / "results.db";
  SqliteStore::open(deep, StoreAccess::read_write);
  EXPECT_TRUE(std::filesystem::exists(deep));
}

TEST_F(OpenTest, SaysSoWhenTheFolderCannotBeMade) {
  std::ofstream(folder_ / "file") << "in the way";
  const Error error =
      test::error_of([&] { SqliteStore::open(folder_ / "file" / "results.db", StoreAccess::read_write); });
  EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
  EXPECT_THAT(error.what(), HasSubstr("folder cannot be made"));
}

TEST_F(OpenTest, DoesNotMakeADatabaseOnlyToReadIt) {
  const Error error = test::error_of([&] { SqliteStore::open(file_, StoreAccess::read_only); });
  EXPECT_EQ(error.kind(), ErrorKind::usage);
  EXPECT_THAT(error.what(), HasSubstr("there is no such database"));
  EXPECT_EQ(error.where(), file_.string());
  EXPECT_FALSE(std::filesystem::exists(file_));
}

TEST_F(OpenTest, RefusesAFileThatIsNoDatabaseAndLeavesItAlone) {
  const std::string text(5000, 'x');
  std::ofstream(file_) << text;
  for (const auto access : {StoreAccess::read_write, StoreAccess::read_only}) {
    const Error error = test::error_of([&] { SqliteStore::open(file_, access); });
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_THAT(error.what(), HasSubstr("no SQLite database"));
  }
  EXPECT_EQ(std::filesystem::file_size(file_), text.size());
}

TEST_F(OpenTest, RefusesADatabaseOfAnotherProgramAndLeavesItAlone) {
  Connection(file_, file_.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE).execute("CREATE TABLE t (a)");
  const Error error = test::error_of([&] { SqliteStore::open(file_, StoreAccess::read_write); });
  EXPECT_EQ(error.kind(), ErrorKind::usage);
  EXPECT_THAT(error.what(), HasSubstr("not one of tinyhil"));
  Connection other(file_, file_.string(), SQLITE_OPEN_READONLY);
  EXPECT_EQ(other.integer("SELECT COUNT(*) FROM sqlite_schema"), 1);
}

TEST_F(OpenTest, RefusesAFolderAPipeAndADeviceAtOnce) {
  const auto pipe = folder_ / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  for (const std::filesystem::path& file : {folder_, pipe, std::filesystem::path("/dev/null")}) {
    for (const auto access : {StoreAccess::read_write, StoreAccess::read_only}) {
      const Error error = test::error_of([&] { SqliteStore::open(file, access); });
      EXPECT_EQ(error.kind(), ErrorKind::usage) << file;
      EXPECT_THAT(error.what(), HasSubstr("not a regular file")) << file;
    }
  }
}

TEST_F(OpenTest, RefusesToWriteThroughAReadOnlyStore) {
  SqliteStore::open(file_, StoreAccess::read_write);
  SqliteStore store = SqliteStore::open(file_, StoreAccess::read_only);
  const Error error = test::error_of([&] { store.begin_run(test::wake_word_run()); });
  EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
  EXPECT_THAT(error.what(), HasSubstr("read-only"));
}

TEST_F(OpenTest, ReadsButDoesNotWriteAFileThatMayNotBeWritten) {
  SqliteStore::open(file_, StoreAccess::read_write).begin_run(test::wake_word_run());
  std::filesystem::permissions(file_, std::filesystem::perms(0444));
  std::filesystem::permissions(folder_, std::filesystem::perms(0555));
  EXPECT_TRUE(in_child([&] {
    return drop_privileges() && SqliteStore::open(file_, StoreAccess::read_only).runs().size() == 1;
  }));
  EXPECT_TRUE(in_child([&] {
    if (!drop_privileges()) return false;
    try {
      SqliteStore::open(file_, StoreAccess::read_write);
      return false;
    } catch (const Error& error) {
      return error.kind() == ErrorKind::bench_fault &&
             std::string(error.what()).find("read-only") != std::string::npos;
    }
  }));
  std::filesystem::permissions(folder_, std::filesystem::perms(0755));
}

TEST_F(OpenTest, ReadsAFileWhoseNameHoldsCharactersOfAUri) {
  const auto odd = folder_ / "50% #1?.db";
  SqliteStore::open(odd, StoreAccess::read_write).begin_run(test::wake_word_run());
  std::filesystem::permissions(odd, std::filesystem::perms(0444));
  std::filesystem::permissions(folder_, std::filesystem::perms(0555));
  EXPECT_TRUE(in_child([&] {
    return drop_privileges() && SqliteStore::open(odd, StoreAccess::read_only).runs().size() == 1;
  }));
  std::filesystem::permissions(folder_, std::filesystem::perms(0755));
}

TEST_F(OpenTest, SaysThatTheDiskIsFullAndKeepsWhatWasStored) {
  Connection connection = open_for_writing(file_);
  const std::int64_t pages = connection.integer("PRAGMA page_count");
  connection.integer(("PRAGMA max_page_count = " + std::to_string(pages + 2)).c_str());
  const Error error = test::error_of([&] {
    Transaction transaction(connection);
    connection.execute("INSERT INTO vector_set (digest, count) VALUES (zeroblob(32), 1)");
    connection.execute("CREATE TABLE big AS SELECT zeroblob(100000) AS b");
    transaction.commit();
  });
  EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
  EXPECT_THAT(error.what(), HasSubstr("disk is full"));
  EXPECT_EQ(connection.integer("SELECT COUNT(*) FROM vector_set"), 0);
}

TEST_F(OpenTest, RollsBackABlockThatTheDiskDidNotTake) {
  EXPECT_TRUE(in_child([&] {
    SqliteStore store = SqliteStore::open(file_, StoreAccess::read_write);
    TrialInfo info = test::shipped_on_m4();
    info.vector_count = 1'000'000;
    const std::int64_t run = store.begin_run(test::wake_word_run());
    const std::int64_t trial = store.begin_trial(run, info);
    store.append(trial, test::rows_from(0, 100));
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1 << 20, 1 << 20};
    setrlimit(RLIMIT_FSIZE, &limit);
    try {
      store.append(trial, test::rows_from(100, 500'000));
      return false;
    } catch (const Error& error) {
      return error.kind() == ErrorKind::bench_fault && store.trials(run).at(0).rows.size() == 100;
    }
  }));
  SqliteStore store = SqliteStore::open(file_, StoreAccess::read_write);
  EXPECT_EQ(store.trials(1).at(0).rows.size(), 100u);
}

}  // namespace
}  // namespace tinyhil::store
