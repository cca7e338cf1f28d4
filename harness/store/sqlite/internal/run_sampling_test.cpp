// SPDX-License-Identifier: Apache-2.0
#include "run_sampling.hpp"

#include <gmock/gmock.h>

#include "store/sqlite/sqlite_store.hpp"
#include "testing/database.hpp"

namespace tinyhil::store {
namespace {

using testing::HasSubstr;

using RunSamplingTest = test::TestDatabase;

TEST(OldSampling, IsReadAsItWasWritten) {
  for (const char* sentence :
       {"order random, stop e-process, claim unseen, min_vectors 64",
        "order stratified, stop sprt, claim unseen, min_vectors 8, max_vectors 500, discordance 0.030000",
        "order recorded, stop never, claim unseen, min_vectors 64, max_vectors 100",
        "order disagreement-first, stop e-process, claim this-set, min_vectors 64, 12 first by golden_a "
        "golden_b"}) {
    const std::optional<RunSampling> sampling = parse_sampling(sentence);
    ASSERT_TRUE(sampling) << sentence;
    EXPECT_EQ(to_text(*sampling), sentence);
  }
  const RunSampling sprt = *parse_sampling(
      "order stratified, stop sprt, claim unseen, min_vectors 8, max_vectors 500, discordance 0.030000");
  const RunSampling expected{DrawOrder::stratified, StopRule::sprt, Claim::unseen, 8, 500, 0.03};
  EXPECT_EQ(sprt, expected);
}

TEST(OldSampling, ThatNoTinyhilWroteIsNone) {
  for (const char* sentence :
       {"", "order random", "order upwards, stop never, claim unseen, min_vectors 64",
        "order random, stop never, claim unseen, min_vectors many",
        "order random, stop never, claim unseen, min_vectors -1",
        "order random, stop never, claim unseen, min_vectors 64, colour blue",
        "stop never, order random, claim unseen, min_vectors 64",
        "order random, stop never, claim unseen, min_vectors 64, 12 first by golden_a"}) {
    EXPECT_FALSE(parse_sampling(sentence)) << sentence;
  }
}

TEST_F(RunSamplingTest, ARowThatWasChangedIsNoticed) {
  SqliteStore store = SqliteStore::open(file_, StoreAccess::read_write);
  RunRecord run = test::wake_word_run();
  run.sampling = RunSampling{};
  const std::int64_t id = store.begin_run(run);
  Connection sql(file_, file_.string(), SQLITE_OPEN_READWRITE);
  sql.execute("DROP TRIGGER no_UPDATE_of_run_sampling; UPDATE run_sampling SET min_vectors = 9");
  EXPECT_EQ(store.verify_chain(id)->table, "run_sampling");
  sql.execute("UPDATE run_sampling SET claim = 'perhaps'");
  EXPECT_THAT(test::error_of([&] { store.run(id); }).what(), HasSubstr("unknown word `perhaps`"));
}

}  // namespace
}  // namespace tinyhil::store
