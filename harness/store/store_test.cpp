// SPDX-License-Identifier: Apache-2.0
#include "store.hpp"

#include <gmock/gmock.h>

#include "connection.hpp"
#include "testing/database.hpp"

namespace tinyhil {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using StoreTest = TestDatabase;

TEST_F(StoreTest, GivesBackTheRunThatWasBegun) {
  Store store = Store::open(file_, Store::Access::read_write);
  const std::int64_t id = store.begin_run(wake_word_run());

  const std::optional<RunRecord> run = store.run(id);
  ASSERT_TRUE(run);
  EXPECT_EQ(run->id, id);
  EXPECT_EQ(run->campaign, "wake-word");
  EXPECT_EQ(run->campaign_file, "scenarios/wake-word/campaign.yaml");
  EXPECT_EQ(run->campaign_digest, sha256("campaign"));
  EXPECT_EQ(run->bench, "desk");
  EXPECT_EQ(run->policy_digest, sha256("policy"));
  EXPECT_EQ(run->started_at, "2026-11-23T14:05:09Z");
  EXPECT_EQ(run->host, "Linux 6.1 x86_64");
  EXPECT_EQ(run->version, "0.1.0");
  EXPECT_FALSE(store.run(id + 1));
}

TEST_F(StoreTest, KeepsTheBoardsThatDividedARun) {
  Store store = Store::open(file_, Store::Access::read_write);
  RunRecord run = wake_word_run();
  EXPECT_THAT(store.run(store.begin_run(run))->boards, ElementsAre());
  run.boards = {"m4-left", "m4.right", "m4_3"};
  const std::optional<RunRecord> divided = store.run(store.begin_run(run));
  EXPECT_THAT(divided->boards, ElementsAre("m4-left", "m4.right", "m4_3"));
  EXPECT_EQ(divided->sampling, "");
  run.sampling = "order random";
  EXPECT_EQ(store.run(store.begin_run(run))->boards.size(), 3u);
}

RunRecord run_of_slim() {
  RunRecord run = wake_word_run();
  run.vectors_digest = sha256("vectors");
  run.models = {{"shipped", sha256("shipped"), false}, {"slim", sha256("slim"), true}};
  return run;
}

TEST_F(StoreTest, KeepsTheSeedOfAnOrderAndWhereItIsFrom) {
  Store store = Store::open(file_, Store::Access::read_write);
  RunRecord run = run_of_slim();
  run.sampling = "order random";
  run.order_seed = 7;
  EXPECT_EQ(store.run(store.begin_run(run))->seed_origin, SeedOrigin::unstated);
  run.seed_origin = SeedOrigin::drawn;
  const std::int64_t id = store.begin_run(run);
  EXPECT_EQ(store.run(id)->order_seed, 7u);
  EXPECT_EQ(store.run(id)->seed_origin, SeedOrigin::drawn);
  EXPECT_FALSE(store.verify_chain(id));
}

TEST_F(StoreTest, CountsEarlierRunsOfACandidateAndHowTheyEnded) {
  Store store = Store::open(file_, Store::Access::read_write);
  const std::int64_t failed = store.begin_run(run_of_slim());
  store.add_verdict(failed, {"slim", sha256("policy"), "fail", "2026-11-23T14:05:09Z"});
  store.begin_run(run_of_slim());  // killed
  store.end_run(store.begin_run(run_of_slim()));
  RunRecord other = run_of_slim();
  other.vectors_digest = sha256("other vectors");
  store.begin_run(other);

  const RunRecord last = *store.run(store.begin_run(run_of_slim()));
  ASSERT_EQ(last.models.size(), 2u);
  EXPECT_EQ(last.vectors_digest, sha256("vectors"));
  EXPECT_EQ(last.models[0].earlier, 0u) << "the baseline runs every time";
  EXPECT_EQ(last.models[1].earlier, 3u);
  EXPECT_THAT(last.models[1].earlier_ended, ElementsAre("fail", "not finished", "no verdict stored"));
  EXPECT_FALSE(store.verify_chain(last.id));
}

TEST_F(StoreTest, CountsTheRunsOfOlderVersionsByTheirTrials) {
  Store store = Store::open(file_, Store::Access::read_write);
  store.begin_trial(store.begin_run(wake_word_run()), shipped_on_m4());
  RunRecord run = run_of_slim();
  run.models = {{"again", sha256("model"), true}};
  EXPECT_EQ(store.run(store.begin_run(run))->models[0].earlier, 1u);
}

TEST_F(StoreTest, ListsRunsNewestFirstAndFindsTheLatestOfACampaign) {
  Store store = Store::open(file_, Store::Access::read_write);
  RunRecord other = wake_word_run();
  other.campaign = "vibration";
  const std::int64_t first = store.begin_run(wake_word_run());
  const std::int64_t second = store.begin_run(wake_word_run());
  const std::int64_t third = store.begin_run(other);

  std::vector<std::int64_t> ids;
  for (const RunRecord& run : store.runs()) ids.push_back(run.id);
  EXPECT_THAT(ids, ElementsAre(third, second, first));
  EXPECT_EQ(store.latest_run("wake-word")->id, second);
  EXPECT_FALSE(store.latest_run("doorbell"));
}

TEST_F(StoreTest, TellsWhichRunsHaveShownResultsByWhatSampling) {
  Store store = Store::open(file_, Store::Access::read_write);
  const std::int64_t plain = store.begin_run(wake_word_run());
  store.append(store.begin_trial(plain, shipped_on_m4()), rows_from(0, 3));
  RunRecord run = wake_word_run();
  run.sampling = "order random";
  run.order_seed = 7;
  run.seed_origin = SeedOrigin::drawn;
  store.begin_trial(store.begin_run(run), shipped_on_m4());  // has shown nothing
  const std::int64_t drawn = store.begin_run(run);
  store.append(store.begin_trial(drawn, shipped_on_m4()), rows_from(0, 3));

  const std::vector<SeenRun> runs = store.seen_runs();
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[0].id, plain);
  EXPECT_EQ(runs[0].sampling, "");
  EXPECT_EQ(runs[1].id, drawn);
  EXPECT_EQ(runs[1].seed, 7u);
  EXPECT_EQ(runs[1].sampling, "order random");
  EXPECT_EQ(runs[1].vectors, sha256("vectors"));
  EXPECT_THAT(runs[1].models, ElementsAre(sha256("model")));
}

