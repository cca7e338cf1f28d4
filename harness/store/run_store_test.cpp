// SPDX-License-Identifier: Apache-2.0
// What every RunStore promises, asked of each of them: the database, and the one that other tests keep in
// memory. A new backend adds itself to kStores.
#include "run_store.hpp"

#include <gmock/gmock.h>

#include "model/inference_rows.hpp"
#include "testing/database.hpp"
#include "testing/memory_store.hpp"
#include "testing/recording.hpp"

namespace tinyhil::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using Path = std::filesystem::path;

struct Backend {
  const char* name;
  std::unique_ptr<RunStore> (*open)(const Path& place);
  bool is_durable;
};

const Backend kStores[] = {
    {"sqlite", [](const Path& place) { return open_store(place, StoreAccess::read_write); }, true},
    {"memory", [](const Path&) -> std::unique_ptr<RunStore> { return std::make_unique<test::MemoryStore>(); },
     false},
};

const RunSampling kRandom{
    DrawOrder::disagreement_first, StopRule::e_process, Claim::this_set, 64, 500, 0.03, 12,
    {"golden_a", "golden_b"}};

class RunStoreTest : public test::TestDatabase, public testing::WithParamInterface<Backend> {
 protected:
  void reopen() {
    if (!GetParam().is_durable) return;
    store_.reset();
    store_ = GetParam().open(file_);
  }

  std::unique_ptr<RunStore> store_ = GetParam().open(file_);
};

INSTANTIATE_TEST_SUITE_P(Stores, RunStoreTest, testing::ValuesIn(kStores),
                         [](const auto& backend) { return std::string(backend.param.name); });

TEST_P(RunStoreTest, GivesBackTheRunThatWasBegun) {
  RunStore& store = *store_;
  const std::int64_t id = store.begin_run(test::wake_word_run());

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
  EXPECT_EQ(run->machine, "bench-pc");
  EXPECT_EQ(run->user, "ada");
  EXPECT_EQ(run->commit, "0123456789abcdef0123456789abcdef01234567-dirty");
  EXPECT_FALSE(store.run(id + 1));
}

TEST_P(RunStoreTest, SaysNothingOfWhoBeganARunWhereItWasNotTold) {
  RunRecord run = test::wake_word_run();
  run.machine = run.user = run.commit = "";
  const std::int64_t id = store_->begin_run(run);
  EXPECT_EQ(store_->run(id)->machine + store_->run(id)->user + store_->run(id)->commit, "");
  EXPECT_FALSE(store_->verify_chain(id));
}

TEST_P(RunStoreTest, GivesBackTheVerdictsOfARunAsTheyWereAdded) {
  const std::int64_t id = store_->begin_run(test::wake_word_run());
  EXPECT_TRUE(store_->verdicts(id).empty());
  store_->add_verdict(id, {"slim", sha256("policy"), "inconclusive", "2026-11-23T14:05:09Z"});
  store_->add_verdict(store_->begin_run(test::wake_word_run()), {"quick", sha256("policy"), "fail", ""});
  store_->add_verdict(id, {"slim", sha256("other policy"), "pass", "2026-11-23T14:06:09Z"});
  reopen();
  const std::vector<RunVerdict> verdicts = store_->verdicts(id);
  ASSERT_EQ(verdicts.size(), 2u);
  EXPECT_EQ(verdicts[0].outcome, "inconclusive");
  EXPECT_EQ(verdicts[1].model, "slim");
  EXPECT_EQ(verdicts[1].policy_digest, sha256("other policy"));
  EXPECT_EQ(verdicts[1].outcome, "pass");
  EXPECT_EQ(verdicts[1].judged_at, "2026-11-23T14:06:09Z");
}

