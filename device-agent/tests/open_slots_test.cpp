// SPDX-License-Identifier: Apache-2.0
// Several pushes at once, as a host with a window makes them.
#include "fake_host.hpp"
#include "thil/rice.h"

namespace agent_test {
namespace {

Bytes packed(const Bytes& raw, std::size_t& taken) {
  Bytes content(THIL_MTU_MAX);
  thil_rice_block block{content.data(), content.size(), 0, 0};
  thil_rice_encode(raw.data(), raw.size(), 2, &block);
  content.resize(block.size);
  taken = block.taken;
  return content;
}

struct OpenSlots : testing::Test {
  OpenSlots() {
    host.hello();
    host.ask(host.begin(THIL_SLOT_VECTORS, 0, low)).as<thil_done>();
    host.ask(host.begin(THIL_SLOT_VECTORS, 1, high)).as<thil_done>();
    host.ask(host.begin(THIL_SLOT_MODEL, 2, image)).as<thil_done>();
  }

  static thil_push_chunk part(std::uint8_t kind, std::uint16_t slot, const Bytes& of, std::uint32_t offset,
                              std::size_t size) {
    return {0, kind, slot, offset, {of.data() + offset, size}};
  }

  std::uint8_t end(std::uint8_t kind, std::uint16_t slot) {
    return host.ask(thil_push_end{0, kind, slot}).header.type;
  }

  bool is_full(std::uint16_t slot) {
    const Frame frame = host.ask(thil_list{0, THIL_SLOT_VECTORS, slot, 0});
    const auto inventory = frame.as<thil_inventory>();
    const Bytes none(THIL_DIGEST_SIZE);
    return std::memcmp(inventory.digests.bytes, none.data(), none.size()) != 0;
  }

