// SPDX-License-Identifier: Apache-2.0
#include "fake_host.hpp"

namespace agent_test {
namespace {

struct Pushing : testing::Test {
  Pushing() { host.hello(); }

  static thil_push_chunk chunk(std::uint32_t offset, const Bytes& bytes) {
    return FakeHost::chunk(THIL_SLOT_VECTORS, 0, offset, bytes);
  }

  // The first byte of a slot's digest in the inventory; 0 for a slot that is not full.
  std::uint8_t listed(std::uint16_t slot) {
    return host.ask(thil_list{0, THIL_SLOT_VECTORS, slot, 0}).as<thil_inventory>().digests.bytes[0];
  }

  FakeHost host;
  const Bytes content{1, 2, 3, 4, 5, 6};
  const thil_push_end end{0, THIL_SLOT_VECTORS, 0};
};

TEST_F(Pushing, ChunksInAnyOrderMakeASlotFull) {
  host.ask(host.begin(THIL_SLOT_VECTORS, 0, content)).as<thil_done>();
  host.tell(chunk(4, {5, 6}));
  host.tell(chunk(0, {1, 2, 3, 4}));
  host.tell(chunk(0, {1, 2, 3, 4}));
  EXPECT_EQ(host.ask(end).as<thil_done>().request, THIL_ID_push_end);
  const Frame frame = host.ask(thil_list{0, THIL_SLOT_VECTORS, 0, 0});
  const auto inventory = frame.as<thil_inventory>();
  EXPECT_EQ(inventory.slots, 40);
  EXPECT_EQ(0, std::memcmp(inventory.digests.bytes, digest_of(content).bytes, THIL_DIGEST_SIZE));
}

TEST_F(Pushing, EverySlotIsEmptyAtFirst) {
  const Frame frame = host.ask(thil_list{0, THIL_SLOT_MODEL, 0, 0});
  const auto inventory = frame.as<thil_inventory>();
  EXPECT_EQ(inventory.kind, THIL_SLOT_MODEL);
  ASSERT_EQ(inventory.digests.size, 3u * THIL_DIGEST_SIZE);
  for (std::size_t i = 0; i < inventory.digests.size; ++i) EXPECT_EQ(inventory.digests.bytes[i], 0);
}

TEST_F(Pushing, TheInventoryComesInPagesThatFitAFrame) {
  EXPECT_EQ(host.ask(thil_list{0, THIL_SLOT_VECTORS, 0, 0}).as<thil_inventory>().digests.size, 31u * 32);
  EXPECT_EQ(host.ask(thil_list{0, THIL_SLOT_VECTORS, 31, 0}).as<thil_inventory>().digests.size, 9u * 32);
  EXPECT_EQ(host.ask(thil_list{0, THIL_SLOT_VECTORS, 31, 4}).as<thil_inventory>().digests.size, 4u * 32);
  EXPECT_EQ(host.ask(thil_list{0, THIL_SLOT_VECTORS, 38, 65535}).as<thil_inventory>().digests.size, 2u * 32);
  EXPECT_EQ(host.ask(thil_list{0, THIL_SLOT_VECTORS, 40, 0}).as<thil_inventory>().digests.size, 0u);
  EXPECT_EQ(host.ask(thil_list{0, THIL_SLOT_VECTORS, 65535, 0}).as<thil_inventory>().digests.size, 0u);
  EXPECT_EQ(host.refusal(thil_list{0, 3, 0, 0}).reason, THIL_REFUSED_MALFORMED);
}

TEST_F(Pushing, ADamagedContentIsRefusedAndLeavesTheSlotEmptyUntilRepaired) {
  host.ask(host.begin(THIL_SLOT_VECTORS, 0, content));
  host.tell(chunk(0, {1, 2, 3, 4, 5, 7}));
  EXPECT_EQ(host.refusal(end).reason, THIL_REFUSED_DIGEST);
  EXPECT_EQ(host.refusal(end).reason, THIL_REFUSED_DIGEST);
  EXPECT_EQ(listed(0), 0);
  host.tell(chunk(5, {6}));
  host.ask(end).as<thil_done>();
}

TEST_F(Pushing, AWrongDigestIsRefused) {
  auto begin = host.begin(THIL_SLOT_VECTORS, 0, content);
  begin.digest.bytes[31] ^= 1;
  host.ask(begin);
  host.tell(chunk(0, content));
  EXPECT_EQ(host.refusal(end).reason, THIL_REFUSED_DIGEST);
}

TEST_F(Pushing, AMissingChunkIsRefused) {
  host.ask(host.begin(THIL_SLOT_VECTORS, 0, content));
  host.tell(chunk(0, {1, 2, 3}));
  EXPECT_EQ(host.refusal(end).reason, THIL_REFUSED_DIGEST);
}

TEST_F(Pushing, AChunkOutsideTheAnnouncedSizeIsRefusedAndNothingIsWritten) {
  host.ask(host.begin(THIL_SLOT_VECTORS, 0, content));
  const Bytes one{9};
  const Bytes two{9, 9};
  for (const auto& wrong : {chunk(6, one), chunk(5, two), chunk(7, {}), chunk(0xFFFFFFFF, two)}) {
    const auto refused = host.refusal(wrong);
    EXPECT_EQ(refused.reason, THIL_REFUSED_TOO_LARGE);
    EXPECT_EQ(refused.value, 6u);
  }
  EXPECT_EQ(host.port.vectors[6], 0xC3);
}

TEST_F(Pushing, AnEmptyChunkAtTheEndIsTaken) {
  host.ask(host.begin(THIL_SLOT_VECTORS, 0, content));
  host.tell(chunk(6, {}));
}

TEST_F(Pushing, ContentLargerThanTheSlotIsRefusedWithTheRoomThereIs) {
  auto begin = host.begin(THIL_SLOT_VECTORS, 0, content);
  begin.size = 4049;
  const auto refused = host.refusal(begin);
  EXPECT_EQ(refused.reason, THIL_REFUSED_TOO_LARGE);
  EXPECT_EQ(refused.value, 4048u);
  begin.size = 4048;
  host.ask(begin).as<thil_done>();
}

TEST_F(Pushing, ARefusedBeginChangesNothing) {
  host.push(THIL_SLOT_VECTORS, 0, content);
  auto begin = host.begin(THIL_SLOT_VECTORS, 0, content);
  begin.size = 5000;
  host.refusal(begin);
  EXPECT_NE(listed(0), 0);
}

TEST_F(Pushing, ASlotOutOfRangeIsRefusedWithTheNumberOfSlots) {
  const auto refused = host.refusal(host.begin(THIL_SLOT_MODEL, 3, content));
  EXPECT_EQ(refused.reason, THIL_REFUSED_NO_SLOT);
  EXPECT_EQ(refused.value, 3u);
  EXPECT_EQ(host.refusal(host.begin(THIL_SLOT_VECTORS, 65535, content)).value, 40u);
  EXPECT_EQ(host.refusal(host.begin(9, 0, content)).reason, THIL_REFUSED_MALFORMED);
}

TEST_F(Pushing, ChunkAndEndWithoutABeginAreRefused) {
  EXPECT_EQ(host.refusal(chunk(0, content)).reason, THIL_REFUSED_NOT_PUSHING);
  EXPECT_EQ(host.refusal(end).reason, THIL_REFUSED_NOT_PUSHING);
}

TEST_F(Pushing, ARepeatedEndIsAnsweredAsTheFirst) {
  host.push(THIL_SLOT_VECTORS, 0, content);
  host.ask(end).as<thil_done>();
  EXPECT_EQ(host.refusal(chunk(0, {9})).reason, THIL_REFUSED_NOT_PUSHING);
}

TEST_F(Pushing, ANewSessionKeepsFullAndOpenSlots) {
  host.push(THIL_SLOT_VECTORS, 1, content);
  host.ask(host.begin(THIL_SLOT_VECTORS, 0, content));
  host.tell(chunk(0, {1, 2, 3}));
  host.epoch = 6;
  host.hello();
  EXPECT_EQ(listed(0), 0);
  EXPECT_EQ(listed(1), digest_of(content).bytes[0]);
  host.tell(chunk(3, {4, 5, 6}));
  host.ask(end).as<thil_done>();
}

TEST_F(Pushing, ABeginEmptiesTheSlot) {
  host.push(THIL_SLOT_VECTORS, 0, content);
  host.ask(host.begin(THIL_SLOT_VECTORS, 0, content));
  EXPECT_EQ(listed(0), 0);
}

TEST_F(Pushing, AnEngineWithItsModelCompiledInTakesNoModels) {
  fake_engine_fix_model(true);
  EXPECT_EQ(host.hello().as<thil_identity>().capabilities & THIL_CAN_LOAD_MODELS, 0u);
  EXPECT_EQ(host.refusal(host.begin(THIL_SLOT_MODEL, 0, content)).reason, THIL_REFUSED_FIXED_MODEL);
  host.push(THIL_SLOT_VECTORS, 0, content);
}

}  // namespace
}  // namespace agent_test
