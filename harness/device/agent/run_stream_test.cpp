// SPDX-License-Identifier: Apache-2.0
#include "model/inference_rows.hpp"
#include "testing/run_stream_fixture.hpp"

namespace tinyhil::device {
using test::RunStreamTest;

namespace {

using std::chrono::milliseconds;
using Bytes = std::vector<std::uint8_t>;

TEST_F(RunStreamTest, OneCommandBringsAllRowsOfAllModels) {
  ASSERT_TRUE(run({request(2, 3)}));
  expect_all(2, 3);
  EXPECT_EQ(runs.size(), 1U);
  EXPECT_EQ(line.requests[THIL_ID_check], 0);
  EXPECT_EQ(flushes, 2) << "one for each model";
  EXPECT_FALSE(stream->current());
}

TEST_F(RunStreamTest, ALostFrameOfResultsIsAskedForAgainAndNothingElse) {
  line.loses_answer = nth(THIL_ID_results, 1);
  ASSERT_TRUE(run({request()}));
  expect_all(1, 1);
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_GT(runs[1].first, 50);
  EXPECT_LT(runs[1].count, 110);
  EXPECT_EQ(runs[0].batch, 0);
  EXPECT_EQ(runs[1].batch, 16) << "a line that loses is given smaller frames";
}

// As a current trace would be laid beside them.
TEST_F(RunStreamTest, RowsOfASecondRunSayWhichInferenceOfItTheyAreAndWhenTheyCame) {
  constexpr std::chrono::hours kUtc{1000};
  const std::int64_t begin = std::chrono::duration_cast<std::chrono::microseconds>(kUtc).count();
  std::vector<InferenceRows> parts;
  line.loses_answer = nth(THIL_ID_results, 1);
  stream.emplace(
      std::vector{request()}, [] { return std::size_t{1}; },
      [&](std::size_t, std::size_t, const InferenceRows& rows) { parts.push_back(rows); }, kUtc);
  ASSERT_TRUE(line.drive({&*stream}));
  ASSERT_EQ(runs.size(), 2U);
  std::set<std::uint32_t> numbers;
  for (const InferenceRows& rows : parts) {
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const bool is_again =
          rows.vector[row] >= runs[1].first && rows.vector[row] < runs[1].first + runs[1].count;
      EXPECT_EQ(rows.run_index[row], is_again ? rows.vector[row] - runs[1].first : rows.vector[row]);
      EXPECT_EQ(rows.device_run[row] >> 8, 9U) << "the tag of the campaign";
      EXPECT_GE(rows.received_us[row], begin);
      numbers.insert(rows.device_run[row]);
    }
  }
  EXPECT_EQ(numbers.size(), 2U);
}

TEST_F(RunStreamTest, FramesBecomeSmallerAsLongAsSomeAreLost) {
  line.loses_answer = [n = 0](const FrameView& frame) mutable {
    return frame.header.type == THIL_ID_results && n++ % 2 == 0;
  };
  ASSERT_TRUE(run({request()}));
  expect_all(1, 1);
  std::uint8_t before = 32;
  for (std::size_t i = 1; i < runs.size(); ++i) {
    EXPECT_LE(runs[i].batch, before);
    EXPECT_GE(runs[i].batch, 1);
    before = runs[i].batch;
  }
  EXPECT_LT(before, 16);
}

TEST_F(RunStreamTest, ALostCommandAnswerOrEndCostsAQuestion) {
  loses_request = nth(THIL_ID_run, 0);
  ASSERT_TRUE(run({request()}));
  EXPECT_EQ(runs.size(), 2U);
  loses_request = {};
  line.loses_answer = nth(THIL_ID_done, 0);
  ASSERT_TRUE(run({request()}));
  EXPECT_EQ(runs.size(), 3U) << "results show that the command had arrived";
  line.loses_answer = nth(THIL_ID_run_ended, 0);
  ASSERT_TRUE(run({request()}));
  EXPECT_EQ(runs.size(), 4U) << "nothing was missing";
  expect_all(1, 3);
}

TEST_F(RunStreamTest, ALostEndWithLostResultsIsFoundByAsking) {
  line.loses_answer = [n = 0](const FrameView& frame) mutable {
    if (frame.header.type == THIL_ID_run_ended) return n++ == 0;
    return frame.header.type == THIL_ID_results && n == 0;
  };
  ASSERT_TRUE(run({request()}));
  expect_all(1, 1);
  EXPECT_EQ(runs.size(), 2U);
  EXPECT_GE(line.requests[THIL_ID_check], 1);
}

// Results come every three seconds, and four times that is more than the device is given.
TEST_F(RunStreamTest, ALostEndOfASlowRunIsNotTakenForAHang) {
  line.inference_time = std::chrono::seconds(3);
  RunRequest few = request();
  few.count = 4;
  line.loses_answer = [](const FrameView& frame) {
    const auto results = unpack<thil_results>(frame);
    return frame.header.type == THIL_ID_run_ended ||
           (results && results->first == 3 && results->run == (9U << 8 | 1));
  };
  const auto done = run({few});
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_EQ(stored[0][3], 1);
}

TEST_F(RunStreamTest, AShortLimitStillLeavesTimeToAsk) {
  RunRequest quick = request();
  quick.inference_timeout = milliseconds(300);
  line.loses_answer = [n = 0](const FrameView& frame) mutable {
    const bool is_tail = frame.header.type == THIL_ID_run_ended || frame.header.type == THIL_ID_results;
    return is_tail && n++ > 0 && n < 5;
  };
  const auto done = run({quick});
  ASSERT_TRUE(done) << done.error().what;
  expect_all(1, 1);
}

TEST_F(RunStreamTest, AHangIsATimeoutThatNamesTheVector) {
  bool is_dead = false;
  line.on_inference = [&, n = 0]() mutable { is_dead = n++ == 30 || is_dead; };
  line.loses_answer = [&](const FrameView&) { return is_dead; };
  RunRequest one_by_one = request();
  one_by_one.batch = 1;
  one_by_one.position = OrderPosition{0};
  one_by_one.inference_timeout = milliseconds(300);
  const Time begin = line.now;
  const auto done = run({one_by_one});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, FaultKind::timeout);
  EXPECT_NE(done.error().what.find("results of the range are missing"), std::string::npos)
      << done.error().what;
  EXPECT_EQ(stream->current(), 0U);
  EXPECT_EQ(stream->first_missing(), OrderPosition{30});
  EXPECT_EQ(stream->silence(), Silence::unexplained);
  EXPECT_LT(line.now - begin, milliseconds(1300))
      << "the limit, and three times that for a line that stalled";
  EXPECT_LE(flushes, 1);
  stream->hand_over_rest();
  EXPECT_EQ(std::count(stored[0].begin(), stored[0].end(), 1), 30) << done.error().what;
}

