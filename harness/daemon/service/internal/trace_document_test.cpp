// SPDX-License-Identifier: Apache-2.0
#include "trace_document.hpp"

#include <gmock/gmock.h>

#include <cstring>
#include <nlohmann/json.hpp>
#include <span>
#include <vector>

#include "base/error.hpp"
#include "base/temporary_folder.hpp"
#include "meter/trace_writer.hpp"
#include "store/run_store.hpp"
#include "testing/complaint.hpp"
#include "testing/database.hpp"
#include "testing/recording.hpp"

namespace tinyhil::daemon {

namespace {

using testing::HasSubstr;

constexpr float kLowA = 1e-3F, kHighA = 3e-3F;  // of every second sample

// Board m4: a second at 100,000 samples, of which 10,000 are lost from 0.5 s on; two windows.
class TraceDocument : public testing::Test {
 protected:
  void SetUp() override {
    write_trace();
    const auto store = store::open_store(store_, store::StoreAccess::read_write);
    const std::int64_t run = store->begin_run(test::wake_word_run());
    const std::int64_t recording = store->begin_recording(run, {"m4", test::bench_meter()});
    std::vector<MeasuredWindow> windows{test::inference_window("shipped", 7, 1e-4),
                                        test::inference_window("slim", 8, 2e-4)};
    windows[0].begin_s = 0.1;
    windows[1].begin_s = 0.7;
    store->add_windows(recording, windows);
    store->end_recording(recording, {RecordingState::complete, {}, "m4.trace", {}, 90'000});
  }

  void write_trace() const {
    meter::TraceWriter writer(folder_.path() / "m4.trace",
                              {test::bench_meter(), meter::WordFormat::amperes_f32});
    add(writer, 0, 50'000);
    writer.gap({50'000, 10'000, meter::GapCause::counter});
    add(writer, 60'000, 40'000);
    writer.finish();
  }

  static void add(meter::TraceWriter& writer, std::uint64_t first, std::size_t count) {
    std::vector<float> current(count);
    for (std::size_t i = 0; i < count; ++i) current[i] = i % 2 == 0 ? kLowA : kHighA;
    std::vector<std::uint8_t> words(count * sizeof(float));
    std::memcpy(words.data(), current.data(), words.size());
    writer.samples({first, words, current, {}});
  }

  nlohmann::ordered_json ask(const TraceQuestion& question) const { return trace_document(store_, question); }

  TemporaryFolder folder_;
  std::filesystem::path store_ = folder_.path() / "run.db";
};

TEST_F(TraceDocument, GivesTheWholeRecordingInSoManyColumnsWithItsGap) {
  TraceQuestion question;
  question.columns = 50;
  const nlohmann::ordered_json document = ask(question);
  EXPECT_EQ(document["board"], "m4");
  EXPECT_EQ(document["models"], (std::vector<std::string>{"shipped", "slim"}));
  EXPECT_DOUBLE_EQ(document["to_s"], 1);
  EXPECT_DOUBLE_EQ(document["column_s"], 0.02);
  ASSERT_EQ(document["low_ua"].size(), 50);
  EXPECT_NEAR(document["low_ua"][0], 1000, 0.1);
  EXPECT_NEAR(document["high_ua"][0], 3000, 0.1);
  EXPECT_NEAR(document["mean_ua"][45], 2000, 0.1);
  EXPECT_TRUE(document["mean_ua"][27].is_null()) << "nothing was recorded then";
  EXPECT_NEAR(document["mean_of_range_ua"], 2000, 0.1) << "of what was recorded";
  EXPECT_EQ(document["windows"].size(), 2);
}

TEST_F(TraceDocument, GoesDownToSingleSamples) {
  TraceQuestion question;
  question.from_s = 0.2;
  question.to_s = 0.20002;
  question.columns = 2;
  const nlohmann::ordered_json document = ask(question);
  EXPECT_NEAR(document["high_ua"][0], 1000, 0.1);
  EXPECT_NEAR(document["low_ua"][1], 3000, 0.1);
}

TEST_F(TraceDocument, ShowsTheStretchOfOneModelsWindows) {
  TraceQuestion question;
  question.model = "slim";
  const nlohmann::ordered_json document = ask(question);
  EXPECT_NEAR(document["from_s"], 0.699, 1e-9);
  EXPECT_NEAR(document["to_s"], 0.721, 1e-9);
  ASSERT_EQ(document["windows"].size(), 1);
  EXPECT_EQ(document["windows"][0]["label"], "slim, vector 8");
}

TEST_F(TraceDocument, RefusesWhatTheRecordingDoesNotHave) {
  TraceQuestion other_board;
  other_board.board = "m7";
  EXPECT_THAT(test::error_of([&] { ask(other_board); }).what(), HasSubstr("no recording has board `m7`"));
  TraceQuestion beyond;
  beyond.from_s = 5;
  EXPECT_THAT(test::error_of([&] { ask(beyond); }).what(), HasSubstr("less than a sample"));
  TraceQuestion backwards;
  backwards.from_s = 0.5;
  backwards.to_s = 0.4;
  EXPECT_EQ(test::error_of([&] { ask(backwards); }).kind(), ErrorKind::usage);
}

TEST_F(TraceDocument, SaysThatATraceIsGone) {
  std::filesystem::remove(folder_.path() / "m4.trace");
  EXPECT_EQ(test::error_of([&] { ask({}); }).kind(), ErrorKind::not_found);
}

TEST_F(TraceDocument, SaysThatNoCurrentWasRecorded) {
  const std::filesystem::path other = folder_.path() / "other.db";
  store::open_store(other, store::StoreAccess::read_write)->begin_run(test::wake_word_run());
  EXPECT_THAT(test::error_of([&] { trace_document(other, {}); }).what(),
              HasSubstr("no current was recorded"));
}

}  // namespace

}  // namespace tinyhil::daemon
