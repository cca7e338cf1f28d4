// SPDX-License-Identifier: Apache-2.0
// Whose it is when nothing comes: a slow inference, a line that stalls or damages, a device that hangs or
// babbles.
#include "model/inference_rows.hpp"
#include "testing/run_stream_fixture.hpp"

namespace tinyhil::device {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint16_t kFew = 10;  // vectors, where each takes long

class SilenceTest : public test::RunStreamTest {
 protected:
  static RunRequest few(milliseconds inference_timeout) {
    RunRequest request = test::RunStreamTest::request();
    request.count = kFew;
    request.inference_timeout = inference_timeout;
    request.clock_hz = 1'000'000;
    return request;
  }
  void expect_each_run_once() const {
    ASSERT_EQ(runs.size(), 1U) << "nothing was asked for again";
    EXPECT_EQ(statuses, std::vector<std::uint8_t>(kFew, THIL_RESULT_OK));
    EXPECT_EQ(inferences_, kFew);
  }
  // What the device sends from its n-th inference on.
  void from_inference(int which, std::function<void()> action) {
    line.on_inference = [this, which, action = std::move(action)] {
      if (inferences_++ == which) action();
    };
  }
  int inferences_ = 0;
};

TEST_F(SilenceTest, AnInferenceOfMoreThanHalfItsLimitIsNotDisturbedAndNotRunAgain) {
  line.inference_time = seconds(6);
  from_inference(-1, [] {});
  ASSERT_TRUE(run({few(seconds(10))}));
  expect_each_run_once();
  EXPECT_EQ(stream->late().times, 0);
}

TEST_F(SilenceTest, AnInferenceThatTakesLongerThanItMayIsNamedWithItsTime) {
  line.inference_time = seconds(12);
  const auto done = run({few(seconds(10))});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, FaultKind::timeout);
  EXPECT_EQ(done.error().what,
            "an inference took 12.0 s, longer than `inference_timeout` in the campaign, 10.0 s");
  EXPECT_NE(done.error().remedy.find("raise `inference_timeout`"), std::string::npos);
  ASSERT_TRUE(stream->slow());
  EXPECT_EQ(stream->slow()->vector, OrderPosition{0});
}

// A campaign without `inference_timeout`.
class LearningTest : public SilenceTest {
 protected:
  static RunRequest unknown(milliseconds longest) {
    RunRequest request = few(seconds(10));
    request.longest_inference = longest;
    return request;
  }
  Result<void> run_and_time(const RunRequest& request) {
    const Time begin = line.now;
    Result<void> done = run({request});
    took_ = std::chrono::duration_cast<seconds>(line.now - begin);
    return done;
  }
  seconds took_{};
};

TEST_F(LearningTest, AModelThatIsSlowFromItsFirstInferenceIsNoHang) {
  line.inference_time = seconds(25);
  from_inference(-1, [] {});
  const auto done = run({unknown(seconds(60))});
  ASSERT_TRUE(done) << done.error().what;
  expect_each_run_once();
  EXPECT_EQ(stream->late().times, 0);
  EXPECT_GE(stream->longest_seen(), seconds(25));
}

TEST_F(LearningTest, AModelThatBecomesAFewTimesSlowerIsNoHang) {
  line.inference_time = seconds(2);
  from_inference(2, [this] { line.inference_time = seconds(15); });
  const auto done = run({unknown(seconds(60))});
  ASSERT_TRUE(done) << done.error().what;
  expect_each_run_once();
  EXPECT_EQ(stream->late().times, 0) << "the line is not to blame";
}

TEST_F(LearningTest, AQuickModelThatFallsSilentIsNotWaitedForAsLongAsAnUnknownOne) {
  bool is_dead = false;
  line.inference_time = milliseconds(300);
  from_inference(3, [&] { is_dead = true; });
  line.loses_answer = [&](const FrameView&) { return is_dead; };
  ASSERT_FALSE(run_and_time(unknown(seconds(600))));
  EXPECT_LT(took_, seconds(30));
}

