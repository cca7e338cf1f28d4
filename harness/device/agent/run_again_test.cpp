// SPDX-License-Identifier: Apache-2.0
// Inferences that are asked for again though a row came: disturbed ones, and digests that differ.
#include "model/inference_rows.hpp"
#include "testing/run_stream_fixture.hpp"

namespace tinyhil::device {
using test::RunStreamTest;

namespace {

using std::chrono::milliseconds;
using Bytes = std::vector<std::uint8_t>;

TEST_F(RunStreamTest, ADisturbedRowIsMeasuredAgain) {
  line.on_inference = [this, n = 0]() mutable {
    if (n++ == 7) line.port.to_device.push_back(0);
  };
  ASSERT_TRUE(run({request()}));
  expect_all(1, 1);
  EXPECT_EQ(statuses, std::vector<std::uint8_t>(test::kCount, THIL_RESULT_OK));
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[1].first, 7);
  EXPECT_EQ(runs[1].count, 1);
}

TEST_F(RunStreamTest, ARowThatIsAlwaysDisturbedIsTakenAsItIs) {
  line.on_inference = [this] { line.port.to_device.push_back(0); };
  ASSERT_TRUE(run({request()}));
  expect_all(1, 1);
  EXPECT_EQ(statuses, std::vector<std::uint8_t>(test::kCount, THIL_RESULT_DISTURBED));
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
  constexpr std::size_t kInput = 8;  // in the fake engine's model, which is its arena
  line.on_inference = [this, n = 0]() mutable {
    if (n++ < test::kCount) return;
    line.port.arenas[kInput] = static_cast<std::uint8_t>(line.port.arenas[kInput] + 1);
  };
  stream.emplace(
      std::vector<RunRequest>{digests}, [] { return 1; },
      [](std::size_t, std::size_t, const InferenceRows&) {});
  ASSERT_TRUE(line.drive({&*stream}));
  EXPECT_EQ(stream->unsteady(), std::vector{OrderPosition{40}});
}

}  // namespace
}  // namespace tinyhil::device
