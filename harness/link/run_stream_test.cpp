// SPDX-License-Identifier: Apache-2.0
#include "run_stream.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "exchange.hpp"
#include "push_stream.hpp"
#include "virtual_line_test.hpp"

namespace tinyhil {
namespace {

using std::chrono::milliseconds;
using Bytes = std::vector<std::uint8_t>;

constexpr std::uint16_t kCount = 200;  // vectors of one byte, which is their number

struct SentRun {
  std::uint16_t first = 0;
  std::uint16_t count = 0;
  std::uint8_t form = 0;
  std::uint8_t batch = 0;
};

// Model 0 gives the vector back, model 1 adds a hundred.
class RunStreamTest : public ::testing::Test {
 protected:
  RunStreamTest() : content(kCount) {
    for (std::uint16_t i = 0; i < kCount; ++i) content[i] = static_cast<std::uint8_t>(i);
    EXPECT_TRUE(line.hello());
    PushStream push({{SlotKind::model, 0, kModels[0], sha256(kModels[0]), 0},
                     {SlotKind::model, 1, kModels[1], sha256(kModels[1]), 0},
                     {SlotKind::vectors, 0, content, sha256(content), 0}},
                    milliseconds(5'000));
    EXPECT_TRUE(line.drive({&push}));
    for (std::uint16_t slot = 0; slot < 2; ++slot) {
      thil_load load{};
      load.slot = slot;
      Exchange exchange(THIL_ID_load, pack(load), Patience{milliseconds(5'000), true});
      EXPECT_TRUE(line.drive({&exchange}));
    }
    line.requests.clear();
    line.loses_request = [this](const FrameView& frame) { return hear_request(frame); };
  }

  static RunRequest request(std::size_t models = 1, std::uint16_t repeats = 1) {
    RunRequest request;
    for (std::uint8_t slot = 0; slot < models; ++slot) {
      Tensor output;
      output.rank = 1;
      request.models.push_back({slot, output, {}, {}});
    }
    request.count = kCount;
    request.repeats = repeats;
    request.tag = 9;
    request.inference_timeout = milliseconds(10'000);
    return request;
  }
  Result<void> run(std::vector<RunRequest> requests) {
    const std::size_t all = requests.size();
    stream.emplace(
        std::move(requests), [all] { return all; }, sink());
    return line.drive({&*stream});
  }
  RunStream::Sink sink() {
    return [this](std::size_t, std::size_t model, const InferenceRows& rows) {
      ++flushes;
      for (std::size_t row = 0; row < rows.size(); ++row) {
        ++stored[model].at(rows.vector[row]);
        statuses.push_back(rows.status[row]);
        EXPECT_EQ(rows.outputs[row], static_cast<std::uint8_t>(rows.vector[row] + 100 * model))
            << "vector " << rows.vector[row] << ", model " << model;
      }
    };
  }
  void expect_all(std::size_t models, int copies) const {
    for (std::size_t model = 0; model < models; ++model) {
      EXPECT_EQ(stored[model], std::vector<int>(kCount, copies)) << "model " << model;
    }
  }
  static std::function<bool(const FrameView&)> nth(std::uint8_t type, int which) {
    return [type, left = which](const FrameView& frame) mutable {
      return frame.header.type == type && left-- == 0;
    };
  }

  const std::vector<Bytes> kModels{{'F', 0, 1, 0, 1, 0, 0}, {'F', 0, 1, 0, 1, 0, 100}};
  Bytes content;
  VirtualLine line;
  std::optional<RunStream> stream;
  std::vector<SentRun> runs;
  std::function<bool(const FrameView&)> loses_request;
  std::array<std::vector<int>, 2> stored{std::vector<int>(kCount), std::vector<int>(kCount)};
  std::vector<std::uint8_t> statuses;
  int flushes = 0;

 private:
  bool hear_request(const FrameView& frame) {
    if (const auto run = unpack<thil_run>(frame)) {
      runs.push_back({run->first, run->count, run->form, run->batch});
    }
    return loses_request && loses_request(frame);
  }
};

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

TEST_F(RunStreamTest, ADisturbedRowIsMeasuredAgain) {
  line.on_inference = [this, n = 0]() mutable {
    if (n++ == 7) line.port.to_device.push_back(0);
  };
  ASSERT_TRUE(run({request()}));
  expect_all(1, 1);
  EXPECT_EQ(statuses, std::vector<std::uint8_t>(kCount, THIL_RESULT_OK));
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[1].first, 7);
  EXPECT_EQ(runs[1].count, 1);
}

TEST_F(RunStreamTest, ARowThatIsAlwaysDisturbedIsTakenAsItIs) {
  line.on_inference = [this] { line.port.to_device.push_back(0); };
  ASSERT_TRUE(run({request()}));
  expect_all(1, 1);
  EXPECT_EQ(statuses, std::vector<std::uint8_t>(kCount, THIL_RESULT_DISTURBED));
  EXPECT_EQ(runs.size(), 4U);
}

TEST_F(RunStreamTest, DigestsThatMatchAreEnoughAndOthersAreFetched) {
  RunRequest digests = request();
  digests.form = ResultForm::digest;
  Bytes golden = content;
  digests.models[0].golden = golden;
  ASSERT_TRUE(run({digests}));
  EXPECT_EQ(runs.size(), 1U);
  golden[40] = 0;
  ASSERT_TRUE(run({digests}));
  expect_all(1, 2);
  ASSERT_EQ(runs.size(), 3U);
  EXPECT_EQ(runs[1].form, THIL_RESULT_DIGEST);
  EXPECT_EQ(runs[2].form, THIL_RESULT_FULL);
  EXPECT_EQ(runs[2].first, 40);
  EXPECT_EQ(runs[2].count, 1);
  EXPECT_TRUE(stream->unsteady().empty());
}

TEST_F(RunStreamTest, AnOutputThatChangesBetweenDigestAndFetchIsNoticed) {
  RunRequest digests = request();
  digests.form = ResultForm::digest;
  Bytes golden = content;
  golden[40] = 0;
  digests.models[0].golden = golden;
  // The first inference of the second run: another sum than before, though of the same vector.
  constexpr std::size_t kInput = 6;  // in the fake engine's model, which is its arena
  line.on_inference = [this, n = 0]() mutable {
    if (n++ < kCount) return;
    line.port.arenas[kInput] = static_cast<std::uint8_t>(line.port.arenas[kInput] + 1);
  };
  stream.emplace(
      std::vector<RunRequest>{digests}, [] { return 1; },
      [](std::size_t, std::size_t, const InferenceRows&) {});
  ASSERT_TRUE(line.drive({&*stream}));
  EXPECT_EQ(stream->unsteady(), (std::vector<std::uint32_t>{40}));
}

TEST_F(RunStreamTest, AHangIsATimeoutThatNamesTheVector) {
  bool is_dead = false;
  line.on_inference = [&, n = 0]() mutable { is_dead = n++ == 30 || is_dead; };
  line.loses_answer = [&](const FrameView&) { return is_dead; };
  RunRequest one_by_one = request();
  one_by_one.batch = 1;
  one_by_one.ordinal = 0;
  one_by_one.inference_timeout = milliseconds(300);
  const Time begin = line.now;
  const auto done = run({one_by_one});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, FaultKind::timeout);
  EXPECT_NE(done.error().what.find("vector 30"), std::string::npos) << done.error().what;
  EXPECT_EQ(stream->current(), 0U);
  EXPECT_EQ(stream->first_missing(), 30U);
  EXPECT_LT(line.now - begin, milliseconds(400));
  EXPECT_EQ(flushes, 0);
  stream->hand_over_rest();
  EXPECT_EQ(std::count(stored[0].begin(), stored[0].end(), 1), 30);
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
  rest.models[0].done.assign(kCount, true);
  rest.models[0].done[17] = false;
  RunRequest nothing = request();
  nothing.models[0].done.assign(kCount, true);
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
  other.ordinal = 100;
  other.count = 100;
  ASSERT_TRUE(run({other}));
  for (std::size_t vector = 100; vector < 200; ++vector) EXPECT_EQ(stored[0][vector], 1);
}

TEST_F(RunStreamTest, ARefusedRunIsAFault) {
  RunRequest beyond = request();
  beyond.count = kCount + 1;
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
}  // namespace tinyhil