TEST_F(LearningTest, AnUnknownModelIsWaitedForAsLongAsTheBenchSays) {
  line.loses_answer = [](const FrameView& frame) { return frame.header.type != THIL_ID_done; };
  const auto done = run_and_time(unknown(seconds(60)));
  ASSERT_FALSE(done);
  EXPECT_GE(took_, seconds(60));
  EXPECT_NE(done.error().remedy.find("`longest_inference` in the bench file"), std::string::npos);
}

TEST_F(LearningTest, AnInferenceThatTakesLongerThanTheBenchExpectsIsNamed) {
  line.inference_time = seconds(62);
  const auto done = run({unknown(seconds(60))});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().what,
            "an inference took 62.0 s, longer than `longest_inference` in the "
            "bench file, 60.0 s");
  EXPECT_TRUE(stream->slow());
}

TEST_F(SilenceTest, ResultsThatAStalledLineBringsLateAreTaken) {
  for (const auto& [stall, limit] :
       {std::pair{seconds(12), seconds(10)}, std::pair{seconds(3), seconds(1)}}) {
    inferences_ = 0;
    statuses.clear();
    runs.clear();
    from_inference(3, [this, stall = stall] { line.stall_answers(stall); });
    const auto done = run({few(limit)});
    ASSERT_TRUE(done) << done.error().what;
    expect_each_run_once();
    EXPECT_EQ(stream->late().times, 1);
    EXPECT_GT(stream->late().most, milliseconds(500));
  }
}

TEST_F(SilenceTest, ADeadLineShowsNoHang) {
  bool is_dead = false;
  from_inference(3, [&] { is_dead = true; });
  line.loses_answer = [&](const FrameView&) { return is_dead; };
  const auto done = run({few(seconds(10))});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, FaultKind::timeout);
  EXPECT_EQ(stream->silence(), Silence::unexplained);
}

TEST_F(SilenceTest, ALineThatDamagesEverythingIsToBlameItself) {
  from_inference(3, [&] { line.disturbance.bit = 0.02; });
  const auto done = run({few(seconds(1))});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, FaultKind::corrupt) << done.error().what;
  EXPECT_NE(done.error().what.find("frames arrived damaged"), std::string::npos) << done.error().what;
  EXPECT_EQ(stream->silence(), Silence::none);
}

TEST_F(SilenceTest, ThirtyDamagedFramesInAHundredCostNothingButTime) {
  std::mt19937 random(7);
  line.loses_answer = [&](const FrameView&) { return random() % 10 < 3; };
  line.inference_time = milliseconds(20);
  const auto done = run({few(seconds(1))});
  EXPECT_TRUE(done) << done.error().what;
}

// Frames of the session that answer no question prove that the line is good, and the device is not.
TEST(Silence, ADeviceThatFloodsMessagesIsBoundedByTheInferencesOwnLimit) {
  Session session;
  session.open(5);
  RunRequest request;
  request.models.resize(1);
  request.count = 10;
  request.inference_timeout = milliseconds(500);
  RunStream run(
      {request}, [] { return 1; }, [](std::size_t, std::size_t, const InferenceRows&) {});
  Time now = Time{} + std::chrono::hours(1);
  const Time begin = now;
  const FrameView health{{THIL_ID_health, 0, 5, 8, 0, 0}, {}};
  while (!run.finished()) {
    run.fill(session, now);
    run.take(health, session, now);
    now += milliseconds(10);
    ASSERT_LT(now - begin, milliseconds(550));
  }
  EXPECT_EQ(run.fault()->kind, FaultKind::timeout);
  EXPECT_EQ(run.silence(), Silence::of_the_device);
  EXPECT_NE(run.fault()->what.find("messages that nobody had asked for"), std::string::npos);
}

TEST(Silence, AFloodOfMessagesIsNoSignThatALoadGoesOn) {
  Session session;
  session.open(5);
  Exchange load(THIL_ID_load, {0, 0}, Patience{milliseconds(500), true});
  Time now = Time{} + std::chrono::hours(1);
  const Time begin = now;
  const FrameView health{{THIL_ID_health, 0, 5, 8, 0, 0}, {}};
  while (!load.finished()) {
    load.fill(session, now);
    load.take(health, session, now);
    now += milliseconds(10);
    ASSERT_LT(now - begin, milliseconds(550));
  }
  EXPECT_EQ(load.fault()->kind, FaultKind::timeout);
}

}  // namespace
}  // namespace tinyhil::device
