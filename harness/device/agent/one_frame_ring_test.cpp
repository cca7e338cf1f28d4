// SPDX-License-Identifier: Apache-2.0
// A board whose receive ring holds one frame, in virtual time.
#include "model/inference_rows.hpp"
#include "testing/run_stream_fixture.hpp"

namespace tinyhil::device {
namespace {

using std::chrono::milliseconds;

class OneFrameRingTest : public test::RunStreamTest {
 protected:
  OneFrameRingTest() {
    line.port.info.receive_size = 1104;
    line.reset_device();
    EXPECT_TRUE(line.hello());
    line.byte_time = std::chrono::microseconds(87);  // 115,200 baud
    line.latency = milliseconds(1);
    load(0);
    line.most_waiting = 0;
  }
  void load(std::uint16_t slot) {
    PushStream push({{SlotKind::model, slot, kModels[slot], sha256(kModels[slot]), 0}}, milliseconds(5'000));
    EXPECT_TRUE(line.drive({&push}));
    thil_load message{};
    message.slot = slot;
    Exchange exchange(THIL_ID_load, pack(message), Patience{milliseconds(5'000), true});
    EXPECT_TRUE(line.drive({&exchange}));
  }
};

TEST_F(OneFrameRingTest, IsNeverOverrunAndTakesNoLongerThanItsFrames) {
  const std::vector<std::uint8_t> block(980, 1);
  const Time begun = line.now;
  constexpr int kBlocks = 20;
  for (int i = 0; i < kBlocks; ++i) {
    PushStream push({{SlotKind::vectors, 0, block, sha256(block), 0}}, milliseconds(5'000));
    ASSERT_TRUE(line.drive({&push}));
    RunRequest one = request();
    one.count = 2;
    stream.emplace(
        std::vector<RunRequest>{one}, [] { return std::size_t{1}; },
        [](std::size_t, std::size_t, const InferenceRows&) {});
    ASSERT_TRUE(line.drive({&*stream}));
  }
  EXPECT_LE(line.most_waiting, 1104U);
  EXPECT_LT(line.now - begun, kBlocks * milliseconds(150)) << "a block takes 100 ms on the line";
}

}  // namespace
}  // namespace tinyhil::device