  FakeHost host;
  const Bytes low{1, 2, 3, 4};
  const Bytes high{0x81, 0x82, 0x83, 0x84, 0x85};
  const Bytes image = fake_model(4, 2, 9);
};

TEST_F(OpenSlots, AreFilledByTurnsInAnyOrder) {
  host.tell(part(THIL_SLOT_VECTORS, 1, high, 3, 2));
  host.tell(part(THIL_SLOT_MODEL, 2, image, 4, 3));
  host.tell(part(THIL_SLOT_VECTORS, 0, low, 2, 2));
  host.tell(part(THIL_SLOT_VECTORS, 1, high, 0, 3));
  host.tell(part(THIL_SLOT_MODEL, 2, image, 0, 4));
  host.tell(part(THIL_SLOT_VECTORS, 0, low, 0, 2));
  EXPECT_EQ(end(THIL_SLOT_MODEL, 2), THIL_ID_done);
  EXPECT_EQ(end(THIL_SLOT_VECTORS, 0), THIL_ID_done);
  EXPECT_EQ(end(THIL_SLOT_VECTORS, 1), THIL_ID_done);
}

TEST_F(OpenSlots, TakeAChunkTwice) {
  host.tell(part(THIL_SLOT_VECTORS, 0, low, 0, 4));
  host.tell(part(THIL_SLOT_VECTORS, 0, low, 1, 2));
  EXPECT_EQ(end(THIL_SLOT_VECTORS, 0), THIL_ID_done);
}

TEST_F(OpenSlots, AreListedOnlyWhenFull) {
  host.tell(part(THIL_SLOT_VECTORS, 0, low, 0, 4));
  EXPECT_FALSE(is_full(0));
  end(THIL_SLOT_VECTORS, 0);
  EXPECT_TRUE(is_full(0));
  EXPECT_FALSE(is_full(1));
}

TEST_F(OpenSlots, TakeNoChunkForAnother) {
  for (std::uint16_t slot : {2, 39}) {
    const auto refused = host.refusal(host.chunk(THIL_SLOT_VECTORS, slot, 0, low));
    EXPECT_EQ(refused.request, THIL_ID_push_chunk);
    EXPECT_EQ(refused.reason, THIL_REFUSED_NOT_PUSHING);
  }
  EXPECT_EQ(host.refusal(host.chunk(THIL_SLOT_VECTORS, 40, 0, low)).reason, THIL_REFUSED_NO_SLOT);
  EXPECT_EQ(host.refusal(host.chunk(0, 0, 0, low)).reason, THIL_REFUSED_MALFORMED);
  EXPECT_EQ(host.refusal(thil_push_end{0, THIL_SLOT_MODEL, 0}).reason, THIL_REFUSED_NOT_PUSHING);
}

TEST_F(OpenSlots, TakeNothingBeyondTheirSize) {
  const auto refused = host.refusal(host.chunk(THIL_SLOT_VECTORS, 0, 0, high));
  EXPECT_EQ(refused.reason, THIL_REFUSED_TOO_LARGE);
  EXPECT_EQ(refused.value, 4u);
  EXPECT_EQ(host.port.vectors[4], 0xC3);
}

TEST_F(OpenSlots, StayOpenWhenTheirDigestDoesNotMatch) {
  host.tell(part(THIL_SLOT_VECTORS, 1, high, 0, 4));
  EXPECT_EQ(host.refusal(thil_push_end{0, THIL_SLOT_VECTORS, 1}).reason, THIL_REFUSED_DIGEST);
  EXPECT_FALSE(is_full(1));
  host.tell(part(THIL_SLOT_VECTORS, 1, high, 4, 1));
  EXPECT_EQ(end(THIL_SLOT_VECTORS, 1), THIL_ID_done);
}

TEST_F(OpenSlots, AreEndedAgainWithTheSameAnswer) {
  host.tell(part(THIL_SLOT_VECTORS, 0, low, 0, 4));
  EXPECT_EQ(end(THIL_SLOT_VECTORS, 0), THIL_ID_done);
  EXPECT_EQ(end(THIL_SLOT_VECTORS, 0), THIL_ID_done);
  EXPECT_TRUE(is_full(0));
}

TEST_F(OpenSlots, TakePackedChunksBesidePlainOnes) {
  const Bytes raw(60, 7);
  std::size_t taken = 0;
  const Bytes block = packed(raw, taken);
  ASSERT_EQ(taken, raw.size());
  const Bytes content = [&] {
    Bytes both = low;
    both.insert(both.end(), raw.begin(), raw.end());
    return both;
  }();
  host.ask(host.begin(THIL_SLOT_VECTORS, 5, content)).as<thil_done>();
  host.tell(thil_push_packed{0, THIL_SLOT_VECTORS, 5, 4, 60, {block.data(), block.size()}});
  host.tell(part(THIL_SLOT_VECTORS, 5, content, 0, 4));
  EXPECT_EQ(end(THIL_SLOT_VECTORS, 5), THIL_ID_done);
}

TEST_F(OpenSlots, RefuseAPackedChunkThatIsBrokenOrTooLong) {
  const Bytes raw(5, 7);
  std::size_t taken = 0;
  const Bytes block = packed(raw, taken);
  const auto of_size = [&](std::uint16_t size) {
    return thil_push_packed{0, THIL_SLOT_VECTORS, 1, 0, size, {block.data(), block.size()}};
  };
  const auto broken = host.refusal(of_size(1));
  EXPECT_EQ(broken.request, THIL_ID_push_packed);
  EXPECT_EQ(broken.reason, THIL_REFUSED_MALFORMED);
  EXPECT_EQ(host.refusal(of_size(6)).reason, THIL_REFUSED_TOO_LARGE);
  host.tell(of_size(5));
  EXPECT_EQ(host.port.vectors[FakePort::kVectorSlotSize], 7);
  EXPECT_EQ(host.port.vectors[FakePort::kVectorSlotSize + 5], 0xC3);
}

}  // namespace
}  // namespace agent_test
