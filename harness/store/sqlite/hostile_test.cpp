// SPDX-License-Identifier: Apache-2.0
// Rows that tinyhil never stores, in a file that is otherwise one of its own: whoever reads them gets an
// Error that says what is out of bounds.
#include <gmock/gmock.h>

#include "connection.hpp"
#include "testing/database.hpp"
#include "testing/recording.hpp"

namespace tinyhil::store {
namespace {

using testing::HasSubstr;

class Hostile : public test::TestDatabase {
 protected:
  Hostile() {
    SqliteStore store = SqliteStore::open(file_, StoreAccess::read_write);
    const std::int64_t run = store.begin_run(test::wake_word_run());
    for (const char* model : {"shipped", "slim"}) {
      TrialInfo info = test::shipped_on_m4();
      info.model = model;
      const std::int64_t trial = store.begin_trial(run, info);
      store.append(trial, test::rows_from(0, 10));
      store.add_fault(trial, {{FaultKind::reset, "it restarted", "", ""}, VectorNumber{3}, true});
      store.end_trial(trial, {TrialState::complete, std::nullopt, 10});
    }
    const std::int64_t recording = store.begin_recording(run, {"m4", test::bench_meter()});
    const MeasuredWindow window = test::inference_window("slim", 3, 1e-4);
    store.add_windows(recording, std::span(&window, 1));
    store.end_recording(recording, {RecordingState::lost, Fault{FaultKind::gone, "unplugged", "", ""}});
    store.add_failed_attempt(run, {{"m4"}, "bench", "the port is gone"});
    store.end_run(run);
  }

  // As somebody who can write to the file.
  void forge(const std::string& sql) {
    Connection connection(file_, file_.string(), SQLITE_OPEN_READWRITE);
    connection.execute("PRAGMA ignore_check_constraints = ON");
    connection.execute("PRAGMA foreign_keys = OFF");
    for (const char* table :
         {"run", "vector_set", "board", "tensor", "trial", "trial_end", "block", "survived_fault", "model",
          "chain", "trial_tensor", "recording", "energy_window", "recording_end", "failed_attempt"}) {
      connection.execute(("DROP TRIGGER IF EXISTS no_UPDATE_of_" + std::string(table)).c_str());
      connection.execute(("DROP TRIGGER IF EXISTS no_DELETE_of_" + std::string(table)).c_str());
    }
    connection.execute(sql.c_str());
  }

