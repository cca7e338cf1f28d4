// SPDX-License-Identifier: Apache-2.0
#include "migrations.hpp"

#include <gmock/gmock.h>

#include "model/inference_rows.hpp"
#include "open.hpp"
#include "testing/database.hpp"

namespace tinyhil::store {
namespace {

using testing::HasSubstr;

using MigrationsTest = test::TestDatabase;

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
  SqliteStore::open(file_, StoreAccess::read_write);
  create(file_).execute("PRAGMA user_version = 99");
  for (const auto access : {StoreAccess::read_write, StoreAccess::read_only}) {
    const Error error = test::error_of([&] { SqliteStore::open(file_, access); });
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_THAT(error.what(), HasSubstr("schema version 99"));
    EXPECT_EQ(error.where(), file_.string());
    EXPECT_THAT(error.remedy(), HasSubstr("newer tinyhil"));
  }
}

TEST_F(MigrationsTest, AreNotRunOnADatabaseOpenedForReading) {
  SqliteStore::open(file_, StoreAccess::read_write);
  create(file_).execute("PRAGMA user_version = 0");
  const Error error = test::error_of([&] { SqliteStore::open(file_, StoreAccess::read_only); });
  EXPECT_EQ(error.kind(), ErrorKind::usage);
  EXPECT_THAT(error.what(), HasSubstr("schema version 0"));
}

// As the first version of tinyhil wrote it.
constexpr const char* kFirstVersion = R"sql(
INSERT INTO run VALUES (1, 'wake-word', 'campaign.yaml', zeroblob(32), 'desk', zeroblob(32),
  '2026-11-23T14:05:09Z', 'Linux', '0.1.0');
INSERT INTO model VALUES (1, zeroblob(32), 53936);
INSERT INTO vector_set VALUES (1, zeroblob(32), 1000);
INSERT INTO image VALUES (1, zeroblob(32), 'reference', '0.1.0', 9000, 2000);
INSERT INTO board VALUES (1, 'm4', 'mps2-an386', '0001', 'emulated', 'cmsdk-timer0', 25000000, 1000000);
INSERT INTO tensor VALUES (1, 'int8', 2, 1, 2, 1, 1, 0.5, -128);
INSERT INTO trial VALUES (1, 1, 1, 'shipped', 1, 1, 1, 1, 1, 1, 22000, '2026-11-23T14:05:10Z');
INSERT INTO block VALUES (1, 1, 7, 7, 1, 2, x'07000000', x'0000', x'00', x'e8030000', x'03000000', x'0102');
INSERT INTO trial_end VALUES (1, 1, 'interrupted', NULL, NULL, NULL, NULL, '2026-11-23T14:06:00Z');
)sql";

TEST_F(MigrationsTest, KeepWhatTheFirstVersionStored) {
  {
    Connection sql = create(file_);
    migrate(sql, migrations().first(1));
    sql.execute(kFirstVersion);
  }
  SqliteStore store = SqliteStore::open(file_, StoreAccess::read_write);
  ASSERT_EQ(store.trials(1).size(), 1u);
  const Trial trial = store.trials(1)[0];
  EXPECT_EQ(trial.state, TrialState::interrupted);
  EXPECT_EQ(trial.info.model, "shipped");
  EXPECT_EQ(trial.info.arena_used, 22'000u);
  EXPECT_EQ(trial.info.output.only().zero_point, -128);
  EXPECT_EQ(trial.info.mode, RunMode::measure);
  EXPECT_EQ(trial.info.top_k, 0);
  EXPECT_TRUE(trial.survived.empty());
  EXPECT_EQ(trial.rows.vector.at(0), 7u);
  EXPECT_EQ(trial.rows.clock.at(0), 1000u);
  const InferenceRows rows = store.rows(trial.id);
  EXPECT_EQ(rows.size(), 1u);
  EXPECT_TRUE(rows.device_run.empty() && rows.run_index.empty() && rows.received_us.empty());
  EXPECT_EQ(create(file_).integer("PRAGMA user_version"), migrations().back().version);
  EXPECT_EQ(create(file_).integer("SELECT inferences + survived_faults FROM v_trial"), 1);
}

TEST_F(MigrationsTest, TakeARunOfTheFirstVersionAsEnded) {
  {
    Connection sql = create(file_);
    migrate(sql, migrations().first(1));
    sql.execute(kFirstVersion);
  }
  SqliteStore store = SqliteStore::open(file_, StoreAccess::read_write);
  EXPECT_TRUE(store.latest_run("wake-word"));
  EXPECT_FALSE(store.unfinished_run("wake-word", Digest{}));
  EXPECT_EQ(create(file_).integer("SELECT COUNT(*) FROM run_end WHERE ended_at IS NULL"), 1);
  store.begin_run(test::wake_word_run());
  EXPECT_TRUE(store.unfinished_run("wake-word", test::wake_word_run().campaign_digest));
}

TEST_F(MigrationsTest, LinkWhatWasStoredBeforeThereWasAChain) {
  {
    Connection sql = create(file_);
    migrate(sql, migrations().first(1));
    sql.execute(kFirstVersion);
  }
  SqliteStore store = SqliteStore::open(file_, StoreAccess::read_write);
  EXPECT_NE(store.chain_head(1), Digest{});
  EXPECT_FALSE(store.verify_chain(1));
  EXPECT_EQ(create(file_).integer("SELECT COUNT(*) FROM chain"), 10);
}

// A column that a later step adds is NULL in the rows that are there (docs/formats/facts.md).
TEST_F(MigrationsTest, AfterTheChainBreakNoLink) {
  {
    Connection sql = create(file_);
    migrate(sql, migrations().first(1));
    sql.execute(kFirstVersion);
    migrate(sql, migrations().first(3));
  }
  EXPECT_FALSE(SqliteStore::open(file_, StoreAccess::read_write).verify_chain(1));
}

TEST_F(MigrationsTest, AskForAWriterWhenTheFirstVersionIsOnlyRead) {
  {
    Connection sql = create(file_);
    migrate(sql, migrations().first(1));
  }
  const Error error = test::error_of([&] { SqliteStore::open(file_, StoreAccess::read_only); });
  EXPECT_THAT(error.what(), HasSubstr("schema version 1, which must be migrated to "));
}

TEST_F(MigrationsTest, AreNumberedWithoutGapsFromOne) {
  std::int64_t expected = 1;
  for (const Migration& migration : migrations()) EXPECT_EQ(migration.version, expected++);
  EXPECT_GT(expected, 1);
}

}  // namespace
}  // namespace tinyhil::store
