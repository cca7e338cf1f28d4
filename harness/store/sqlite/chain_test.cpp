// SPDX-License-Identifier: Apache-2.0
#include "facts.hpp"

#include <gmock/gmock.h>

#include "store/fact_kinds.hpp"
#include "store/sqlite/internal/migrations.hpp"
#include "testing/database.hpp"

namespace tinyhil::store {
namespace {

using testing::HasSubstr;

class Chain : public test::TestDatabase {
 protected:
  // Two trials, three blocks, a survived fault, two ends, and the run's end.
  void store_a_run() {
    SqliteStore store = SqliteStore::open(file_, StoreAccess::read_write);
    const std::int64_t run = store.begin_run(test::wake_word_run());
    const std::int64_t trial = store.begin_trial(run, test::shipped_on_m4());
    store.append(trial, test::rows_from(0, 10));
    store.append(trial, test::rows_from(10, 10));
    store.add_fault(trial, {{FaultKind::reset, "it restarted", "pc 0x80", ""}, VectorNumber{3}, true});
    store.end_trial(trial, {});
    const std::int64_t other = store.begin_trial(run, test::shipped_on_m4());
    store.append(other, test::rows_from(0, 5));
    store.end_trial(other, {TrialState::faulted, Fault{FaultKind::timeout, "silence", "", ""}});
    store.end_run(run);
  }

  // As somebody with an editor for SQLite would.
  void tamper(const std::string& sql) {
    Connection connection(file_, file_.string(), SQLITE_OPEN_READWRITE);
    connection.execute("PRAGMA ignore_check_constraints = ON");
    for (const FactKind& kind : fact_kinds()) drop_triggers(connection, std::string(kind.name));
    drop_triggers(connection, "chain");
    connection.execute(sql.c_str());
  }

  static void drop_triggers(Connection& connection, const std::string& table) {
    for (const std::string verb : {"UPDATE", "DELETE"})
      connection.execute(("DROP TRIGGER no_" + verb + "_of_" + table).c_str());
  }

  std::string found() {
    const auto broken = SqliteStore::open(file_, StoreAccess::read_only).verify_chain(1);
    return broken ? broken->table + " " + std::to_string(broken->row) + ": " + broken->what : "whole";
  }

