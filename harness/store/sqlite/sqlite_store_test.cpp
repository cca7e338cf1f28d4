// SPDX-License-Identifier: Apache-2.0
// How the database keeps what run_store_test.cpp asks of every store.
#include "sqlite_store.hpp"

#include <gmock/gmock.h>

#include "connection.hpp"
#include "testing/database.hpp"

namespace tinyhil::store {
namespace {

using testing::HasSubstr;

using SqliteStoreTest = test::TestDatabase;

TEST_F(SqliteStoreTest, CountsTheRunsOfOlderVersionsByTheirTrials) {
  SqliteStore store = SqliteStore::open(file_, StoreAccess::read_write);
  store.begin_trial(store.begin_run(test::wake_word_run()), test::shipped_on_m4());
  RunRecord run = test::wake_word_run();
  run.vectors_digest = sha256("vectors");
  run.models = {{"again", sha256("model"), true}};
  EXPECT_EQ(store.run(store.begin_run(run))->models[0].earlier, 1u);
}

TEST_F(SqliteStoreTest, KeepsNoColumnOfWhichNoValueIsKnown) {
  SqliteStore store = SqliteStore::open(file_, StoreAccess::read_write);
  const std::int64_t trial = store.begin_trial(store.begin_run(test::wake_word_run()), test::shipped_on_m4());
  store.append(trial, test::rows_from(0, 1));
  store.append(trial, test::rows_of_known_origin());
  store.append(trial, test::rows_from(3, 1));
  Connection sql(file_, file_.string(), SQLITE_OPEN_READONLY);
  EXPECT_EQ(sql.integer("SELECT COUNT(*) FROM block WHERE received_us IS NULL AND run_index IS NULL"), 2);
}

TEST_F(SqliteStoreTest, StoresAnIdentityOnceHoweverManyTrialsReferToIt) {
  {
    SqliteStore store = SqliteStore::open(file_, StoreAccess::read_write);
    const std::int64_t run = store.begin_run(test::wake_word_run());
    TrialInfo slim = test::shipped_on_m4();
    slim.model = "slim";
    slim.model_digest = sha256("slim");
    store.begin_trial(run, test::shipped_on_m4());
    store.begin_trial(run, test::shipped_on_m4());
    store.begin_trial(run, slim);
  }
  Connection sql(file_, file_.string(), SQLITE_OPEN_READONLY);
  EXPECT_EQ(sql.integer("SELECT COUNT(*) FROM model"), 2);
  EXPECT_EQ(sql.integer("SELECT COUNT(*) FROM vector_set"), 1);
  EXPECT_EQ(sql.integer("SELECT COUNT(*) FROM board"), 1);
  EXPECT_EQ(sql.integer("SELECT COUNT(*) FROM image"), 1);
  EXPECT_EQ(sql.integer("SELECT COUNT(*) FROM tensor"), 2);
  EXPECT_EQ(sql.integer("SELECT COUNT(*) FROM trial"), 3);
}

TEST_F(SqliteStoreTest, ShowsTrialsToPeopleInAView) {
  {
    SqliteStore store = SqliteStore::open(file_, StoreAccess::read_write);
    const std::int64_t trial =
        store.begin_trial(store.begin_run(test::wake_word_run()), test::shipped_on_m4());
    store.append(trial, test::rows_from(0, 10));
    store.append(trial, test::rows_from(10, 7));
    store.add_fault(trial, {{FaultKind::reset, "it restarted", "", ""}, VectorNumber{3}, true});
    store.add_fault(trial, {{FaultKind::corrupt, "noise", "", ""}, {}, false});
    store.end_trial(trial, {});
  }
  Connection sql(file_, file_.string(), SQLITE_OPEN_READONLY);
  Statement view(sql,
                 "SELECT campaign, state, model, board, provenance, inferences, model_sha256, mode,"
                 " survived_faults FROM v_trial");
  ASSERT_TRUE(view.step());
  EXPECT_EQ(view.text(0), "wake-word");
  EXPECT_EQ(view.text(1), "complete");
  EXPECT_EQ(view.text(2), "shipped");
  EXPECT_EQ(view.text(3), "m4");
  EXPECT_EQ(view.text(4), "emulated");
  EXPECT_EQ(view.integer(5), 17);
  EXPECT_EQ(view.text(6), sha256("model").hex());
  EXPECT_EQ(view.text(7), "measure");
  EXPECT_EQ(view.integer(8), 2);
  EXPECT_FALSE(view.step());
}

TEST_F(SqliteStoreTest, ForbidsChangingOrDeletingFacts) {
  {
    SqliteStore store = SqliteStore::open(file_, StoreAccess::read_write);
    const std::int64_t trial =
        store.begin_trial(store.begin_run(test::wake_word_run()), test::shipped_on_m4());
    store.append(trial, test::rows_from(0, 10));
    store.add_fault(trial, {{FaultKind::reset, "it restarted", "", ""}, {}, true});
    store.end_trial(trial, {});
    store.end_run(1);
  }
  Connection sql(file_, file_.string(), SQLITE_OPEN_READWRITE);
  for (const std::string table : {"run", "run_end", "model", "vector_set", "image", "board", "tensor",
                                  "trial", "survived_fault", "trial_end", "block", "chain"}) {
    EXPECT_THROW(sql.execute(("DELETE FROM " + table).c_str()), Error) << table;
    EXPECT_THROW(sql.execute(("UPDATE " + table + " SET id = id + 1").c_str()), Error) << table;
    EXPECT_GT(sql.integer(("SELECT COUNT(*) FROM " + table).c_str()), 0) << table;
  }
}

TEST_F(SqliteStoreTest, NoticesABlockWhoseColumnWasCut) {
  SqliteStore store = SqliteStore::open(file_, StoreAccess::read_write);
  const std::int64_t run = store.begin_run(test::wake_word_run());
  const std::int64_t trial = store.begin_trial(run, test::shipped_on_m4());
  store.append(trial, test::rows_from(0, 10));
  Connection sql(file_, file_.string(), SQLITE_OPEN_READWRITE);
  sql.execute(
      "DROP TRIGGER no_UPDATE_of_block; PRAGMA ignore_check_constraints = ON;"
      "UPDATE block SET clock = zeroblob(39)");

  const Error error = test::error_of([&] { store.trials(run); });
  EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
  EXPECT_THAT(error.what(), HasSubstr("39 bytes, which are not 10 values of 4"));
}

}  // namespace
}  // namespace tinyhil::store
