// SPDX-License-Identifier: Apache-2.0
#include "ring_procs.hpp"

#include <gmock/gmock.h>

namespace tinyhil::probe {
namespace {

using Bytes = std::vector<std::uint8_t>;

const std::string kHead =
    "0x47474553 0x52205245 0x5454 0x0 1 1 0x8 0x20001000 0x40 0x8 0x5 0 0x8 0x20001040 0x40 0x9 0x2 0";

TEST(RingCall, NamesTheStateThatItIsMadeFor) {
  RttBlock block;
  block.words = 18;
  block.down_index = 12;
  block.down = {0x2000, 64, 0, 0};
  const Bytes bytes = {1, 2};
  EXPECT_EQ(ring_call(0x1000, block, bytes).command,
            "thil_exchange 0x1000 18 12 {8192 64 0} 2 {0x2000 8 {1 2 } }");
  EXPECT_EQ(ring_call(0x1000, block, {}).command, "thil_exchange 0x1000 18 12 {8192 64 0} -1 {}");
}

TEST(RingCall, PushesWhatThereIsRoomFor) {
  RttBlock block;
  block.down = {0x2000, 64, 0, 4};
  const Bytes bytes(100, 7);
  EXPECT_EQ(ring_call(0x1000, block, bytes).pushes, 3u);
}

TEST(RingAnswer, HasTheBlockAndTheBytes) {
  const auto answer = ring_answer("1 5 8 {" + kHead + "} {0x07060504}");
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->is_there);
  EXPECT_TRUE(answer->is_pushed);
  EXPECT_EQ(answer->bytes, (Bytes{5, 6, 7}));
  EXPECT_EQ(answer->block.up.read, 8u);
  EXPECT_EQ(answer->block.down.write, 9u);
}

TEST(RingAnswer, OfABlockThatIsBeingBuiltHasNone) {
  const auto empty = ring_answer("");
  ASSERT_TRUE(empty);
  EXPECT_FALSE(empty->is_there);
}

TEST(RingAnswer, ThatIsNoneIsCorrupt) {
  for (const std::string& text :
       {std::string("nonsense"), "1 5 8 {" + kHead + "} {}", "1 5 8 {" + kHead + "} {x}",
        "1 5 x {" + kHead + "} {}", std::string("{")}) {
    const auto answer = ring_answer(text);
    ASSERT_FALSE(answer) << text;
    EXPECT_EQ(answer.error().kind, FaultKind::corrupt);
  }
}

}  // namespace
}  // namespace tinyhil::probe
