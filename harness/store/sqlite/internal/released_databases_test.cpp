// SPDX-License-Identifier: Apache-2.0
// Databases that tinyhil of older schema versions wrote (testdata/README.md).
#include <gmock/gmock.h>

#include <algorithm>
#include <iomanip>
#include <map>
#include <sstream>

#include "base/file_content.hpp"
#include "migrations.hpp"
#include "model/inference_rows.hpp"
#include "open.hpp"
#include "testing/database.hpp"

namespace tinyhil::store {
namespace {

using testing::ElementsAreArray;
using testing::HasSubstr;

namespace fs = std::filesystem;

struct Released {
  int schema;
  std::vector<std::string> runs;    // oldest first
  std::vector<std::string> trials;  // as describe() has them
};

const std::string kShipped = "shipped on b1: complete, 48 rows, 0 quarantined, 0 faults, first 80 08 f8";
const std::string kSlim = "slim on b1: complete, 48 rows, 0 quarantined, 0 faults, first 80 94 6c";
const std::string kShippedOnB2 = "shipped on b2: complete, 48 rows, 0 quarantined, 0 faults, first 80 08 f8";
const std::string kSlimOnB2 = "slim on b2: complete, 48 rows, 0 quarantined, 0 faults, first 80 94 6c";
const std::string kModelOne =
    "one on b3: complete, 12 rows, 1 quarantined, 2 faults, first 8a 8b 8c 8d 8e 8f 90 91 92 93 94 95";
const std::string kModelTwo =
    "two on b3: complete, 12 rows, 1 quarantined, 2 faults, first e7 e8 e9 ea eb ec ed ee ef f0 f1 f2";
const std::string kShippedDrawn =
    "shipped on b1: complete, 16 rows, 0 quarantined, 0 faults, first 80 81 7f, 16 drawn";
const std::string kSlimDrawn =
    "slim on b1: complete, 16 rows, 0 quarantined, 0 faults, first 80 80 7f, 16 drawn";
const std::string kShippedDrawnBy8 =
    "shipped on b1: complete, 16 rows, 0 quarantined, 0 faults, first 80 7f 80, 16 drawn";
const std::string kSlimDrawnBy8 =
    "slim on b1: complete, 16 rows, 0 quarantined, 0 faults, first 82 7e 80, 16 drawn";
const std::string kShippedDrawnBy12 =
    "shipped on b1: complete, 16 rows, 0 quarantined, 0 faults, first 80 80 7f, 16 drawn";
const std::string kSlimDrawnBy12 =
    "slim on b1: complete, 16 rows, 0 quarantined, 0 faults, first 80 80 7f, 16 drawn";
const std::string kShippedDrawnBy13 =
    "shipped on b1: complete, 16 rows, 0 quarantined, 0 faults, first ff d9 a7, 16 drawn";
const std::string kSlimDrawnBy13 =
    "slim on b1: complete, 16 rows, 0 quarantined, 0 faults, first 6c 91 83, 16 drawn";
const std::string kControl = ", control";
const std::string kDrawn =
    "drawn by order random, stop never, claim unseen, min_vectors 8, max_vectors 16 from seed ";

const Released kReleased[] = {
    {1,
     {"1 small", "2 crashing"},
     {"1 " + kShipped, "1 " + kSlim, "2 one on b3: faulted, 0 rows, 0 quarantined, 0 faults"}},
    {2, {"1 small", "2 crashing"}, {"1 " + kShipped, "1 " + kSlim, "2 " + kModelOne, "2 " + kModelTwo}},
    {3, {"1 small", "2 crashing"}, {"1 " + kShipped, "1 " + kSlim, "2 " + kModelOne, "2 " + kModelTwo}},
    {4,
     {"1 small", "2 crashing", "3 " + kDrawn + "6939508113842020100"},
     {"1 " + kShipped, "1 " + kSlim, "1 " + kShipped + kControl, "2 " + kModelOne, "2 " + kModelTwo,
      "2 " + kModelOne + kControl, "3 " + kShippedDrawn, "3 " + kSlimDrawn, "3 " + kShippedDrawn + kControl}},
    {5,
     {"1 small", "2 crashing", "3 exact b1 b2", "4 " + kDrawn + "6939508113842020100"},
     {"1 " + kShipped, "1 " + kSlim, "1 " + kShipped + kControl, "2 " + kModelOne, "2 " + kModelTwo,
      "2 " + kModelOne + kControl, "3 " + kShippedOnB2, "3 " + kShipped, "3 " + kSlimOnB2, "3 " + kSlim,
      "3 " + kShippedOnB2 + kControl, "3 " + kShipped + kControl, "4 " + kShippedDrawn, "4 " + kSlimDrawn,
      "4 " + kShippedDrawn + kControl}},
    {8,
     {"1 small", "2 " + kDrawn + "6661849585248166"},
     {"1 " + kShipped, "1 " + kSlim, "1 " + kShipped + kControl, "2 " + kShippedDrawnBy8,
      "2 " + kSlimDrawnBy8, "2 " + kShippedDrawnBy8 + kControl}},
    {12,
     {"1 small", "2 " + kDrawn + "6181134056268865"},
     {"1 " + kShipped, "1 " + kSlim, "1 " + kShipped + kControl, "2 " + kShippedDrawnBy12,
      "2 " + kSlimDrawnBy12, "2 " + kShippedDrawnBy12 + kControl}},
    {13,
     {"1 small", "2 " + kDrawn + "4990028359360204"},
     {"1 " + kShipped, "1 " + kSlim, "1 " + kShipped + kControl, "2 " + kShippedDrawnBy13,
      "2 " + kSlimDrawnBy13, "2 " + kShippedDrawnBy13 + kControl}},
};

// The first 8 bytes of the heads of their runs' chains, oldest run first. Links of schemas 1 and 2 are made
// by the migration, those of the others were in the file.
const std::map<int, std::vector<std::string>> kHeads = {
    {1, {"d9aee8e4975dcff6", "452b5b8d86205503"}},
    {2, {"71df0d6163e5de28", "6d59d865480874e9"}},
    {3, {"28b08135e2d3549b", "b1869fdb8fff1406"}},
    {4, {"5414b815caf7799d", "26208fbfa87864d7", "2625785bbe18e2e3"}},
    {5, {"fcaa65c426eb4b9f", "4187da5fa8983556", "838595043824cd28", "8f43784716f7ed0e"}},
    {8, {"4bc0e69bab7d9c37", "fdf9d14d2d961c5e"}},
    {12, {"efd388430874064c", "043af0f7705d4e96"}},
    {13, {"baba93c8a16e6395", "3b5738da15749581"}},
};

std::ostream& operator<<(std::ostream& out, const Released& released) {
  return out << "schema " << released.schema;
}

std::string hex(std::span<const std::uint8_t> bytes) {
  std::ostringstream text;
  for (const std::uint8_t byte : bytes) text << " " << std::hex << std::setfill('0') << std::setw(2) << +byte;
  return text.str();
}

std::string describe(std::int64_t run, const Trial& trial) {
  const InferenceRows& rows = trial.rows;
  std::ostringstream text;
  text << run << " " << trial.info.model << " on " << trial.info.board.name << ": " << to_string(trial.state)
       << ", " << rows.size() << " rows, " << std::count(rows.status.begin(), rows.status.end(), 4)
       << " quarantined, " << trial.survived.size() << " faults";
  if (rows.size() > 0) text << ", first" << hex(std::span(rows.outputs).first(rows.output_size));
  if (trial.drawn) text << ", " << *trial.drawn << " drawn";
  if (trial.info.role == TrialRole::control) text << kControl;
  return text.str();
}

std::string describe(const RunRecord& run) {
  std::string text = std::to_string(run.id) + " " + run.campaign;
  for (const std::string& board : run.boards) text += " " + board;
  if (!run.sampling) return text;
  return text + " by " + to_text(*run.sampling) + " from seed " + std::to_string(run.order_seed);
}

class ReleasedDatabase : public test::TestDatabase, public testing::WithParamInterface<Released> {
 protected:
  ReleasedDatabase() {
    const fs::path kept = fs::path(TINYHIL_SOURCE_DIR) / "harness/store/sqlite/testdata";
    fs::copy_file(kept / ("schema_" + std::to_string(GetParam().schema) + ".db"), file_);
  }