  Error complaint() {
    return test::error_of([&] {
      const SqliteStore store = SqliteStore::open(file_, StoreAccess::read_only);
      store.runs();
      store.trials(1);
      store.recordings(1);
    });
  }
};

struct Forgery {
  const char* sql;
  const char* words;
};

constexpr Forgery kForgeries[] = {
    {"UPDATE block SET vector = CAST(substr(vector, 1, 36) || x'e8030000' AS BLOB) WHERE id = 1",
     "row of vector 1000"},
    {"UPDATE block SET vector = CAST(substr(vector, 1, 36) || x'ffffffff' AS BLOB) WHERE id = 1",
     "row of vector 4294967295"},
    {"UPDATE block SET vector = zeroblob(40) WHERE id = 1", "there twice"},
    {"UPDATE block SET repeat = CAST(x'ffff' || substr(repeat, 3) AS BLOB) WHERE id = 1",
     "row of repeat 65535"},
    {"UPDATE block SET status = CAST(x'05' || substr(status, 2) AS BLOB) WHERE id = 1", "unknown status 5"},
    {"UPDATE block SET n = 4611686018427387904, vector = x'', repeat = x'', status = x'', clock = x'', timer "
     "= x'',"
     " outputs = x'' WHERE id = 1",
     "0 bytes, which are not 4611686018427387904 values"},
    {"UPDATE block SET n = -1 WHERE id = 1", "which are not"},
    {"UPDATE block SET n = 1099511627776 WHERE id = 1", "which are not 1099511627776 values"},
    {"UPDATE block SET output_size = 4611686018427387904 WHERE id = 1", "fewer outputs than it says"},
    {"UPDATE block SET outputs = x'0000' WHERE id = 1", "which are not 20 values"},
    {"INSERT INTO block (trial, first_vector, last_vector, n, output_size, vector, repeat, status, clock, "
     "timer,"
     " outputs) SELECT 1, 0, 9, n, 1, vector, repeat, status, clock, timer, zeroblob(10) FROM block WHERE id "
     "= 2",
     "differ in output size"},
    {"UPDATE tensor SET rank = 200", "`rank` is 200"},
    {"UPDATE tensor SET dim1 = 0", "`dim1` is 0"},
    {"UPDATE tensor SET dim0 = 4294967295, dim1 = 4294967295, dim2 = 4294967295, dim3 = 4294967295, rank = 4",
     "a tensor of 18446744073709551615 bytes"},
    {"UPDATE tensor SET scale = 9e999", "`scale` is inf"},
    {"UPDATE tensor SET scale = -1.0", "`scale` is -1"},
    {"UPDATE tensor SET dtype = 'nope'", "unknown word `nope`"},
    {"UPDATE board SET clock_hz = -1", "`clock_hz` is -1"},
    {"UPDATE board SET clock_hz = 4294967296", "`clock_hz` is 4294967296"},
    {"UPDATE board SET name = 'b' || char(10)", "`name` is a name with control characters"},
    {"UPDATE board SET kind = CAST(zeroblob(1000000) AS TEXT)", "`kind` is a text of 1000000 bytes"},
    {"UPDATE trial SET repeats = 2147483647", "`repeats` is 2147483647 where 1 to 1000 can be"},
    {"UPDATE trial SET top_k = 65535", "`top_k` is 65535"},
    {"UPDATE trial SET arena_used = -1", "`arena_used` is -1"},
    {"UPDATE trial SET model_name = 'shipped'", "model `shipped` is there twice on board `m4`"},
    {"UPDATE trial SET role = 'judge'", "unknown word `judge`"},
    {"UPDATE model SET size = -1", "`size` is -1"},
    {"UPDATE vector_set SET count = 1125899906842624", "`count` is 1125899906842624"},
    {"UPDATE vector_set SET count = 5", "`drawn` is 10"},
    {"UPDATE trial_end SET drawn = 0", "`drawn` is 0"},
    {"UPDATE trial_end SET drawn = 1152921504606846976", "`drawn` is 1152921504606846976"},
    {"UPDATE trial_end SET state = 'faulted'", "faulted without a fault"},
    {"UPDATE trial_end SET fault_kind = 'mood'", "unknown word `mood`"},
    {"UPDATE survived_fault SET vector = 1000", "`vector` is 1000"},
    {"INSERT INTO trial_tensor VALUES (1, 1, 'input', 2, 'int8', 1, 4, 1, 1, 1, 0.0, 0)",
     "row 1 of trial_tensor: it is not the one after the 1 before it"},
    {"INSERT INTO trial_tensor VALUES (1, 1, 'input', 8, 'int8', 1, 4, 1, 1, 1, 0.0, 0)", "`position` is 8"},
    {"INSERT INTO trial_tensor VALUES (1, 1, 'input', 1, 'int8', 0, 4, 0, 1, 1, 0.0, 0)", "`dim1` is 0"},
    {"INSERT INTO trial_tensor VALUES (1, 1, 'weight', 1, 'int8', 1, 4, 1, 1, 1, 0.0, 0)",
     "its role is `weight`"},
    {"INSERT INTO trial_tensor VALUES (1, 1, 'output', 1, 'int8', 1, 1073741824, 1, 1, 1, 0.0, 0)",
     "tensors of 1073741826 bytes"},
    {"UPDATE trial SET top_k = 2 WHERE id = 1;"
     "INSERT INTO trial_tensor VALUES (1, 1, 'output', 1, 'int8', 1, 4, 1, 1, 1, 0.0, 0)",
     "the largest of several outputs"},
    {"UPDATE recording SET rate_hz = 9e999", "recording 1: its number 10 is inf"},
    {"UPDATE recording SET ranges = zeroblob(40)", "its ranges are not four numbers each"},
    {"UPDATE recording SET ranges = zeroblob(3200)", "a list of it has 3200 bytes"},
    {"UPDATE recording SET voltage = 'guess'", "unknown word `guess`"},
    {"UPDATE energy_window SET length_s = -1", "energy window 1: its number 12 is below zero"},
    {"UPDATE energy_window SET missing_s = 2", "more than all of it is missing"},
    {"UPDATE energy_window SET range_shares = zeroblob(8)", "a list of it is not three numbers each"},
    {"UPDATE energy_window SET vector = NULL", "its kind does not go with its model and vector"},
    {"UPDATE energy_window SET layer_ends = x'0200000001000000'", "its layers end in no order"},
    {"UPDATE energy_window SET layer_shares = x'000000000000f87f'", "holds what is no number"},
    {"UPDATE energy_window SET layer_shares = zeroblob(24)",
     "its layers are not those that the device told of"},
    {"UPDATE recording_end SET state = 'fine'", "unknown word `fine`"},
    {"UPDATE failed_attempt SET boards = CAST(zeroblob(1000000) AS TEXT)",
     "row 1 of failed_attempt: `boards` is a text of 1000000 bytes"},
    {"UPDATE failed_attempt SET failure_class = 'b' || char(10)", "`failure_class` is a name with control"},
    {"UPDATE failed_attempt SET what = CAST(zeroblob(2000000) AS TEXT)", "`what` is a text of 2000000 bytes"},
    {"WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < 100)"
     " INSERT INTO failed_attempt (run, boards, failure_class, what) SELECT 1, '', '', '' FROM i",
     "row 101 of failed_attempt: the run has more than 100 of them"},
    {"UPDATE run SET boards = 'b1,b1'", "it names a board twice"},
    {"WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < 1001)"
     " UPDATE run SET boards = (SELECT group_concat('b' || n) FROM i)",
     "more than 1000 boards"},
    {"WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < 100000)"
     " UPDATE run SET boards = (SELECT group_concat('b' || n) FROM i)",
     "`boards` is a text of"},
    {"UPDATE run SET started_at = CAST(zeroblob(1000000) AS TEXT)",
     "`started_at` is a text of 1000000 bytes"},
    {"UPDATE run SET campaign_digest = x'00'", "a digest is not 32 bytes long"},
};

TEST_F(Hostile, RowsOutOfBoundsAreAnErrorThatNamesThem) {
  std::filesystem::copy(file_, folder_ / "whole.db");
  for (const Forgery& forgery : kForgeries) {
    for (const char* log : {"-wal", "-shm"}) std::filesystem::remove(file_.string() + log);
    std::filesystem::copy(folder_ / "whole.db", file_, std::filesystem::copy_options::overwrite_existing);
    forge(forgery.sql);
    const Error error = complaint();
    EXPECT_EQ(error.kind(), ErrorKind::bench_fault) << forgery.sql;
    EXPECT_THAT(error.what(), HasSubstr(forgery.words)) << forgery.sql;
    EXPECT_EQ(error.where(), file_.string()) << forgery.sql;
  }
}

TEST_F(Hostile, ARunWhoseRowsWereChangedIsNotIntact) {
  EXPECT_NO_THROW(SqliteStore::open(file_, StoreAccess::read_only).require_intact(1));
  forge("UPDATE block SET clock = zeroblob(40) WHERE id = 2");
  const Error error =
      test::error_of([&] { SqliteStore::open(file_, StoreAccess::read_only).require_intact(1); });
  EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
  EXPECT_THAT(error.what(), HasSubstr("run 1 is not what was stored: table block, row 2"));
}

TEST_F(Hostile, ADamagedIndexHidesNoRow) {
  forge(
      "PRAGMA writable_schema = ON;"
      "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'end_of_trial')"
      " WHERE name IN ('block_of_trial', 'trial_of_run', 'survived_of_trial')");
  const SqliteStore store = SqliteStore::open(file_, StoreAccess::read_only);
  EXPECT_NO_THROW(store.require_intact(1));
  ASSERT_EQ(store.trials(1).size(), 2u);
  EXPECT_EQ(store.trials(1)[1].rows.size(), 10u);
  EXPECT_EQ(store.trials(1)[1].survived.size(), 1u);
}

TEST_F(Hostile, ARunWithADamagedNameDoesNotMakeWayForAnOlderOne) {
  SqliteStore::open(file_, StoreAccess::read_write).begin_run(test::wake_word_run());
  forge("UPDATE run SET campaign = 'wake-wore' WHERE id = 2");
  const Error renamed =
      test::error_of([&] { SqliteStore::open(file_, StoreAccess::read_only).latest_run("wake-word"); });
  EXPECT_THAT(renamed.what(), HasSubstr("run 2 is not what was stored"));
  forge("DELETE FROM run WHERE id = 2");
  const Error removed =
      test::error_of([&] { SqliteStore::open(file_, StoreAccess::read_only).latest_run("wake-word"); });
  EXPECT_THAT(removed.what(),
              HasSubstr("run 2 is not what was stored: table run, row 2: the row is missing"));
}

}  // namespace
}  // namespace tinyhil::store