TEST_F(StoreTest, KnowsAModelByWhatItComputesAndASetByItsVectors) {
  Store store = Store::open(file_, Store::Access::read_write);
  const std::int64_t run = store.begin_run(wake_word_run());
  store.append(store.begin_trial(run, shipped_on_m4()), rows_from(0, 3));
  TrialInfo again = shipped_on_m4();
  again.model_digest = sha256("the same, exported again");
  store.append(store.begin_trial(run, again), rows_from(0, 3));
  EXPECT_EQ(store.seen_runs().at(0).models.size(), 2u);
  EXPECT_FALSE(store.vectors_of(sha256("vectors")));

  store.know_model(sha256("model"), sha256("graph"));
  store.know_model(again.model_digest, sha256("graph"));
  store.know_vectors(sha256("vectors"), {sha256("values"), {1, 2, 1ULL << 63}});
  store.know_vectors(sha256("vectors"), {sha256("other values"), {3}});
  EXPECT_THAT(store.seen_runs().at(0).models, ElementsAre(sha256("graph")));
  EXPECT_EQ(store.vectors_of(sha256("vectors"))->values, sha256("values"));
  EXPECT_THAT(store.vectors_of(sha256("vectors"))->marks, ElementsAre(1u, 2u, 1ULL << 63));
}