  std::vector<RunRecord> runs(const SqliteStore& store) const {
    std::vector<RunRecord> oldest_first = store.runs();
    std::reverse(oldest_first.begin(), oldest_first.end());
    return oldest_first;
  }

  void expect_what_was_written(const SqliteStore& store) const {
    std::vector<std::string> found_runs;
    std::vector<std::string> found_trials;
    for (const RunRecord& run : runs(store)) {
      found_runs.push_back(describe(run));
      for (const Trial& trial : store.trials(run.id)) found_trials.push_back(describe(run.id, trial));
      EXPECT_FALSE(store.verify_chain(run.id)) << run.id;
    }
    EXPECT_THAT(found_runs, ElementsAreArray(GetParam().runs));
    EXPECT_THAT(found_trials, ElementsAreArray(GetParam().trials));
  }

  std::int64_t integer(const char* sql) {
    return Connection(file_, file_.string(), SQLITE_OPEN_READONLY).integer(sql);
  }

  std::vector<std::uint8_t> bytes() const { return read_file(file_, 1 << 20, "database"); }
};

TEST_P(ReleasedDatabase, IsOfTheVersionThatItsNameSays) {
  EXPECT_EQ(integer("PRAGMA user_version"), GetParam().schema);
}

TEST_P(ReleasedDatabase, HoldsAfterItsMigrationWhatWasWritten) {
  const SqliteStore store = SqliteStore::open(file_, StoreAccess::read_write);
  EXPECT_EQ(integer("PRAGMA user_version"), migrations().back().version);
  EXPECT_EQ(store.unlike_schema(), std::nullopt);
  expect_what_was_written(store);
}

TEST_P(ReleasedDatabase, IsLeftAloneByReadersUntilItIsMigrated) {
  const std::vector<std::uint8_t> before = bytes();
  const Error error = test::error_of([&] { SqliteStore::open(file_, StoreAccess::read_only); });
  EXPECT_EQ(error.kind(), ErrorKind::usage);
  EXPECT_THAT(error.what(),
              HasSubstr("schema version " + std::to_string(GetParam().schema) + ", which must be"));
  EXPECT_EQ(bytes(), before);
}

TEST_P(ReleasedDatabase, IsChangedByTheFirstOpeningOnly) {
  std::vector<Digest> heads;
  for (const RunRecord& run : runs(SqliteStore::open(file_, StoreAccess::read_write)))
    heads.push_back(SqliteStore::open(file_, StoreAccess::read_only).chain_head(run.id));
  const std::vector<std::uint8_t> migrated = bytes();
  for (const RunRecord& run : runs(SqliteStore::open(file_, StoreAccess::read_write)))
    EXPECT_EQ(SqliteStore::open(file_, StoreAccess::read_only).chain_head(run.id), heads.at(run.id - 1));
  EXPECT_EQ(bytes(), migrated);
  expect_what_was_written(SqliteStore::open(file_, StoreAccess::read_only));
}

TEST_P(ReleasedDatabase, HasTheHeadsOfChainsThatEveryVersionFinds) {
  const SqliteStore store = SqliteStore::open(file_, StoreAccess::read_write);
  std::vector<std::string> found;
  for (const RunRecord& run : runs(store)) found.push_back(store.chain_head(run.id).hex().substr(0, 16));
  EXPECT_THAT(found, ElementsAreArray(kHeads.at(GetParam().schema)));
}

TEST_P(ReleasedDatabase, TakesNewFactsBesideTheOldOnes) {
  SqliteStore store = SqliteStore::open(file_, StoreAccess::read_write);
  const std::int64_t run = store.begin_run(test::wake_word_run());
  const std::int64_t trial = store.begin_trial(run, test::shipped_on_m4());
  store.append(trial, test::rows_from(0, 10));
  store.add_fault(trial, {{FaultKind::reset, "it restarted", "", ""}, VectorNumber{3}, true});
  store.end_trial(trial, {});
  store.end_run(run);
  EXPECT_EQ(run, static_cast<std::int64_t>(GetParam().runs.size()) + 1);
  EXPECT_EQ(store.rows(trial).size(), 10u);
  EXPECT_EQ(store.trials(1).at(0).rows.size(), 48u);
  for (const RunRecord& each : store.runs()) EXPECT_FALSE(store.verify_chain(each.id)) << each.id;
}

TEST_P(ReleasedDatabase, GivesEachRunAsADatabaseOfItsOwn) {
  const SqliteStore store = SqliteStore::open(file_, StoreAccess::read_write);
  for (const RunRecord& run : runs(store)) {
    const fs::path copy = folder_ / (std::to_string(run.id) + ".db");
    store.snapshot(run.id, copy);
    EXPECT_FALSE(SqliteStore::open(copy, StoreAccess::read_only).verify_chain(run.id)) << run.id;
  }
}

// What verify does with the database of a bundle.
TEST_P(ReleasedDatabase, IsMigratedAsACopyWhereItsSchemaIsOurs) {
  EXPECT_TRUE(SqliteStore::upgrade_copy(file_));
  EXPECT_FALSE(SqliteStore::upgrade_copy(file_));
  expect_what_was_written(SqliteStore::open(file_, StoreAccess::read_only));
}

TEST_P(ReleasedDatabase, IsNotMigratedAsACopyWhereSomethingOfAStrangerWouldRun) {
  Connection(file_, file_.string(), SQLITE_OPEN_READWRITE)
      .execute("CREATE TRIGGER theirs AFTER INSERT ON run BEGIN SELECT 1; END");
  const std::vector<std::uint8_t> before = bytes();
  const Error error = test::error_of([&] { SqliteStore::upgrade_copy(file_); });
  EXPECT_EQ(error.where(), file_.string() + ": theirs");
  EXPECT_EQ(bytes(), before);
}

INSTANTIATE_TEST_SUITE_P(OfSchema, ReleasedDatabase, testing::ValuesIn(kReleased),
                         [](const auto& released) { return std::to_string(released.param.schema); });

}  // namespace
}  // namespace tinyhil::store