TEST_P(RunStoreTest, KeepsTheBoardsThatDividedARun) {
  RunStore& store = *store_;
  RunRecord run = test::wake_word_run();
  EXPECT_THAT(store.run(store.begin_run(run))->boards, ElementsAre());
  run.boards = {"m4-left", "m4.right", "m4_3"};
  const std::optional<RunRecord> divided = store.run(store.begin_run(run));
  EXPECT_THAT(divided->boards, ElementsAre("m4-left", "m4.right", "m4_3"));
  EXPECT_FALSE(divided->sampling);
  run.sampling = kRandom;
  EXPECT_EQ(store.run(store.begin_run(run))->boards.size(), 3u);
}

TEST_P(RunStoreTest, KeepsTheAttemptsThatFailedBeforeARunAndThoseThatFailedSince) {
  RunRecord run = test::wake_word_run();
  const FailedAttempt first{{"m4", "m7"}, "bench", "the port is \"gone\""};
  const FailedAttempt second{{"m4"}, "board", "it does not answer\n"};
  const std::int64_t without = store_->begin_run(run);
  run.failed_attempts = {first};
  const std::int64_t id = store_->begin_run(run);
  store_->add_new_attempts(id, {first});
  store_->end_run(id);
  store_->add_new_attempts(id, {first, second});
  reopen();

  const std::vector<FailedAttempt> attempts = store_->run(id)->failed_attempts;
  ASSERT_EQ(attempts.size(), 2u);
  EXPECT_THAT(attempts[0].boards, ElementsAre("m4", "m7"));
  EXPECT_EQ(attempts[0].failure_class, "bench");
  EXPECT_EQ(attempts[0].what, first.what);
  EXPECT_EQ(attempts[1].failure_class, "board");
  EXPECT_EQ(attempts[1].what, second.what);
  EXPECT_TRUE(store_->run(without)->failed_attempts.empty());
  EXPECT_FALSE(store_->verify_chain(id));
}

RunRecord run_of_slim() {
  RunRecord run = test::wake_word_run();
  run.vectors_digest = sha256("vectors");
  run.models = {{"shipped", sha256("shipped"), false}, {"slim", sha256("slim"), true}};
  return run;
}

TEST_P(RunStoreTest, KeepsTheSeedOfAnOrderAndWhereItIsFrom) {
  RunStore& store = *store_;
  RunRecord run = run_of_slim();
  run.sampling = kRandom;
  run.order_seed = 7;
  EXPECT_EQ(store.run(store.begin_run(run))->seed_origin, SeedOrigin::unstated);
  run.seed_origin = SeedOrigin::drawn;
  const std::int64_t id = store.begin_run(run);
  EXPECT_EQ(store.run(id)->order_seed, 7u);
  EXPECT_EQ(store.run(id)->seed_origin, SeedOrigin::drawn);
  EXPECT_FALSE(store.verify_chain(id));
}

TEST_P(RunStoreTest, CountsEarlierRunsOfACandidateAndHowTheyEnded) {
  RunStore& store = *store_;
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

TEST_P(RunStoreTest, ListsRunsNewestFirstAndFindsTheLatestOfACampaign) {
  RunStore& store = *store_;
  RunRecord other = test::wake_word_run();
  other.campaign = "vibration";
  const std::int64_t first = store.begin_run(test::wake_word_run());
  const std::int64_t second = store.begin_run(test::wake_word_run());
  const std::int64_t third = store.begin_run(other);

  std::vector<std::int64_t> ids;
  for (const RunRecord& run : store.runs()) ids.push_back(run.id);
  EXPECT_THAT(ids, ElementsAre(third, second, first));
  EXPECT_EQ(store.latest_run("wake-word")->id, second);
  EXPECT_FALSE(store.latest_run("doorbell"));
}

TEST_P(RunStoreTest, TellsWhichRunsHaveShownResultsByWhatSampling) {
  RunStore& store = *store_;
  const std::int64_t plain = store.begin_run(test::wake_word_run());
  store.append(store.begin_trial(plain, test::shipped_on_m4()), test::rows_from(0, 3));
  RunRecord run = test::wake_word_run();
  run.sampling = kRandom;
  run.order_seed = 7;
  run.seed_origin = SeedOrigin::drawn;
  store.begin_trial(store.begin_run(run), test::shipped_on_m4());  // has shown nothing
  const std::int64_t drawn = store.begin_run(run);
  store.append(store.begin_trial(drawn, test::shipped_on_m4()), test::rows_from(0, 3));

  const std::vector<SeenRun> runs = store.seen_runs();
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[0].id, plain);
  EXPECT_FALSE(runs[0].sampling);
  EXPECT_EQ(runs[1].id, drawn);
  EXPECT_EQ(runs[1].seed, 7u);
  EXPECT_EQ(runs[1].sampling, kRandom);
  EXPECT_EQ(runs[1].vectors, sha256("vectors"));
  EXPECT_THAT(runs[1].models, ElementsAre(sha256("model")));
}