  std::string found_after(const std::string& sql) {
    std::filesystem::remove(file_);
    store_a_run();
    tamper(sql);
    return found();
  }
};

constexpr const char* kChanged = "the row is not the one that was stored";

TEST_F(Chain, IsWholeWhenNobodyTouchedTheRun) {
  store_a_run();
  EXPECT_EQ(found(), "whole");
}

TEST_F(Chain, NamesTheRowOfEachTableThatWasChanged) {
  EXPECT_EQ(found_after("UPDATE run SET host = 'another'"), std::string("run 1: ") + kChanged);
  EXPECT_EQ(found_after("UPDATE model SET size = size + 1"), std::string("model 1: ") + kChanged);
  EXPECT_EQ(found_after("UPDATE vector_set SET digest = zeroblob(32)"),
            std::string("vector_set 1: ") + kChanged);
  EXPECT_EQ(found_after("UPDATE image SET build = 'better'"), std::string("image 1: ") + kChanged);
  EXPECT_EQ(found_after("UPDATE board SET provenance = 'real'"), std::string("board 1: ") + kChanged);
  EXPECT_EQ(found_after("UPDATE tensor SET scale = 2 * scale WHERE id = 2"),
            std::string("tensor 2: ") + kChanged);
  EXPECT_EQ(found_after("UPDATE trial SET arena_used = 1 WHERE id = 2"), std::string("trial 2: ") + kChanged);
  EXPECT_EQ(found_after("UPDATE survived_fault SET of_the_device = 0"),
            std::string("survived_fault 1: ") + kChanged);
  EXPECT_EQ(found_after("UPDATE trial_end SET state = 'complete', fault_kind = NULL WHERE id = 2"),
            std::string("trial_end 2: ") + kChanged);
  EXPECT_THAT(found_after("UPDATE run_end SET ended_at = NULL"),
              HasSubstr(std::string("run_end 1: ") + kChanged));
}

TEST_F(Chain, FindsOneByteOfAnyColumnOfABlock) {
  for (const std::string column : {"vector", "repeat", "status", "clock", "timer", "outputs"}) {
    EXPECT_EQ(found_after("UPDATE block SET " + column + " = CAST(x'7f' || substr(" + column +
                          ", 2) AS BLOB) WHERE id = 2"),
              std::string("block 2: ") + kChanged)
        << column;
  }
}

TEST_F(Chain, MissesARowThatWasRemoved) {
  EXPECT_EQ(found_after("DELETE FROM block WHERE id = 2"), "block 2: the row is missing");
  EXPECT_EQ(found_after("DELETE FROM survived_fault"), "survived_fault 1: the row is missing");
}

TEST_F(Chain, SeesARowThatWasPutIn) {
  EXPECT_EQ(found_after("INSERT INTO trial_end (trial, state) VALUES (2, 'complete')"),
            "trial_end 3: the row has no link in the chain");
  EXPECT_EQ(found_after("INSERT INTO survived_fault SELECT 9, trial, vector, 0, kind, what, evidence, remedy,"
                        " at FROM survived_fault"),
            "survived_fault 9: the row has no link in the chain");
}

TEST_F(Chain, HasALinkForEachFurtherTensorOfAModel) {
  const auto found_of_several = [this](const std::string& sql) {
    std::filesystem::remove(file_);
    {
      SqliteStore store = SqliteStore::open(file_, StoreAccess::read_write);
      TrialInfo info = test::shipped_on_m4();
      info.output = TensorList({info.output.only(), info.input.only()});
      store.begin_trial(store.begin_run(test::wake_word_run()), info);
    }
    tamper(sql);
    return found();
  };
  EXPECT_THAT(found_of_several("UPDATE trial_tensor SET scale = 2 * scale"),
              HasSubstr(std::string("trial_tensor 1: ") + kChanged));
  EXPECT_EQ(found_of_several("DELETE FROM trial_tensor"), "trial_tensor 1: the row is missing");
  EXPECT_EQ(
      found_of_several("INSERT INTO trial_tensor SELECT 2, trial, role, 2, dtype, rank, dim0, dim1, dim2, "
                       "dim3, scale, zero_point FROM trial_tensor"),
      "trial_tensor 2: the row has no link in the chain");
}

TEST_F(Chain, KnowsAChangedLinkFromAChangedRow) {
  EXPECT_EQ(found_after("UPDATE chain SET digest = zeroblob(32) WHERE kind = 'block' AND row = 2"),
            "block 2: its link in the chain was changed");
  EXPECT_EQ(found_after("DELETE FROM chain WHERE kind = 'block' AND row = 1"),
            "block 1: the row has no link in the chain");
  EXPECT_EQ(found_after("UPDATE chain SET kind = 'sqlite_schema' WHERE kind = 'run_end'"),
            "run_end 1: the row has no link in the chain");
}

TEST_F(Chain, NoticesThatLinksWereMadeAgainByItsHead) {
  store_a_run();
  const Digest before = SqliteStore::open(file_, StoreAccess::read_only).chain_head(1);
  tamper("UPDATE block SET timer = zeroblob(40) WHERE id = 1; DELETE FROM chain");
  {
    Connection connection(file_, file_.string(), SQLITE_OPEN_READWRITE);
    link_all_runs(connection);
  }
  EXPECT_EQ(found(), "whole");
  EXPECT_NE(SqliteStore::open(file_, StoreAccess::read_only).chain_head(1), before);
}

TEST_F(Chain, GrowsWithEachFactAndIsOneARun) {
  SqliteStore store = SqliteStore::open(file_, StoreAccess::read_write);
  EXPECT_EQ(store.chain_head(1), Digest{});
  const std::int64_t run = store.begin_run(test::wake_word_run());
  const std::int64_t other = store.begin_run(test::wake_word_run());
  const Digest begun = store.chain_head(run);
  const Digest of_other = store.chain_head(other);
  const std::int64_t trial = store.begin_trial(run, test::shipped_on_m4());
  const Digest with_trial = store.chain_head(run);
  store.append(trial, test::rows_from(0, 1));
  EXPECT_NE(with_trial, begun);
  EXPECT_NE(store.chain_head(run), with_trial);
  EXPECT_EQ(store.chain_head(other), of_other);
  EXPECT_FALSE(store.verify_chain(run));
  EXPECT_FALSE(store.verify_chain(other));
}

TEST_F(Chain, DoesNotGrowWithABlockThatWasRefused) {
  SqliteStore store = SqliteStore::open(file_, StoreAccess::read_write);
  const std::int64_t run = store.begin_run(test::wake_word_run());
  const std::int64_t trial = store.begin_trial(run, test::shipped_on_m4());
  store.append(trial, test::rows_from(0, 10));
  const Digest head = store.chain_head(run);
  EXPECT_THROW(store.append(trial, test::rows_from(9, 10)), Error);
  EXPECT_EQ(store.chain_head(run), head);
  store.end_run(run);
  const Digest ended = store.chain_head(run);
  store.end_run(run);
  EXPECT_EQ(store.chain_head(run), ended);
}

// Whoever adds a table of facts lists it in fact_kinds.cpp. What says which model or vectors a file holds is
// no fact of a run.
TEST_F(Chain, CoversEveryTableThatRefusesChanges) {
  SqliteStore::open(file_, StoreAccess::read_write);
  Connection sql(file_, file_.string(), SQLITE_OPEN_READONLY);
  Statement tables(sql,
                   "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN "
                   "('chain', 'model_content', 'vector_content')");
  while (tables.step()) {
    EXPECT_TRUE(find_fact_kind(tables.text(0))) << tables.text(0);
  }
}

std::string name_in_sql(FieldType type) {
  switch (type) {
    case FieldType::integer:
      return "INTEGER";
    case FieldType::real:
      return "REAL";
    case FieldType::text:
      return "TEXT";
    case FieldType::bytes:
      return "BLOB";
  }
  return "";
}

// Whoever adds a column lists it there, too: no link covers one that is not listed.
TEST_F(Chain, CoversEveryColumnOfTheseTablesInTheOrderOfTheSchema) {
  SqliteStore::open(file_, StoreAccess::read_write);
  Connection sql(file_, file_.string(), SQLITE_OPEN_READONLY);
  for (const FactKind& kind : fact_kinds()) {
    std::vector<std::string> declared = {"id INTEGER"};
    for (const FactField& field : kind.fields)
      declared.push_back(std::string(field.name) + " " + name_in_sql(field.type));
    std::vector<std::string> stored;
    Statement columns(sql, "PRAGMA table_info(" + std::string(kind.name) + ")");
    while (columns.step()) stored.push_back(columns.text(1) + " " + columns.text(2));
    EXPECT_EQ(stored, declared) << kind.name;
  }
}

TEST_F(Chain, KnowsWhatAFieldRefersToAsTheSchemaDoes) {
  SqliteStore::open(file_, StoreAccess::read_write);
  Connection sql(file_, file_.string(), SQLITE_OPEN_READONLY);
  for (const FactKind& kind : fact_kinds()) {
    std::map<std::string, std::string> declared;
    for (const FactField& field : kind.fields)
      if (!field.refers_to.empty()) declared[std::string(field.name)] = field.refers_to;
    std::map<std::string, std::string> stored;
    Statement keys(sql, "PRAGMA foreign_key_list(" + std::string(kind.name) + ")");
    while (keys.step()) stored[keys.text(3)] = keys.text(2);
    EXPECT_EQ(stored, declared) << kind.name;
  }
}

}  // namespace
}  // namespace tinyhil::store
