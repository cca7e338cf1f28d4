// SPDX-License-Identifier: Apache-2.0
// Several processes and connections, and processes that die.
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>

#include "connection.hpp"
#include "model/inference_rows.hpp"
#include "testing/database.hpp"

namespace tinyhil::store {
namespace {

using testing::HasSubstr;

using ConcurrencyTest = test::TestDatabase;

TEST_F(ConcurrencyTest, TwoConnectionsCannotStoreTheSameResult) {
  SqliteStore one = SqliteStore::open(file_, StoreAccess::read_write);
  SqliteStore two = SqliteStore::open(file_, StoreAccess::read_write);
  const std::int64_t run = one.begin_run(test::wake_word_run());
  const std::int64_t trial = one.begin_trial(run, test::shipped_on_m4());
  one.append(trial, test::rows_from(0, 10));
  EXPECT_THAT(test::error_of([&] { two.append(trial, test::rows_from(5, 1)); }).what(),
              HasSubstr("stored already"));
  two.append(trial, test::rows_from(10, 10));
  EXPECT_THAT(test::error_of([&] { one.append(trial, test::rows_from(19, 1)); }).what(),
              HasSubstr("stored already"));
  EXPECT_EQ(one.trials(run).at(0).rows.size(), 20u);
}

TEST_F(ConcurrencyTest, AReaderSeesWhatAWriterHasCommitted) {
  SqliteStore writer = SqliteStore::open(file_, StoreAccess::read_write);
  const SqliteStore reader = SqliteStore::open(file_, StoreAccess::read_only);
  const std::int64_t run = writer.begin_run(test::wake_word_run());
  const std::int64_t trial = writer.begin_trial(run, test::shipped_on_m4());
  writer.append(trial, test::rows_from(0, 10));
  EXPECT_EQ(reader.trials(run).at(0).rows.size(), 10u);
}

TEST_F(ConcurrencyTest, AReaderSeesNothingOfWhatIsWrittenTogetherBeforeItIsAll) {
  SqliteStore writer = SqliteStore::open(file_, StoreAccess::read_write);
  const SqliteStore reader = SqliteStore::open(file_, StoreAccess::read_only);
  writer.together([&] {
    writer.begin_trial(writer.begin_run(test::wake_word_run()), test::shipped_on_m4());
    EXPECT_TRUE(reader.runs().empty());
  });
  EXPECT_EQ(reader.runs().size(), 1u);
}

TEST_F(ConcurrencyTest, GivesUpOnALockAfterFiveSecondsAndSaysWhy) {
  SqliteStore store = SqliteStore::open(file_, StoreAccess::read_write);
  Connection other(file_, file_.string(), SQLITE_OPEN_READWRITE);
  const Transaction lock(other);
  const auto start = std::chrono::steady_clock::now();
  const Error error = test::error_of([&] { store.begin_run(test::wake_word_run()); });
  EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
  EXPECT_THAT(error.what(), HasSubstr("locked"));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(15));
}

TEST_F(ConcurrencyTest, ProcessesThatOpenANewDatabaseTogetherAllSucceed) {
  std::array<pid_t, 6> children{};
  for (pid_t& child : children) {
    child = fork();
    if (child != 0) continue;
    try {
      SqliteStore::open(file_, StoreAccess::read_write).begin_run(test::wake_word_run());
      _exit(0);
    } catch (const std::exception& error) {
      fprintf(stderr, "%s\n", error.what());
      _exit(1);
    }
  }
  for (const pid_t child : children) {
    int status = 1;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(SqliteStore::open(file_, StoreAccess::read_only).runs().size(), children.size());
}

// Appends blocks of 10 and tells the parent after each one that is stored; never returns.
[[noreturn]] void append_for_ever(const std::filesystem::path& file, std::int64_t trial, std::uint32_t first,
                                  int tell) {
  SqliteStore store = SqliteStore::open(file, StoreAccess::read_write);
  for (std::uint32_t vector = first;; vector += 10) {
    store.append(trial, test::rows_from(vector, 10));
    if (write(tell, "+", 1) != 1) _exit(1);
  }
}

TEST_F(ConcurrencyTest, KilledInTheMiddleOfWritingItHoldsWholeBlocksAndResumes) {
  TrialInfo info = test::shipped_on_m4();
  info.vector_count = 10'000'000;
  SqliteStore setup = SqliteStore::open(file_, StoreAccess::read_write);
  const std::int64_t run = setup.begin_run(test::wake_word_run());
  const std::int64_t trial = setup.begin_trial(run, info);
  std::uint64_t told = 0;
  for (const int blocks_before_the_kill : {1, 7, 20}) {
    const auto next = static_cast<std::uint32_t>(setup.trials(run).at(0).rows.size());
    std::array<int, 2> pipe_ends{};
    ASSERT_EQ(pipe(pipe_ends.data()), 0);
    const pid_t child = fork();
    if (child == 0) append_for_ever(file_, trial, next, pipe_ends[1]);
    close(pipe_ends[1]);
    char mark = 0;
    for (int i = 0; i < blocks_before_the_kill; ++i) ASSERT_EQ(read(pipe_ends[0], &mark, 1), 1);
    told += static_cast<std::uint64_t>(blocks_before_the_kill);
    kill(child, SIGKILL);
    while (read(pipe_ends[0], &mark, 1) == 1) ++told;
    close(pipe_ends[0]);
    waitpid(child, nullptr, 0);

    const InferenceRows rows = SqliteStore::open(file_, StoreAccess::read_write).trials(run).at(0).rows;
    EXPECT_EQ(rows.size() % 10, 0u);
    EXPECT_GE(rows.size(), told * 10);
    for (std::uint32_t i = 0; i < rows.size(); ++i) ASSERT_EQ(rows.vector[i], i);
  }
}

}  // namespace
}  // namespace tinyhil::store