TEST_F(StoreTest, GivesBackEveryFieldOfATrial) {
  Store store = Store::open(file_, Store::Access::read_write);
  const std::int64_t run = store.begin_run(wake_word_run());
  const std::int64_t id = store.begin_trial(run, shipped_on_m4());

  const std::vector<Trial> trials = store.trials(run);
  ASSERT_EQ(trials.size(), 1u);
  EXPECT_EQ(trials[0].id, id);
  EXPECT_EQ(trials[0].state, TrialState::running);
  EXPECT_FALSE(trials[0].fault);
  EXPECT_EQ(trials[0].rows.size(), 0u);
  const TrialInfo& info = trials[0].info;
  EXPECT_EQ(info.model, "shipped");
  EXPECT_EQ(info.model_digest, sha256("model"));
  EXPECT_EQ(info.model_size, 53'936u);
  EXPECT_EQ(info.vectors_digest, sha256("vectors"));
  EXPECT_EQ(info.vector_count, 1000u);
  EXPECT_EQ(info.repeats, 2);
  EXPECT_EQ(info.arena_used, 22'000u);
  EXPECT_EQ(info.mode, RunMode::measure);
  EXPECT_EQ(info.top_k, 0);
  EXPECT_EQ(info.input, shipped_on_m4().input);
  EXPECT_EQ(info.output, shipped_on_m4().output);
}

TEST_F(StoreTest, GivesBackHowATrialWasRun) {
  Store store = Store::open(file_, Store::Access::read_write);
  const std::int64_t run = store.begin_run(wake_word_run());
  TrialInfo info = shipped_on_m4();
  info.mode = RunMode::throughput;
  info.top_k = 100;
  store.begin_trial(run, info);

  EXPECT_EQ(store.trials(run).at(0).info.mode, RunMode::throughput);
  EXPECT_EQ(store.trials(run).at(0).info.top_k, 100);
}

TEST_F(StoreTest, GivesBackTheBoardAsItIntroducedItself) {
  Store store = Store::open(file_, Store::Access::read_write);
  const std::int64_t run = store.begin_run(wake_word_run());
  store.begin_trial(run, shipped_on_m4());

  const BoardIdentity board = store.trials(run).at(0).info.board;
  EXPECT_EQ(board.name, "m4");
  EXPECT_EQ(board.kind, "mps2-an386");
  EXPECT_EQ(board.serial, "0001");
  EXPECT_EQ(board.engine, "reference");
  EXPECT_EQ(board.build, "0.1.0");
  EXPECT_EQ(board.provenance, Provenance::emulated);
  EXPECT_EQ(board.image, sha256("image"));
  EXPECT_EQ(board.clock, "cmsdk-timer0");
  EXPECT_EQ(board.clock_hz, 25'000'000u);
  EXPECT_EQ(board.timer_hz, 1'000'000u);
  EXPECT_EQ(board.flash_size, 9000u);
  EXPECT_EQ(board.ram_size, 2000u);
}

TEST_F(StoreTest, GivesBackRowsOrderedByVectorAndRepeatHoweverTheyCame) {
  Store store = Store::open(file_, Store::Access::read_write);
  const std::int64_t run = store.begin_run(wake_word_run());
  const std::int64_t trial = store.begin_trial(run, shipped_on_m4());
  store.append(trial, {{7, 7}, {1, 0}, {0, 2}, {71, 70}, {8, 9}, 2, {3, 4, 5, 6}});
  store.append(trial, {{5}, {0}, {1}, {4'000'000'000}, {3}, 2, {1, 2}});

  const InferenceRows rows = store.trials(run).at(0).rows;
  EXPECT_THAT(rows.vector, ElementsAre(5, 7, 7));
  EXPECT_THAT(rows.repeat, ElementsAre(0, 0, 1));
  EXPECT_THAT(rows.status, ElementsAre(1, 2, 0));
  EXPECT_THAT(rows.clock, ElementsAre(4'000'000'000, 70, 71));
  EXPECT_THAT(rows.timer, ElementsAre(3, 9, 8));
  EXPECT_EQ(rows.output_size, 2u);
  EXPECT_THAT(rows.outputs, ElementsAre(1, 2, 5, 6, 3, 4));
}

TEST_F(StoreTest, KeepsWhichInferenceOfWhichRunARowIsAndWhatOfThatIsNotKnown) {
  Store store = Store::open(file_, Store::Access::read_write);
  const std::int64_t run = store.begin_run(wake_word_run());
  const std::int64_t trial = store.begin_trial(run, shipped_on_m4());
  store.append(trial, rows_from(0, 1));
  InferenceRows known = rows_from(1, 2);
  known.device_run = {0x901, UINT32_MAX};
  known.run_index = {0, UINT32_MAX};
  known.received_us = {1'764'000'000'000'000, INT64_MIN};
  store.append(trial, known);
  store.append(trial, rows_from(3, 1));

  const InferenceRows rows = store.rows(trial);
  EXPECT_THAT(rows.device_run, ElementsAre(UINT32_MAX, 0x901, UINT32_MAX, UINT32_MAX));
  EXPECT_THAT(rows.run_index, ElementsAre(UINT32_MAX, 0, UINT32_MAX, UINT32_MAX));
  EXPECT_THAT(rows.received_us, ElementsAre(INT64_MIN, 1'764'000'000'000'000, INT64_MIN, INT64_MIN));
  EXPECT_TRUE(rows.is_rectangular());
  EXPECT_TRUE(store.trials(run).at(0).rows.device_run.empty()) << "a comparison does not read it";
  EXPECT_FALSE(store.verify_chain(run));
  Connection sql(file_, file_.string(), SQLITE_OPEN_READONLY);
  EXPECT_EQ(sql.integer("SELECT COUNT(*) FROM block WHERE received_us IS NULL AND run_index IS NULL"), 2);
}

TEST_F(StoreTest, RefusesAResultThatIsStoredAlreadyAndWritesNothingOfTheBlock) {
  Store store = Store::open(file_, Store::Access::read_write);
  const std::int64_t run = store.begin_run(wake_word_run());
  const std::int64_t trial = store.begin_trial(run, shipped_on_m4());
  store.append(trial, rows_from(0, 10));

  const Error error = error_of([&] { store.append(trial, rows_from(9, 10)); });
  EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
  EXPECT_THAT(error.what(), HasSubstr("vector 9, repeat 0"));
  EXPECT_EQ(store.trials(run).at(0).rows.size(), 10u);
  store.append(trial, rows_from(10, 10));
  EXPECT_EQ(store.trials(run).at(0).rows.size(), 20u);
}

TEST_F(StoreTest, TakesAnotherRepeatOfAVectorAndTheSameResultOfAnotherTrial) {
  Store store = Store::open(file_, Store::Access::read_write);
  const std::int64_t run = store.begin_run(wake_word_run());
  const std::int64_t trial = store.begin_trial(run, shipped_on_m4());
  TrialInfo slim = shipped_on_m4();
  slim.model = "slim";
  const std::int64_t other = store.begin_trial(run, slim);
  InferenceRows second = rows_from(3, 1);
  second.repeat = {1};
  store.append(trial, rows_from(3, 1));
  store.append(trial, second);
  store.append(other, rows_from(3, 1));

  const std::vector<Trial> trials = store.trials(run);
  EXPECT_EQ(trials.at(0).rows.size(), 2u);
  EXPECT_EQ(trials.at(1).rows.size(), 1u);
}

TEST_F(StoreTest, RefusesAResultThatComesTwiceInOneAppend) {
  Store store = Store::open(file_, Store::Access::read_write);
  const std::int64_t run = store.begin_run(wake_word_run());
  const std::int64_t trial = store.begin_trial(run, shipped_on_m4());

  EXPECT_THAT(error_of([&] {
                store.append(trial, {{4, 4}, {0, 0}, {0, 0}, {1, 1}, {1, 1}, 0, {}});
              }).what(),
              HasSubstr("comes twice"));
  EXPECT_EQ(store.trials(run).at(0).rows.size(), 0u);
}

TEST_F(StoreTest, RefusesVectorsAndRepeatsTheTrialDoesNotHave) {
  Store store = Store::open(file_, Store::Access::read_write);
  const std::int64_t trial = store.begin_trial(store.begin_run(wake_word_run()), shipped_on_m4());
  InferenceRows third_repeat = rows_from(0, 1);
  third_repeat.repeat = {2};

  EXPECT_THAT(error_of([&] { store.append(trial, rows_from(1000, 1)); }).what(), HasSubstr("outside"));
  EXPECT_THAT(error_of([&] { store.append(trial, third_repeat); }).what(), HasSubstr("outside"));
}

TEST_F(StoreTest, RefusesOutputsOfAnotherSize) {
  Store store = Store::open(file_, Store::Access::read_write);
  const std::int64_t trial = store.begin_trial(store.begin_run(wake_word_run()), shipped_on_m4());
  store.append(trial, rows_from(0, 1));

  EXPECT_THAT(error_of([&] {
                store.append(trial, {{1}, {0}, {0}, {1}, {1}, 3, {1, 2, 3}});
              }).what(),
              HasSubstr("outputs of 3 bytes among outputs of 2 bytes"));
}

TEST_F(StoreTest, RemembersHowADeviceFailed) {
  Store store = Store::open(file_, Store::Access::read_write);
  const std::int64_t run = store.begin_run(wake_word_run());
  const std::int64_t trial = store.begin_trial(run, shipped_on_m4());
  store.end_trial(trial, {TrialState::faulted,
                          Fault{FaultKind::timeout, "no answer within 10 s", "last: 81", "check the cable"}});

  const Trial ended = store.trials(run).at(0);
  EXPECT_EQ(ended.state, TrialState::faulted);
  ASSERT_TRUE(ended.fault);
  EXPECT_EQ(ended.fault->kind, FaultKind::timeout);
  EXPECT_EQ(ended.fault->what, "no answer within 10 s");
  EXPECT_EQ(ended.fault->evidence, "last: 81");
  EXPECT_EQ(ended.fault->remedy, "check the cable");
}

TEST_F(StoreTest, ResumesAnInterruptedTrialButNotACompleteOne) {
  Store store = Store::open(file_, Store::Access::read_write);
  const std::int64_t run = store.begin_run(wake_word_run());
  const std::int64_t trial = store.begin_trial(run, shipped_on_m4());
  store.append(trial, rows_from(0, 5));
  store.end_trial(trial, {TrialState::interrupted});
  EXPECT_EQ(store.trials(run).at(0).state, TrialState::interrupted);
  store.append(trial, rows_from(5, 5));
  store.end_trial(trial, {});
  EXPECT_EQ(store.trials(run).at(0).state, TrialState::complete);

  EXPECT_THAT(error_of([&] { store.append(trial, rows_from(10, 1)); }).what(),
              HasSubstr("ended as complete"));
  EXPECT_THAT(error_of([&] { store.end_trial(trial, {TrialState::interrupted}); }).what(),
              HasSubstr("ended as complete"));
  EXPECT_EQ(store.trials(run).at(0).rows.size(), 10u);
}

TEST_F(StoreTest, NamesATrialThatDoesNotExist) {
  Store store = Store::open(file_, Store::Access::read_write);
  EXPECT_THAT(error_of([&] { store.append(41, rows_from(0, 1)); }).what(),
              HasSubstr("trial 41 does not exist"));
}

TEST_F(StoreTest, StoresAnIdentityOnceHoweverManyTrialsReferToIt) {
  {
    Store store = Store::open(file_, Store::Access::read_write);
    const std::int64_t run = store.begin_run(wake_word_run());
    TrialInfo slim = shipped_on_m4();
    slim.model = "slim";
    slim.model_digest = sha256("slim");
    store.begin_trial(run, shipped_on_m4());
    store.begin_trial(run, shipped_on_m4());
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

TEST_F(StoreTest, ShowsTrialsToPeopleInAView) {
  {
    Store store = Store::open(file_, Store::Access::read_write);
    const std::int64_t trial = store.begin_trial(store.begin_run(wake_word_run()), shipped_on_m4());
    store.append(trial, rows_from(0, 10));
    store.append(trial, rows_from(10, 7));
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

TEST_F(StoreTest, ForbidsChangingOrDeletingFacts) {
  {
    Store store = Store::open(file_, Store::Access::read_write);
    const std::int64_t trial = store.begin_trial(store.begin_run(wake_word_run()), shipped_on_m4());
    store.append(trial, rows_from(0, 10));
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

TEST_F(StoreTest, NoticesABlockWhoseColumnWasCut) {
  Store store = Store::open(file_, Store::Access::read_write);
  const std::int64_t run = store.begin_run(wake_word_run());
  const std::int64_t trial = store.begin_trial(run, shipped_on_m4());
  store.append(trial, rows_from(0, 10));
  Connection sql(file_, file_.string(), SQLITE_OPEN_READWRITE);
  sql.execute(
      "DROP TRIGGER no_UPDATE_of_block; PRAGMA ignore_check_constraints = ON;"
      "UPDATE block SET clock = zeroblob(39)");

  const Error error = error_of([&] { store.trials(run); });
  EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
  EXPECT_THAT(error.what(), HasSubstr("39 bytes, which are not 10 values of 4"));
}

}  // namespace
}  // namespace tinyhil
