// SPDX-License-Identifier: Apache-2.0
// Models of several inputs and outputs: of one vector, and of one output, the tensors follow each other.
#include <numeric>

#include "running.hpp"

namespace agent_test {
namespace {

struct Tensors : Running {
  // Five bytes in two inputs (2 and 3), `outputs` bytes in three; output byte i is the input's sum + 10 + i.
  void load_several(std::uint8_t outputs = 7, std::uint8_t output_high = 0) {
    host.push(THIL_SLOT_MODEL, 0, {'F', 0, 5, 0, outputs, output_high, 10, 0, 2, 3});
    host.push(THIL_SLOT_VECTORS, kVectors, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
    load(0);
  }

  static Bytes counted_from(std::uint8_t first, std::size_t size) {
    Bytes output(size);
    std::iota(output.begin(), output.end(), first);
    return output;
  }
};

TEST_F(Tensors, LoadDescribesEachInItsRole) {
  load_several();
  const Frame answer = host.ask(thil_load{0, 0});
  const auto tensors = tensors_of(answer.as<thil_loaded>());
  ASSERT_EQ(tensors.size(), 5u);
  const std::uint8_t roles[] = {THIL_INPUT, THIL_OUTPUT, THIL_INPUT, THIL_OUTPUT, THIL_OUTPUT};
  const std::uint32_t bytes[] = {2, 2, 3, 2, 3};
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(tensors[i].first, roles[i]) << i;
    EXPECT_EQ(tensors[i].second.dims[1], bytes[i]) << i;
  }
}

TEST_F(Tensors, AsManyAsThereMayBeFitTheAnswer) {
  host.push(THIL_SLOT_MODEL, 0, {'F', 0, 8, 0, 8, 0, 0, 0, THIL_TENSORS_MAX, THIL_TENSORS_MAX});
  const Frame answer = host.ask(thil_load{0, 0});
  EXPECT_EQ(tensors_of(answer.as<thil_loaded>()).size(), 2u * THIL_TENSORS_MAX);
}

TEST_F(Tensors, AVectorIsGivenToAllInputsAndARowHasAllOutputs) {
  load_several();
  const auto rows = rows_of(start(run(0, 2)), 7);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].output, counted_from(1 + 2 + 3 + 4 + 5 + 10, 7));
  EXPECT_EQ(rows[1].output, counted_from(6 + 7 + 8 + 9 + 10 + 10, 7));
}

TEST_F(Tensors, ARunBeyondTheVectorsThatAreHeldIsRefused) {
  load_several();
  const auto refused = host.refusal(run(0, 3));
  EXPECT_EQ(refused.reason, THIL_REFUSED_RANGE);
  EXPECT_EQ(refused.value, 2u);
}

TEST_F(Tensors, ADigestIsOfAllOutputs) {
  load_several();
  auto request = run(0, 1);
  request.form = THIL_RESULT_DIGEST;
  const thil_digest digest = digest_of(counted_from(25, 7));
  EXPECT_EQ(rows_of(start(request), 8).at(0).output, Bytes(digest.bytes, digest.bytes + 8));
}

TEST_F(Tensors, LargeOnesComeInPartsThatFollowEachOther) {
  load_several(0x6C, 0x07);  // 1,900 bytes: 633, 633 and 634
  const auto frames = start(run(0, 1));
  Bytes whole;
  for (const Frame& frame : frames) {
    if (frame.header.type != THIL_ID_part) continue;
    const auto part = frame.as<thil_part>();
    EXPECT_EQ(part.offset, whole.size());
    whole.insert(whole.end(), part.content.bytes, part.content.bytes + part.content.size);
  }
  EXPECT_EQ(whole, counted_from(25, 1900));
  const auto rows = rows_of(frames, THIL_SHORT_DIGEST_SIZE);
  ASSERT_EQ(rows.size(), 1u);
  const thil_digest digest = digest_of(whole);
  EXPECT_EQ(rows[0].output, Bytes(digest.bytes, digest.bytes + 8));
  EXPECT_EQ(frames.back().header.type, THIL_ID_run_ended);
}

TEST_F(Tensors, TheLargestOfSeveralOutputsAreRefused) {
  load_several();
  auto request = run(0, 1);
  request.form = THIL_RESULT_TOP_K;
  request.top_k = 1;
  EXPECT_EQ(host.refusal(request).reason, THIL_REFUSED_OUTPUTS);
}

}  // namespace
}  // namespace agent_test