TEST_P(RunStoreTest, KnowsAModelByWhatItComputesAndASetByItsVectors) {
  RunStore& store = *store_;
  const std::int64_t run = store.begin_run(test::wake_word_run());
  store.append(store.begin_trial(run, test::shipped_on_m4()), test::rows_from(0, 3));
  TrialInfo again = test::shipped_on_m4();
  again.model_digest = sha256("the same, exported again");
  store.append(store.begin_trial(run, again), test::rows_from(0, 3));
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

TEST_P(RunStoreTest, GivesBackEveryFieldOfATrial) {
  RunStore& store = *store_;
  const std::int64_t run = store.begin_run(test::wake_word_run());
  const std::int64_t id = store.begin_trial(run, test::shipped_on_m4());

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
  EXPECT_FALSE(info.polled);
  EXPECT_EQ(info.input, test::shipped_on_m4().input);
  EXPECT_EQ(info.output, test::shipped_on_m4().output);
}

TEST_P(RunStoreTest, GivesBackEachOfSeveralInputsAndOutputsInTheirOrder) {
  const std::int64_t run = store_->begin_run(test::wake_word_run());
  TrialInfo info = test::shipped_on_m4();
  store_->begin_trial(run, info);
  const Tensor numbers{DType::float32, 2, {1, 6, 1, 1}, 0, 0};
  const Tensor image = info.input.only(), scores = info.output.only();
  info.model = "detector";
  info.input = TensorList({image, numbers});
  info.output = TensorList({scores, numbers, scores});
  store_->begin_trial(run, info);
  reopen();
  const std::vector<Trial> trials = store_->trials(run);
  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials[0].info.input, image);
  EXPECT_EQ(trials[0].info.output, scores);
  EXPECT_EQ(trials[1].info.input, TensorList({image, numbers}));
  EXPECT_EQ(trials[1].info.output, TensorList({scores, numbers, scores}));
  EXPECT_EQ(store_->verify_chain(run), std::nullopt);
}

TEST_P(RunStoreTest, GivesBackHowATrialWasRun) {
  RunStore& store = *store_;
  const std::int64_t run = store.begin_run(test::wake_word_run());
  TrialInfo info = test::shipped_on_m4();
  info.mode = RunMode::throughput;
  info.top_k = 100;
  info.polled = true;
  store.begin_trial(run, info);

  EXPECT_EQ(store.trials(run).at(0).info.mode, RunMode::throughput);
  EXPECT_EQ(store.trials(run).at(0).info.top_k, 100);
  EXPECT_TRUE(store.trials(run).at(0).info.polled);
}

