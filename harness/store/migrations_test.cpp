// SPDX-License-Identifier: Apache-2.0
#include "migrations.hpp"

#include <gmock/gmock.h>

#include "open.hpp"
#include "test_database.hpp"

namespace tinyhil {
namespace {

using testing::HasSubstr;

using MigrationsTest = TestDatabase;

constexpr Migration kOne[] = {{1, "CREATE TABLE a (x)"}};
constexpr Migration kTwo[] = {{1, "CREATE TABLE a (x)"}, {2, "ALTER TABLE a ADD COLUMN y DEFAULT 7"}};
constexpr Migration kBroken[] = {{1, "CREATE TABLE a (x)"}, {2, "CREATE TABLE b (x); nonsense"}};

Connection create(const std::filesystem::path& file) {
  return Connection(file, file.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
}

TEST_F(MigrationsTest, BringAnOlderDatabaseForwardAndKeepItsRows) {
  Connection sql = create(file_);
  migrate(sql, kOne);
  sql.execute("INSERT INTO a VALUES (5)");
  migrate(sql, kTwo);
  EXPECT_EQ(sql.integer("PRAGMA user_version"), 2);
  EXPECT_EQ(sql.integer("PRAGMA application_id"), kApplicationId);
  EXPECT_EQ(sql.integer("SELECT x + y FROM a"), 12);
}

TEST_F(MigrationsTest, LeaveNothingBehindWhenAStepFails) {
  Connection sql = create(file_);
  migrate(sql, kOne);
  EXPECT_THROW(migrate(sql, kBroken), Error);
  EXPECT_EQ(sql.integer("PRAGMA user_version"), 1);
  EXPECT_EQ(sql.integer("SELECT COUNT(*) FROM sqlite_schema"), 1);
}

TEST_F(MigrationsTest, RefuseANewerDatabaseAndSayWhatToDo) {
  Store::open(file_, Store::Access::read_write);
  create(file_).execute("PRAGMA user_version = 99");
  for (const auto access : {Store::Access::read_write, Store::Access::read_only}) {
    const Error error = error_of([&] { Store::open(file_, access); });
    EXPECT_EQ(error.code(), ExitCode::usage);
    EXPECT_THAT(error.what(), HasSubstr("schema version 99"));
    EXPECT_EQ(error.where(), file_.string());
    EXPECT_THAT(error.remedy(), HasSubstr("newer tinyhil"));
  }
}

TEST_F(MigrationsTest, AreNotRunOnADatabaseOpenedForReading) {
  Store::open(file_, Store::Access::read_write);
  create(file_).execute("PRAGMA user_version = 0");
  const Error error = error_of([&] { Store::open(file_, Store::Access::read_only); });
  EXPECT_EQ(error.code(), ExitCode::usage);
  EXPECT_THAT(error.what(), HasSubstr("schema version 0"));
}

TEST_F(MigrationsTest, AreNumberedWithoutGapsFromOne) {
  std::int64_t expected = 1;
  for (const Migration& migration : migrations()) EXPECT_EQ(migration.version, expected++);
  EXPECT_GT(expected, 1);
}

}  // namespace
}  // namespace tinyhil
