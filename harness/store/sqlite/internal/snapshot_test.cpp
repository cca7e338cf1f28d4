// SPDX-License-Identifier: Apache-2.0
#include "snapshot.hpp"

#include <gmock/gmock.h>

#include "base/file_content.hpp"
#include "testing/database.hpp"

namespace tinyhil::store {
namespace {

using testing::HasSubstr;

class Snapshot : public test::TestDatabase {
 protected:
  Snapshot() : store_(SqliteStore::open(file_, StoreAccess::read_write)) {
    add_run("first");
    add_run("second");
  }

  void add_run(const std::string& model) {
    const std::int64_t run = store_.begin_run(test::wake_word_run());
    TrialInfo info = test::shipped_on_m4();
    info.model = model;
    info.model_digest = sha256(model);
    const std::int64_t trial = store_.begin_trial(run, info);
    store_.append(trial, test::rows_from(0, 10));
    store_.add_fault(trial, {{FaultKind::reset, "it restarted", "", ""}, VectorNumber{3}, true});
    store_.end_trial(trial, {});
    store_.end_run(run);
  }

  SqliteStore store_;
  std::filesystem::path copy_ = folder_ / "copy.db";
};

TEST_F(Snapshot, HoldsOneRunWithAllThatItRefersTo) {
  store_.snapshot(2, copy_);
  const SqliteStore copy = SqliteStore::open(copy_, StoreAccess::read_only);
  ASSERT_EQ(copy.runs().size(), 1u);
  EXPECT_EQ(copy.runs()[0].id, 2);
  ASSERT_EQ(copy.trials(2).size(), 1u);
  const Trial trial = copy.trials(2)[0];
  EXPECT_EQ(trial.info.model, "second");
  EXPECT_EQ(trial.state, TrialState::complete);
  EXPECT_EQ(trial.rows.size(), 10u);
  EXPECT_EQ(trial.survived.size(), 1u);
  Connection sql(copy_, copy_.string(), SQLITE_OPEN_READONLY);
  EXPECT_EQ(sql.integer("SELECT COUNT(*) FROM model"), 1);
}

TEST_F(Snapshot, KeepsTheChainAndItsHead) {
  store_.snapshot(2, copy_);
  const SqliteStore copy = SqliteStore::open(copy_, StoreAccess::read_only);
  EXPECT_FALSE(copy.verify_chain(2));
  EXPECT_EQ(copy.chain_head(2), store_.chain_head(2));
}

TEST_F(Snapshot, IsOneFileAndTheSameBytesEachTime) {
  store_.snapshot(1, copy_);
  store_.snapshot(1, folder_ / "again.db");
  EXPECT_FALSE(std::filesystem::exists(copy_.string() + "-wal"));
  EXPECT_EQ(read_file(copy_, 1 << 20, "copy"), read_file(folder_ / "again.db", 1 << 20, "copy"));
}

TEST_F(Snapshot, CarriesTamperedRowsAlongSoThatTheyAreFound) {
  Connection sql(file_, file_.string(), SQLITE_OPEN_READWRITE);
  sql.execute("INSERT INTO trial_end (trial, state) VALUES (1, 'complete')");
  store_.snapshot(1, copy_);
  const auto broken = SqliteStore::open(copy_, StoreAccess::read_only).verify_chain(1);
  ASSERT_TRUE(broken);
  EXPECT_EQ(broken->table, "trial_end");
  EXPECT_EQ(broken->row, 3);
}

TEST_F(Snapshot, HasTheSchemaOfTinyhilAndNothingElse) {
  store_.snapshot(1, copy_);
  EXPECT_EQ(SqliteStore::open(copy_, StoreAccess::read_only).unlike_schema(), std::nullopt);
  Connection sql(copy_, copy_.string(), SQLITE_OPEN_READWRITE);
  sql.execute("DROP TRIGGER no_UPDATE_of_block");
  EXPECT_EQ(SqliteStore::open(copy_, StoreAccess::read_only).unlike_schema(), "no_UPDATE_of_block");
  sql.execute("ALTER TABLE run_end RENAME TO hidden; CREATE VIEW run_end AS SELECT * FROM hidden");
  EXPECT_EQ(SqliteStore::open(copy_, StoreAccess::read_only).unlike_schema(), "hidden");
}

TEST_F(Snapshot, NeedsARunAndANewFile) {
  EXPECT_THAT(test::error_of([&] { store_.snapshot(7, copy_); }).what(), HasSubstr("no run 7"));
  EXPECT_THAT(test::error_of([&] { store_.snapshot(1, file_); }).what(), HasSubstr("there already"));
}

}  // namespace
}  // namespace tinyhil::store