TEST_P(RunStoreTest, GivesBackTheBoardAsItIntroducedItself) {
  RunStore& store = *store_;
  const std::int64_t run = store.begin_run(test::wake_word_run());
  store.begin_trial(run, test::shipped_on_m4());

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

TEST_P(RunStoreTest, GivesBackRowsOrderedByVectorAndRepeatHoweverTheyCame) {
  RunStore& store = *store_;
  const std::int64_t run = store.begin_run(test::wake_word_run());
  const std::int64_t trial = store.begin_trial(run, test::shipped_on_m4());
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

TEST_P(RunStoreTest, KeepsWhichInferenceOfWhichRunARowIsAndWhatOfThatIsNotKnown) {
  RunStore& store = *store_;
  const std::int64_t run = store.begin_run(test::wake_word_run());
  const std::int64_t trial = store.begin_trial(run, test::shipped_on_m4());
  store.append(trial, test::rows_from(0, 1));
  store.append(trial, test::rows_of_known_origin());
  store.append(trial, test::rows_from(3, 1));

  const InferenceRows rows = store.rows(trial);
  EXPECT_THAT(rows.device_run, ElementsAre(UINT32_MAX, 0x901, UINT32_MAX, UINT32_MAX));
  EXPECT_THAT(rows.run_index, ElementsAre(UINT32_MAX, 0, UINT32_MAX, UINT32_MAX));
  EXPECT_THAT(rows.received_us, ElementsAre(INT64_MIN, 1'764'000'000'000'000, INT64_MIN, INT64_MIN));
  EXPECT_TRUE(rows.is_rectangular());
  EXPECT_TRUE(store.trials(run).at(0).rows.device_run.empty()) << "a comparison does not read it";
  EXPECT_FALSE(store.verify_chain(run));
}

TEST_P(RunStoreTest, RefusesAResultThatIsStoredAlreadyAndWritesNothingOfTheBlock) {
  RunStore& store = *store_;
  const std::int64_t run = store.begin_run(test::wake_word_run());
  const std::int64_t trial = store.begin_trial(run, test::shipped_on_m4());
  store.append(trial, test::rows_from(0, 10));

  const Error error = test::error_of([&] { store.append(trial, test::rows_from(9, 10)); });
  EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
  EXPECT_THAT(error.what(), HasSubstr("vector 9, repeat 0"));
  EXPECT_EQ(store.trials(run).at(0).rows.size(), 10u);
  store.append(trial, test::rows_from(10, 10));
  EXPECT_EQ(store.trials(run).at(0).rows.size(), 20u);
}

TEST_P(RunStoreTest, TakesAnotherRepeatOfAVectorAndTheSameResultOfAnotherTrial) {
  RunStore& store = *store_;
  const std::int64_t run = store.begin_run(test::wake_word_run());
  const std::int64_t trial = store.begin_trial(run, test::shipped_on_m4());
  TrialInfo slim = test::shipped_on_m4();
  slim.model = "slim";
  const std::int64_t other = store.begin_trial(run, slim);
  InferenceRows second = test::rows_from(3, 1);
  second.repeat = {1};
  store.append(trial, test::rows_from(3, 1));
  store.append(trial, second);
  store.append(other, test::rows_from(3, 1));

  const std::vector<Trial> trials = store.trials(run);
  EXPECT_EQ(trials.at(0).rows.size(), 2u);
  EXPECT_EQ(trials.at(1).rows.size(), 1u);
}

TEST_P(RunStoreTest, RefusesAResultThatComesTwiceInOneAppend) {
  RunStore& store = *store_;
  const std::int64_t run = store.begin_run(test::wake_word_run());
  const std::int64_t trial = store.begin_trial(run, test::shipped_on_m4());

  EXPECT_THAT(test::error_of([&] {
                store.append(trial, {{4, 4}, {0, 0}, {0, 0}, {1, 1}, {1, 1}, 0, {}});
              }).what(),
              HasSubstr("comes twice"));
  EXPECT_EQ(store.trials(run).at(0).rows.size(), 0u);
}

TEST_P(RunStoreTest, RefusesVectorsAndRepeatsTheTrialDoesNotHave) {
  RunStore& store = *store_;
  const std::int64_t trial = store.begin_trial(store.begin_run(test::wake_word_run()), test::shipped_on_m4());
  InferenceRows third_repeat = test::rows_from(0, 1);
  third_repeat.repeat = {2};

  EXPECT_THAT(test::error_of([&] { store.append(trial, test::rows_from(1000, 1)); }).what(),
              HasSubstr("outside"));
  EXPECT_THAT(test::error_of([&] { store.append(trial, third_repeat); }).what(), HasSubstr("outside"));
}

TEST_P(RunStoreTest, RefusesOutputsOfAnotherSize) {
  RunStore& store = *store_;
  const std::int64_t trial = store.begin_trial(store.begin_run(test::wake_word_run()), test::shipped_on_m4());
  store.append(trial, test::rows_from(0, 1));

  EXPECT_THAT(test::error_of([&] {
                store.append(trial, {{1}, {0}, {0}, {1}, {1}, 3, {1, 2, 3}});
              }).what(),
              HasSubstr("outputs of 3 bytes among outputs of 2 bytes"));
}

TEST_P(RunStoreTest, RemembersHowADeviceFailed) {
  RunStore& store = *store_;
  const std::int64_t run = store.begin_run(test::wake_word_run());
  const std::int64_t trial = store.begin_trial(run, test::shipped_on_m4());
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

TEST_P(RunStoreTest, ResumesAnInterruptedTrialButNotACompleteOne) {
  RunStore& store = *store_;
  const std::int64_t run = store.begin_run(test::wake_word_run());
  const std::int64_t trial = store.begin_trial(run, test::shipped_on_m4());
  store.append(trial, test::rows_from(0, 5));
  store.end_trial(trial, {TrialState::interrupted});
  EXPECT_EQ(store.trials(run).at(0).state, TrialState::interrupted);
  store.append(trial, test::rows_from(5, 5));
  store.end_trial(trial, {});
  EXPECT_EQ(store.trials(run).at(0).state, TrialState::complete);

  EXPECT_THAT(test::error_of([&] { store.append(trial, test::rows_from(10, 1)); }).what(),
              HasSubstr("ended as complete"));
  EXPECT_THAT(test::error_of([&] { store.end_trial(trial, {TrialState::interrupted}); }).what(),
              HasSubstr("ended as complete"));
  EXPECT_EQ(store.trials(run).at(0).rows.size(), 10u);
}

TEST_P(RunStoreTest, NamesATrialThatDoesNotExist) {
  RunStore& store = *store_;
  EXPECT_THAT(test::error_of([&] { store.append(41, test::rows_from(0, 1)); }).what(),
              HasSubstr("trial 41 does not exist"));
}

TEST_P(RunStoreTest, GivesBackTheFaultsThatATrialOutlivedAsTheyHappened) {
  RunStore& store = *store_;
  const std::int64_t run = store.begin_run(test::wake_word_run());
  const std::int64_t trial = store.begin_trial(run, test::shipped_on_m4());
  TrialInfo slim = test::shipped_on_m4();
  slim.model = "slim";
  const std::int64_t other = store.begin_trial(run, slim);
  store.add_fault(
      trial,
      {{FaultKind::reset, "it crashed", "pc=0x080012a4", "load the map file"}, VectorNumber{17}, true});
  store.add_fault(other, {{FaultKind::timeout, "it hung", "", ""}, VectorNumber{0}, true});
  store.add_fault(trial, {{FaultKind::corrupt, "noise on the line", "0xff", ""}, {}, false});

  const std::vector<SurvivedFault> survived = store.trials(run).at(0).survived;
  ASSERT_EQ(survived.size(), 2u);
  EXPECT_EQ(survived[0].fault.kind, FaultKind::reset);
  EXPECT_EQ(survived[0].fault.what, "it crashed");
  EXPECT_EQ(survived[0].fault.evidence, "pc=0x080012a4");
  EXPECT_EQ(survived[0].fault.remedy, "load the map file");
  EXPECT_EQ(survived[0].vector, VectorNumber{17});
  EXPECT_TRUE(survived[0].of_the_device);
  EXPECT_EQ(survived[1].fault.kind, FaultKind::corrupt);
  EXPECT_EQ(survived[1].vector, std::nullopt);
  EXPECT_FALSE(survived[1].of_the_device);
  EXPECT_EQ(store.trials(run).at(1).survived.at(0).vector, VectorNumber{0});
  EXPECT_EQ(store.trials(run).at(0).state, TrialState::running);
}

TEST_P(RunStoreTest, RefusesAFaultOfATrialThatEndedOrOfAVectorThatItDoesNotHave) {
  RunStore& store = *store_;
  const std::int64_t run = store.begin_run(test::wake_word_run());
  const std::int64_t trial = store.begin_trial(run, test::shipped_on_m4());
  const Fault fault{FaultKind::reset, "it crashed", "", ""};
  EXPECT_THAT(test::error_of([&] {
                store.add_fault(trial, {fault, VectorNumber{1000}, true});
              }).what(),
              HasSubstr("vector 1000 is outside"));
  store.end_trial(trial, {});
  EXPECT_THAT(test::error_of([&] {
                store.add_fault(trial, {fault, VectorNumber{1}, true});
              }).what(),
              HasSubstr("ended as complete"));
  EXPECT_EQ(store.trials(run).at(0).survived.size(), 0u);
}

TEST_P(RunStoreTest, FindsTheRunThatNeverEnded) {
  const Digest campaign = test::wake_word_run().campaign_digest;
  store_->append(store_->begin_trial(store_->begin_run(test::wake_word_run()), test::shipped_on_m4()),
                 test::rows_from(0, 5));
  reopen();  // it was killed
  RunStore& store = *store_;
  const std::optional<RunRecord> run = store.unfinished_run("wake-word", campaign);
  ASSERT_TRUE(run);
  EXPECT_EQ(run->id, 1);
  const std::vector<Trial> trials = store.trials(run->id);
  EXPECT_EQ(trials.at(0).state, TrialState::running);
  EXPECT_EQ(trials.at(0).rows.size(), 5u);
  store.append(trials[0].id, test::rows_from(5, 5));
  store.end_trial(trials[0].id, {});
  EXPECT_TRUE(store.unfinished_run("wake-word", campaign));

  store.end_run(run->id);
  EXPECT_FALSE(store.unfinished_run("wake-word", campaign));
}

TEST_P(RunStoreTest, FindsOnlyTheLatestRunOfTheSameCampaignFile) {
  RunStore& store = *store_;
  const Digest campaign = test::wake_word_run().campaign_digest;
  EXPECT_FALSE(store.unfinished_run("wake-word", campaign));
  store.begin_run(test::wake_word_run());
  EXPECT_FALSE(store.unfinished_run("doorbell", campaign));
  EXPECT_FALSE(store.unfinished_run("wake-word", sha256("an edited campaign")));
  const std::int64_t later = store.begin_run(test::wake_word_run());
  EXPECT_EQ(store.unfinished_run("wake-word", campaign)->id, later);
  store.end_run(later);
  EXPECT_FALSE(store.unfinished_run("wake-word", campaign));
}

TEST_P(RunStoreTest, EndsARunOnceHoweverOftenItIsSaid) {
  RunStore& store = *store_;
  const std::int64_t run = store.begin_run(test::wake_word_run());
  store.end_run(run);
  store.end_run(run);
  EXPECT_FALSE(store.unfinished_run("wake-word", test::wake_word_run().campaign_digest));
  EXPECT_EQ(test::error_of([&] { store.end_run(run + 1); }).kind(), ErrorKind::bench_fault);
}

TEST_P(RunStoreTest, GivesBackWhatAMeterRecorded) {
  const std::int64_t run = store_->begin_run(test::wake_word_run());
  const std::int64_t first = store_->begin_recording(run, {"m4", test::bench_meter()});
  MeasuredWindow loose = test::inference_window("slim", 7, 2e-4);
  loose.state = WindowState::incomplete;
  loose.why = "640 samples are missing";
  const std::vector<MeasuredWindow> windows = {test::inference_window("shipped", 7, 1e-4), loose};
  store_->add_windows(first, windows);
  reopen();
  const MeasuredWindow asleep = test::resting_window(WindowKind::sleep, 2e-6, 1);
  store_->add_windows(first, std::span(&asleep, 1));
  store_->end_recording(first, {RecordingState::complete, {}, "traces/1.trace", sha256("trace"), 123'456});
  store_->begin_recording(run, {"m7", test::bench_meter()});

  const std::vector<Recording> recordings = store_->recordings(run);
  ASSERT_EQ(recordings.size(), 2u);
  const Recording& recording = recordings[0];
  EXPECT_EQ(recording.info.board, "m4");
  EXPECT_EQ(recording.started_at.size(), std::string("2026-11-29T14:05:09.042Z").size());
  EXPECT_EQ(recording.info.meter.calibration, test::bench_meter().calibration);
  EXPECT_EQ(recording.info.meter.ranges.at(1).gain_limit, 0.15);
  ASSERT_EQ(recording.windows.size(), 3u);
  EXPECT_EQ(recording.windows[0].model, "shipped");
  EXPECT_EQ(recording.windows[0].charge_c, 1e-4);
  EXPECT_EQ(recording.windows[0].report.layer_ends, windows[0].report.layer_ends);
  EXPECT_EQ(recording.windows[0].layers, windows[0].layers);
  EXPECT_EQ(recording.windows[0].ranges, windows[0].ranges);
  EXPECT_EQ(recording.windows[0].noise_degrees, 9);
  EXPECT_EQ(recording.windows[1].state, WindowState::incomplete);
  EXPECT_EQ(recording.windows[1].why, "640 samples are missing");
  EXPECT_EQ(recording.windows[2].kind, WindowKind::sleep);
  EXPECT_FALSE(recording.windows[2].vector);
  EXPECT_EQ(recording.end.samples, 123'456u);
  EXPECT_EQ(recording.end.trace_digest, sha256("trace"));
  EXPECT_EQ(recordings[1].end.state, RecordingState::running);
  EXPECT_EQ(store_->recordings(run + 1).size(), 0u);
  EXPECT_FALSE(store_->verify_chain(run));
}

TEST_P(RunStoreTest, TakesNothingMoreForARecordingThatHasEnded) {
  RunStore& store = *store_;
  const std::int64_t recording =
      store.begin_recording(store.begin_run(test::wake_word_run()), {"m4", test::bench_meter()});
  store.end_recording(recording, {});
  const MeasuredWindow window = test::inference_window("slim", 7, 2e-4);
  EXPECT_THAT(test::error_of([&] { store.add_windows(recording, std::span(&window, 1)); }).what(),
              HasSubstr("recording 1 has ended"));
  EXPECT_THAT(test::error_of([&] { store.end_recording(recording, {}); }).what(), HasSubstr("has ended"));
  EXPECT_THAT(test::error_of([&] { store.add_windows(2, {}); }).what(), HasSubstr("does not exist"));
}

TEST_P(RunStoreTest, StoresWhatIsWrittenTogether) {
  std::int64_t run = 0, trial = 0;
  store_->together([&] {
    run = store_->begin_run(test::wake_word_run());
    trial = store_->begin_trial(run, test::shipped_on_m4());
    store_->append(trial, test::rows_from(0, 3));
    store_->append(trial, test::rows_from(3, 2));
    store_->end_trial(trial, {});
  });
  reopen();
  EXPECT_EQ(store_->rows(trial).size(), 5u);
  EXPECT_EQ(store_->trials(run).at(0).state, TrialState::complete);
  EXPECT_FALSE(store_->verify_chain(run));
}

TEST_P(RunStoreTest, StoresNothingOfWhatWasToBeWrittenTogetherWhenAPartFails) {
  const std::int64_t run = store_->begin_run(test::wake_word_run());
  const std::int64_t trial = store_->begin_trial(run, test::shipped_on_m4());
  store_->append(trial, test::rows_from(0, 3));
  const Digest head = store_->chain_head(run);
  EXPECT_THROW(store_->together([&] {
    store_->append(trial, test::rows_from(3, 2));
    store_->append(trial, test::rows_from(2, 1));  // it is there
  }),
               Error);
  reopen();
  EXPECT_EQ(store_->rows(trial).size(), 3u);
  EXPECT_EQ(store_->chain_head(run), head);
  store_->append(trial, test::rows_from(3, 2));
  EXPECT_EQ(store_->rows(trial).size(), 5u) << "it goes on";
}

}  // namespace
}  // namespace tinyhil::store
