// SPDX-License-Identifier: Apache-2.0
// The rings as a debug probe finds them: by offsets in the block, never through the functions of the device.
#include "rtt.h"

#include <gtest/gtest.h>

#include <cstring>
#include <numeric>
#include <string>
#include <vector>

namespace {

using Bytes = std::vector<std::uint8_t>;

thil_rtt_control& block() { return thil_rtt_block; }

// The block holds 32 bits of an address; here the rings lie within 2 GB of the block.
std::uint8_t* at(std::uint32_t address) {
  const auto here = reinterpret_cast<std::uintptr_t>(&thil_rtt_block);
  const auto away = static_cast<std::int32_t>(address - static_cast<std::uint32_t>(here));
  return reinterpret_cast<std::uint8_t*>(here) + away;
}

Bytes counting(std::size_t size) {
  Bytes bytes(size);
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{1});
  return bytes;
}

void push(const Bytes& bytes) {
  thil_rtt_ring& ring = block().down;
  std::uint32_t here = ring.write;
  for (const std::uint8_t byte : bytes) {
    at(ring.bytes)[here] = byte;
    here = (here + 1) % ring.size;
  }
  ring.write = here;
}

Bytes pull() {
  thil_rtt_ring& ring = block().up;
  Bytes bytes;
  std::uint32_t here = ring.read;
  for (; here != ring.write; here = (here + 1) % ring.size) bytes.push_back(at(ring.bytes)[here]);
  ring.read = here;
  return bytes;
}

Bytes read(std::size_t size) {
  Bytes bytes(size);
  bytes.resize(thil_rtt_read(bytes.data(), size));
  return bytes;
}

struct Rtt : testing::Test {
  Rtt() { thil_rtt_start(); }
};

TEST_F(Rtt, TheBlockHasTheLayoutThatOtherToolsKnow) {
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(const_cast<const std::uint8_t*>(block().id))),
            "SEGGER RTT");
  EXPECT_EQ(sizeof(thil_rtt_control), 72u);
  EXPECT_GE(block().up_count, block().down_count);
  EXPECT_EQ(block().down_count, 1u);
  EXPECT_EQ(block().up.size, std::uint32_t{THIL_RTT_RING});
  EXPECT_STREQ(reinterpret_cast<const char*>(at(block().up.name)), "tinyhil");
}

TEST_F(Rtt, BytesArriveInBothDirectionsAcrossTheEndOfTheRing) {
  for (int round = 0; round < 20; ++round) {
    const Bytes bytes = counting(900);
    push(bytes);
    EXPECT_FALSE(thil_rtt_empty());
    EXPECT_EQ(read(2000), bytes);
    EXPECT_TRUE(thil_rtt_empty());
    EXPECT_EQ(thil_rtt_write(bytes.data(), bytes.size()), bytes.size());
    EXPECT_EQ(pull(), bytes);
  }
}

TEST_F(Rtt, ReadsNoMoreThanIsAskedFor) {
  push(counting(10));
  EXPECT_EQ(read(4), counting(4));
  EXPECT_EQ(read(100).size(), 6u);
  EXPECT_EQ(read(100).size(), 0u);
}

TEST_F(Rtt, OneByteOfTheRingStaysFree) {
  const Bytes bytes(THIL_RTT_RING + 100, 7);
  EXPECT_EQ(thil_rtt_write(bytes.data(), bytes.size()), std::size_t{THIL_RTT_RECEIVE});
  EXPECT_EQ(thil_rtt_write(bytes.data(), 1), 0u);
  EXPECT_EQ(pull().size(), std::size_t{THIL_RTT_RECEIVE});
}

TEST_F(Rtt, AHostThatTakesNothingIsGivenUpUntilItTakesSomething) {
  const Bytes bytes(THIL_RTT_RING, 7);
  thil_rtt_write(bytes.data(), bytes.size());
  EXPECT_EQ(thil_rtt_write(bytes.data(), 10), 0u);
  EXPECT_EQ(thil_rtt_write(bytes.data(), 10), 0u);
  EXPECT_EQ(thil_rtt_write(bytes.data(), 10), 10u) << "patience is three looks here";
  EXPECT_EQ(thil_rtt_write(bytes.data(), 5), 5u);
  EXPECT_EQ(pull().size(), std::size_t{THIL_RTT_RECEIVE});
  EXPECT_EQ(thil_rtt_write(bytes.data(), 10), 10u);
  EXPECT_EQ(pull().size(), 10u);
}

TEST_F(Rtt, AStartBuildsTheBlockAnewWithEmptyRings) {
  push(counting(10));
  std::memset(&thil_rtt_block, 0xA5, sizeof thil_rtt_block);
  thil_rtt_start();
  EXPECT_TRUE(thil_rtt_empty());
  EXPECT_EQ(pull(), Bytes());
  EXPECT_EQ(block().id[0], 'S');
}

TEST_F(Rtt, OffsetsThatAHostWroteWronglyLeadNowhereOutside) {
  block().down.write = 0xFFFFFFF0;
  block().down.read = 0x80000000;
  EXPECT_LE(read(100000).size(), std::size_t{THIL_RTT_RING});
  block().up.read = THIL_RTT_RING;
  block().up.write = 0xFFFFFFFF;
  const Bytes bytes(2 * THIL_RTT_RING, 7);
  EXPECT_LE(thil_rtt_write(bytes.data(), bytes.size()), std::size_t{THIL_RTT_RECEIVE});
  EXPECT_LT(block().up.write, std::uint32_t{THIL_RTT_RING});
}

}  // namespace