TEST_F(RunStreamTest, ALongRunIsHandedOverEverySecond) {
  line.inference_time = milliseconds(50);
  ASSERT_TRUE(run({request()}));
  expect_all(1, 1);
  EXPECT_GE(flushes, 8) << "of ten seconds";
  EXPECT_LE(flushes, 11);
}

TEST_F(RunStreamTest, OnlyWhatIsMissingIsAskedFor) {
  RunRequest rest = request();
  rest.models[0].done.assign(test::kCount, true);
  rest.models[0].done[17] = false;
  RunRequest nothing = request();
  nothing.models[0].done.assign(test::kCount, true);
  ASSERT_TRUE(run({nothing, rest, nothing}));
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0].first, 17);
  EXPECT_EQ(runs[0].count, 1);
  EXPECT_EQ(stored[0][17], 1);
}

TEST_F(RunStreamTest, RequestsWaitForTheirVectors) {
  const Bytes second(4000, 0);
  PushStream push({{SlotKind::vectors, 1, second, sha256(second), 0}}, milliseconds(5'000));
  RunRequest waiting = request();
  waiting.vector_slot = 1;
  waiting.mode = RunMode::throughput;
  waiting.count = 1;
  RunRequest ready = request();
  ready.mode = RunMode::throughput;
  std::size_t completed_before = 7;
  loses_request = [&](const FrameView& frame) {
    const auto run = unpack<thil_run>(frame);
    if (run && run->vector_slot == 1) completed_before = push.completed();
    return false;
  };
  RunStream run(
      {ready, waiting}, [&] { return 1 + push.completed(); }, sink());
  ASSERT_TRUE(line.drive({&push, &run}));
  EXPECT_EQ(completed_before, 1U);
  EXPECT_EQ(stored[0][0], 2);
}

// The first stream has all it wants while the device still works on its run.
TEST_F(RunStreamTest, LateResultsAreNotTakenForThoseOfTheNextRun) {
  RunRequest one = request(1, 50);
  one.count = 1;
  one.batch = 1;
  one.models[0].done.assign(50, true);
  one.models[0].done[0] = false;
  ASSERT_TRUE(run({one}));
  EXPECT_EQ(stored[0][0], 1);
  RunRequest other = request();
  other.first = 100;
  other.position = OrderPosition{100};
  other.count = 100;
  ASSERT_TRUE(run({other}));
  for (std::size_t vector = 100; vector < 200; ++vector) EXPECT_EQ(stored[0][vector], 1);
}

TEST_F(RunStreamTest, ARefusedRunIsAFault) {
  RunRequest beyond = request();
  beyond.count = test::kCount + 1;
  const auto done = run({beyond});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, FaultKind::refused);
}

TEST(RunStream, ADeviceThatTalksButInfersNothingIsATimeout) {
  Session session;
  session.open(5);
  RunRequest request;
  request.models.resize(1);
  request.count = 10;
  request.inference_timeout = milliseconds(300);
  RunStream run(
      {request}, [] { return 1; }, [](std::size_t, std::size_t, const InferenceRows&) {});
  Time now = Time{} + std::chrono::hours(1);
  const Time begin = now;
  const FrameView chatter{{THIL_ID_received, 0, 5, 8, 0, 0}, {}};
  while (!run.finished()) {
    run.fill(session, now);
    run.take(chatter, session, now);
    now += milliseconds(10);
    ASSERT_LT(now - begin, milliseconds(1500));
  }
  EXPECT_EQ(run.fault()->kind, FaultKind::timeout);
}

}  // namespace
}  // namespace tinyhil::device
