// SPDX-License-Identifier: Apache-2.0
#include "result_grid.hpp"

#include <gtest/gtest.h>

#include "model/inference_rows.hpp"

namespace tinyhil::device {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr VectorRange kWhole{10, 3};

Tensor output_of(std::uint32_t size) {
  Tensor output;
  output.rank = 1;
  output.dims = {size, 1, 1, 1};
  return output;
}

// One output byte a row, status and clock and timer before it.
RunRequest three_vectors_twice(std::size_t models = 1) {
  RunRequest request;
  for (std::size_t i = 0; i < models; ++i)
    request.models.push_back({static_cast<std::uint8_t>(i), output_of(1), {}, {}});
  request.first = 10;
  request.count = 3;
  request.repeats = 2;
  request.position = OrderPosition{500};
  return request;
}

Bytes row(std::uint8_t status, std::uint8_t clock, Bytes output) {
  Bytes bytes{status, clock, 0, 0, 0, 7, 0, 0, 0};
  bytes.insert(bytes.end(), output.begin(), output.end());
  return bytes;
}

Bytes digest_row(const Bytes& output) {
  const Digest digest = sha256(output);
  return row(0, 1, Bytes(digest.bytes.begin(), digest.bytes.begin() + THIL_SHORT_DIGEST_SIZE));
}

bool add(ResultGrid& grid, const VectorRange& range, std::uint32_t index, const Bytes& rows,
         ResultForm form = ResultForm::full) {
  return grid.add({range, form, 77}, index, {rows.data(), rows.size()}, 1'000'000 + index).has_value();
}

Bytes operator+(Bytes left, const Bytes& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

TEST(ResultGrid, PutsEachRowInItsPlaceHoweverTheyArrive) {
  ResultGrid grid(three_vectors_twice());
  EXPECT_TRUE(add(grid, kWhole, 4, row(0, 4, {24}) + row(0, 5, {25})));
  EXPECT_TRUE(add(grid, kWhole, 0, row(0, 0, {20})));
  EXPECT_TRUE(add(grid, kWhole, 1, row(0, 1, {21}) + row(0, 2, {22}) + row(0, 3, {23})));
  ASSERT_TRUE(grid.complete());
  const InferenceRows rows = grid.take(0);
  EXPECT_EQ(rows.vector, (std::vector<std::uint32_t>{502, 502, 500, 500, 501, 501}));
  EXPECT_EQ(rows.repeat, (std::vector<std::uint16_t>{0, 1, 0, 1, 0, 1}));
  EXPECT_EQ(rows.clock, (std::vector<std::uint32_t>{4, 5, 0, 1, 2, 3}));
  EXPECT_EQ(rows.outputs, (Bytes{24, 25, 20, 21, 22, 23}));
  EXPECT_EQ(grid.take(0).size(), 0U) << "handed out once";
}

TEST(ResultGrid, SaysOfEachRowWhichInferenceOfWhichRunItIs) {
  ResultGrid grid(three_vectors_twice(2));
  const Bytes four = row(0, 1, {1}) + row(0, 1, {1}) + row(0, 1, {1}) + row(0, 1, {1});
  EXPECT_TRUE(grid.add({kWhole, ResultForm::full, 77}, 0, {four.data(), four.size()}, 5'000));
  EXPECT_TRUE(grid.add({{12, 1}, ResultForm::full, 78}, 0, {four.data(), four.size()}, 6'000));
  const InferenceRows rows = grid.take(0);
  EXPECT_EQ(rows.vector, (std::vector<std::uint32_t>{500, 500, 502, 502}));
  EXPECT_EQ(rows.device_run, (std::vector<std::uint32_t>{77, 77, 78, 78}));
  EXPECT_EQ(rows.run_index, (std::vector<std::uint32_t>{0, 3, 0, 3}));
  EXPECT_EQ(rows.received_us, (std::vector<std::int64_t>{5'000, 5'000, 6'000, 6'000}));
  EXPECT_EQ(grid.take(1).run_index, (std::vector<std::uint32_t>{1, 2, 1, 2}));
}

TEST(ResultGrid, AnOutputThatDiffersHasTheOriginOfTheRunThatBroughtIt) {
  RunRequest request = three_vectors_twice();
  request.count = 1;
  request.repeats = 1;
  request.form = ResultForm::digest;
  const Bytes golden{5};
  request.models[0].golden = golden;
  ResultGrid grid(request);
  const Bytes other = digest_row({6}), whole = row(0, 1, {6});
  EXPECT_TRUE(grid.add({{10, 1}, ResultForm::digest, 77}, 0, {other.data(), other.size()}, 5'000));
  EXPECT_TRUE(grid.add({{10, 1}, ResultForm::full, 78}, 0, {whole.data(), whole.size()}, 6'000));
  const InferenceRows rows = grid.take(0);
  EXPECT_EQ(rows.device_run, std::vector<std::uint32_t>{78});
  EXPECT_EQ(rows.received_us, std::vector<std::int64_t>{6'000});
}

TEST(ResultGrid, KnowsTheOrderOfTheModels) {
  ResultGrid grid(three_vectors_twice(2));
  EXPECT_TRUE(add(grid, kWhole, 0,
                  row(0, 0, {1}) + row(0, 0, {2}) + row(0, 0, {3}) + row(0, 0, {4}) + row(0, 0, {5})));
  EXPECT_EQ(grid.take(0).outputs, (Bytes{1, 4, 5})) << "A B B A";
  EXPECT_EQ(grid.take(1).outputs, (Bytes{2, 3}));
}

TEST(ResultGrid, ARunOverAPartBeginsItsOrderAnew) {
  ResultGrid grid(three_vectors_twice(2));
  EXPECT_TRUE(add(grid, {11, 1}, 0, row(0, 0, {1}) + row(0, 0, {2}) + row(0, 0, {3}) + row(0, 0, {4})));
  const InferenceRows first = grid.take(0);
  EXPECT_EQ(first.outputs, (Bytes{1, 4}));
  EXPECT_EQ(first.vector, (std::vector<std::uint32_t>{501, 501}));
}

TEST(ResultGrid, KeepsTheFirstOfTwoCopies) {
  ResultGrid grid(three_vectors_twice());
  EXPECT_TRUE(add(grid, kWhole, 0, row(0, 0, {1})));
  EXPECT_TRUE(add(grid, kWhole, 0, row(0, 0, {2})));
  EXPECT_EQ(grid.missing(), 5U);
  EXPECT_EQ(grid.take(0).outputs, (Bytes{1}));
}

TEST(ResultGrid, RefusesWhatWasNotAskedForOrIsCutShort) {
  ResultGrid grid(three_vectors_twice());
  EXPECT_FALSE(add(grid, kWhole, 6, row(0, 0, {1}))) << "beyond the range";
  EXPECT_FALSE(add(grid, {11, 1}, 2, row(0, 0, {1}))) << "beyond the part";
  EXPECT_FALSE(add(grid, kWhole, UINT32_MAX, row(0, 0, {1})));
  EXPECT_FALSE(add(grid, kWhole, 0, row(0, 0, {}))) << "no output";
  EXPECT_FALSE(add(grid, kWhole, 0, row(0, 0, {1, 2}))) << "half a row follows";
  EXPECT_FALSE(add(grid, kWhole, 0, row(9, 0, {1}))) << "no such status";
  EXPECT_EQ(grid.missing(), 5U) << "one whole row came with the half one";
}

TEST(ResultGrid, AFailedInvokeHasNoOutputAndIsStoredWithZeros) {
  ResultGrid grid(three_vectors_twice());
  EXPECT_TRUE(add(grid, kWhole, 0, row(THIL_RESULT_INVOKE_FAILED, 0, {}) + row(0, 0, {9})));
  EXPECT_EQ(grid.missing(), 4U);
  EXPECT_EQ(grid.take(0).outputs, (Bytes{0, 9}));
}

TEST(ResultGrid, ADisturbedRowIsWantedOnlyWhenNoQuietOneCanBeHad) {
  ResultGrid grid(three_vectors_twice());
  EXPECT_TRUE(add(grid, kWhole, 0, row(THIL_RESULT_DISTURBED, 0, {1})));
  EXPECT_EQ(grid.missing(), 6U);
  grid.accept_disturbed();
  EXPECT_TRUE(add(grid, kWhole, 0, row(THIL_RESULT_DISTURBED, 0, {1})));
  EXPECT_EQ(grid.missing(), 5U);
}

TEST(ResultGrid, AsksForRangesAroundWhatIsMissing) {
  RunRequest request = three_vectors_twice();
  request.count = 20;
  request.models[0].done.assign(40, true);
  for (const std::size_t vector : {1, 3, 15, 19}) request.models[0].done[2 * vector + 1] = false;
  const ResultGrid grid(request);
  EXPECT_EQ(grid.missing(), 4U);
  EXPECT_EQ(grid.first_missing(), OrderPosition{501});
  const auto ranges = grid.missing_ranges();
  ASSERT_EQ(ranges.size(), 3U);
  EXPECT_EQ(ranges[0].first, 11);
  EXPECT_EQ(ranges[0].count, 3) << "one vector in between costs less than another run";
  EXPECT_EQ(ranges[1].first, 25);
  EXPECT_EQ(ranges[1].count, 1);
  EXPECT_EQ(ranges[2].first, 29);
}

TEST(ResultGrid, ADigestOfTheGoldenOutputStandsForIt) {
  const Bytes golden{5, 6, 7};
  RunRequest request = three_vectors_twice();
  request.repeats = 1;
  request.form = ResultForm::digest;
  request.models[0].golden = golden;
  ResultGrid grid(request);
  EXPECT_EQ(grid.next_form(), ResultForm::digest);
  EXPECT_TRUE(add(grid, kWhole, 0, digest_row({5}) + digest_row({60}) + digest_row({7}), ResultForm::digest));
  EXPECT_EQ(grid.take(0).outputs, (Bytes{5, 7}));
  EXPECT_EQ(grid.missing(), 1U);
  EXPECT_EQ(grid.next_form(), ResultForm::full) << "what differs is wanted whole";
  EXPECT_EQ(grid.first_missing(), OrderPosition{501});
  EXPECT_TRUE(add(grid, {11, 1}, 0, row(0, 0, {60})));
  EXPECT_TRUE(grid.complete());
  EXPECT_EQ(grid.take(0).outputs, (Bytes{60}));
  EXPECT_TRUE(grid.unsteady().empty());
}

TEST(ResultGrid, NoticesAnOutputThatChangesBetweenTwoAskings) {
  const Bytes golden{5, 6, 7};
  RunRequest request = three_vectors_twice();
  request.repeats = 1;
  request.form = ResultForm::digest;
  request.models[0].golden = golden;
  ResultGrid grid(request);
  EXPECT_TRUE(add(grid, kWhole, 1, digest_row({60}), ResultForm::digest));
  EXPECT_TRUE(add(grid, kWhole, 1, row(0, 0, {61})));
  EXPECT_EQ(grid.unsteady(), std::vector{OrderPosition{501}});
}

TEST(ResultGrid, TopKRowsHoldAnIndexAndAnElementEach) {
  RunRequest request = three_vectors_twice();
  request.form = ResultForm::top_k;
  request.top_k = 2;
  request.models[0].output = output_of(10);
  ResultGrid grid(request);
  EXPECT_TRUE(add(grid, kWhole, 0, row(0, 0, {3, 0, 99, 4, 0, 98}), ResultForm::top_k));
  EXPECT_EQ(grid.take(0).outputs, (Bytes{3, 0, 99, 4, 0, 98}));
  request.models[0].output = output_of(1);
  EXPECT_EQ(request.row_size(request.models[0]), 3U) << "no more than there are";
}

TEST(ResultGrid, ThroughputRowsHaveNoTimer) {
  RunRequest request = three_vectors_twice();
  request.mode = RunMode::throughput;
  ResultGrid grid(request);
  EXPECT_TRUE(add(grid, kWhole, 0, {0, 8, 0, 0, 0, 42}));
  const InferenceRows rows = grid.take(0);
  EXPECT_EQ(rows.outputs, (Bytes{42}));
  EXPECT_EQ(rows.clock, (std::vector<std::uint32_t>{8}));
}

}  // namespace
}  // namespace tinyhil::device
