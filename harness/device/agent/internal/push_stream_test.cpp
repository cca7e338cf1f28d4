// SPDX-License-Identifier: Apache-2.0
#include "push_stream.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "testing/virtual_line.hpp"

namespace tinyhil::device {
namespace {

using std::chrono::milliseconds;
using Bytes = std::vector<std::uint8_t>;

constexpr std::uint32_t kPushedSize = 4000;  // of a block: four chunks
constexpr milliseconds kSilence{5'000};

struct SentChunk {
  std::uint16_t slot = 0;
  std::uint32_t offset = 0;
  std::size_t size = 0;
  bool asks = false;
};

class PushStreamTest : public ::testing::Test {
 protected:
  PushStreamTest() {
    EXPECT_TRUE(line.hello());
    line.loses_request = [this](const FrameView& frame) { return hear_request(frame); };
    line.loses_answer = [this](const FrameView& frame) {
      events.push_back(frame.header.type);
      return loses_answer && loses_answer(frame);
    };
    contents.reserve(40);
  }

  PushBlock block(std::uint16_t slot, std::uint8_t stride = 0, std::uint32_t size = kPushedSize) {
    Bytes& content = contents.emplace_back();
    for (std::uint32_t i = 0; i < size; ++i) content.push_back(static_cast<std::uint8_t>(i / 64 + slot));
    return {SlotKind::vectors, slot, content, sha256(content), stride};
  }
  Result<void> push(std::vector<PushBlock> blocks) {
    stream.emplace(std::move(blocks), kSilence);
    return line.drive({&*stream});
  }
  // What was pushed lies in the slots.
  void expect_contents() const {
    for (std::size_t slot = 0; slot < contents.size(); ++slot) {
      const auto begin =
          line.port.vectors.begin() + static_cast<std::ptrdiff_t>(slot * FakePort::kVectorSlotSize);
      EXPECT_TRUE(std::equal(contents[slot].begin(), contents[slot].end(), begin)) << "slot " << slot;
    }
  }
  // The first `count` of a type.
  static std::function<bool(const FrameView&)> first(std::uint8_t type, int count) {
    return [type, left = count](const FrameView& frame) mutable {
      return frame.header.type == type && left-- > 0;
    };
  }

  test::VirtualLine line;
  std::optional<PushStream> stream;
  std::vector<Bytes> contents;
  std::vector<int> events;  // types of all frames, in the order they were sent
  std::vector<SentChunk> chunks;
  std::function<bool(const FrameView&)> loses_request;
  std::function<bool(const FrameView&)> loses_answer;

 private:
  bool hear_request(const FrameView& frame) {
    events.push_back(frame.header.type);
    const bool asks = (frame.header.flags & THIL_FRAME_ASK) != 0;
    if (const auto chunk = unpack<thil_push_chunk>(frame)) {
      chunks.push_back({chunk->slot, chunk->offset, chunk->content.size, asks});
    } else if (const auto packed = unpack<thil_push_packed>(frame)) {
      chunks.push_back({packed->slot, packed->offset, packed->size, asks});
    }
    return loses_request && loses_request(frame);
  }
};

TEST_F(PushStreamTest, FillsSlotsAndHasThemChecked) {
  ASSERT_TRUE(push({block(0), block(1), block(2)}));
  EXPECT_EQ(stream->completed(), 3U);
  expect_contents();
  EXPECT_EQ(line.requests[THIL_ID_push_chunk], 12) << "each once";
  EXPECT_EQ(line.requests[THIL_ID_push_end], 3);
}

TEST_F(PushStreamTest, AnEmptyBlockHasNoChunks) {
  ASSERT_TRUE(push({block(0, 0, 0), block(1)}));
  EXPECT_EQ(stream->completed(), 2U);
  EXPECT_EQ(line.requests[THIL_ID_push_chunk], 4);
}

TEST_F(PushStreamTest, TheNextBlockIsBegunWhileOneIsEnding) {
  ASSERT_TRUE(push({block(0), block(1), block(2)}));
  const auto begin_of_second = std::find(std::find(events.begin(), events.end(), THIL_ID_push_begin) + 1,
                                         events.end(), THIL_ID_push_begin);
  const auto first_end = std::find(events.begin(), events.end(), THIL_ID_push_end);
  EXPECT_LT(begin_of_second, first_end);
  const auto chunk_after = std::find(first_end, events.end(), THIL_ID_push_chunk);
  auto end_done = events.begin();
  for (int dones = 0; dones < 3; ++dones) end_done = std::find(end_done + 1, events.end(), THIL_ID_done);
  EXPECT_LT(chunk_after, end_done)
      << "after two begun and before one ended: chunks go on while the device digests";
}

TEST_F(PushStreamTest, NoMoreIsUnderWayThanTheDeviceCanHold) {
  line.byte_time = std::chrono::nanoseconds(1);  // the line is faster than the device
  std::vector<PushBlock> blocks;
  for (std::uint16_t slot = 0; slot < 10; ++slot) blocks.push_back(block(slot));
  ASSERT_TRUE(push(blocks));
  EXPECT_LE(line.most_waiting, line.port.info.receive_size);
  EXPECT_GT(line.most_waiting, 3000U) << "but there is a window";
}

TEST_F(PushStreamTest, AsksForAReportEveryHalfWindowAndAtTheEnd) {
  std::vector<PushBlock> blocks;
  for (std::uint16_t slot = 0; slot < 10; ++slot) blocks.push_back(block(slot));
  ASSERT_TRUE(push(blocks));
  int silent = 0;
  for (const SentChunk& chunk : chunks) {
    silent = chunk.asks ? 0 : silent + 1;
    EXPECT_LT(silent, 4);
  }
  EXPECT_TRUE(chunks.back().asks);
  const auto asking = std::count_if(chunks.begin(), chunks.end(), [](const SentChunk& c) { return c.asks; });
  EXPECT_LT(asking, 30) << "of 40: not every one";
}

TEST_F(PushStreamTest, ExactlyTheLostChunksAreSentAgain) {
  std::size_t lost = 0;
  std::array<bool, 3> loses_in{true, false, true};  // of each slot, its second chunk
  loses_request = [&](const FrameView& frame) {
    const bool is_chunk = frame.header.type == THIL_ID_push_chunk;
    if (!is_chunk || chunks.back().offset != 1017 || !loses_in.at(chunks.back().slot)) return false;
    loses_in.at(chunks.back().slot) = false;
    lost += chunks.back().size;
    return true;
  };
  ASSERT_TRUE(push({block(0), block(1), block(2)}));
  expect_contents();
  std::vector<int> sent(3 * kPushedSize);
  for (const SentChunk& chunk : chunks) {
    for (std::size_t i = 0; i < chunk.size; ++i) ++sent.at(chunk.slot * kPushedSize + chunk.offset + i);
  }
  EXPECT_EQ(std::count(sent.begin(), sent.end(), 1) + std::count(sent.begin(), sent.end(), 2),
            3 * kPushedSize);
  EXPECT_EQ(static_cast<std::size_t>(std::count(sent.begin(), sent.end(), 2)), lost);
  EXPECT_GT(lost, 0U);
}

TEST_F(PushStreamTest, ChunksShrinkWhereManyAreLostAndGrowAgain) {
  std::vector<PushBlock> blocks;
  for (std::uint16_t slot = 0; slot < 30; ++slot) blocks.push_back(block(slot));
  loses_request = [this](const FrameView& frame) {
    return frame.header.type == THIL_ID_push_chunk && chunks.size() < 60 && chunks.size() % 2 == 0;
  };
  ASSERT_TRUE(push(blocks));
  expect_contents();
  const std::size_t full = chunks[0].size;
  EXPECT_GT(full, 1000U);
  EXPECT_LT(chunks[59].size, full / 4);
  const auto largest = std::max_element(chunks.begin() + 60, chunks.end(),
                                        [](const auto& a, const auto& b) { return a.size < b.size; });
  EXPECT_EQ(largest->size, full);
}

TEST_F(PushStreamTest, AnythingMayBeLostOnceWithoutALongWait) {
  for (const std::uint8_t type : Bytes{THIL_ID_push_begin, THIL_ID_push_chunk, THIL_ID_push_end}) {
    loses_request = first(type, 1);
    contents.clear();
    ASSERT_TRUE(push({block(0), block(1)})) << thil_message_name(type);
    expect_contents();
  }
  loses_request = {};
  for (const std::uint8_t type : Bytes{THIL_ID_done, THIL_ID_received}) {
    loses_answer = first(type, 1);
    contents.clear();
    const Time begin = line.now;
    ASSERT_TRUE(push({block(0), block(1)})) << thil_message_name(type);
    EXPECT_LT(line.now - begin, milliseconds(3'000));
    expect_contents();
  }
}

TEST_F(PushStreamTest, ABlockThatDoesNotMatchItsDigestIsBegunAgainABoundedNumberOfTimes) {
  PushBlock wrong = block(0);
  wrong.digest = Digest{};
  const auto done = push({wrong});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, FaultKind::refused);
  EXPECT_NE(done.error().what.find("digest"), std::string::npos);
  EXPECT_EQ(line.requests[THIL_ID_push_end], 9);
}

// A slow device: its reports and its answer to the end are late, so a chunk is sent again to a slot that is
// full.
TEST_F(PushStreamTest, AChunkThatComesAfterTheEndDoesNotBeginTheBlockAgain) {
  int lost = 0;
  loses_answer = [&lost](const FrameView& frame) {
    const bool is_of_the_block = frame.header.type == THIL_ID_received || frame.header.type == THIL_ID_done;
    return is_of_the_block && ++lost > 1 && lost < 6;  // all but the answer to the beginning
  };
  ASSERT_TRUE(push({block(0)}));
  expect_contents();
  EXPECT_GT(chunks.size(), 4U) << "some were sent again";
  EXPECT_EQ(line.requests[THIL_ID_push_begin], 1);
}

TEST_F(PushStreamTest, ASilentDeviceIsATimeout) {
  loses_request = [this](const FrameView&) { return events.size() > 4; };
  const Time begin = line.now;
  const auto done = push({block(0), block(1)});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, FaultKind::timeout);
  EXPECT_LT(line.now - begin, kSilence + milliseconds(100));
}

TEST_F(PushStreamTest, PackedChunksCarryMoreAndFillTheSameSlots) {
  ASSERT_TRUE(push({block(0, 64), block(1, 64)}));
  expect_contents();
  EXPECT_EQ(line.requests[THIL_ID_push_packed], 4) << "8 when sent as they are";
}

// A packed chunk begins with half a byte a column, which leaves nothing of a small frame.
TEST_F(PushStreamTest, LargeStridesStillArriveWhereFramesAreSmall) {
  loses_request = [this](const FrameView& frame) {
    return frame.header.type == THIL_ID_push_packed && chunks.size() < 40 && chunks.size() % 4 != 0;
  };
  std::vector<PushBlock> blocks;
  for (std::uint16_t slot = 0; slot < 8; ++slot) {
    blocks.push_back(block(slot));
    blocks.back().stride = 255;
  }
  ASSERT_TRUE(push(blocks));
  expect_contents();
  for (const SentChunk& chunk : chunks) ASSERT_GT(chunk.size, 0U);
}

TEST(PushStream, ADeviceThatTalksButTakesNothingIsATimeout) {
  Session session;
  session.open(5);
  const Bytes content(5000);
  PushStream push({{SlotKind::vectors, 0, content, sha256(content), 0}}, kSilence);
  Time now = Time{} + std::chrono::hours(1);
  const Time begin = now;
  const FrameView chatter{{THIL_ID_health, 0, 5, 8, 0, 0}, {}};
  while (!push.finished()) {
    push.fill(session, now);
    push.take(chatter, session, now);
    now += milliseconds(10);
    ASSERT_LT(now - begin, 5 * kSilence);
  }
  EXPECT_EQ(push.fault()->kind, FaultKind::timeout);
}

// Text in the middle of them, for example. Who says something that arrives damaged is there.
TEST_F(PushStreamTest, DamagedAnswersDoNotMakeThePausesLonger) {
  int damaged = 0;
  line.prints = [&damaged](Bytes& frame) {
    const std::string text = "E (99) app: out of memory\r\n";
    if (++damaged <= 8) frame.insert(frame.begin() + 9, text.begin(), text.end());
  };
  const Time begin = line.now;
  ASSERT_TRUE(push({block(0)}));
  EXPECT_GT(damaged, 8);
  EXPECT_LT(line.now - begin, 9 * milliseconds(1'000)) << "as often as the first time";
}

}  // namespace
}  // namespace tinyhil::device
