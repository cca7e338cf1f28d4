// SPDX-License-Identifier: Apache-2.0
// A host that is told where open slots lie and writes there past the line, as a debug probe does.
#include "running.hpp"

namespace agent_test {
namespace {

struct Placing : testing::Test {
  Placing() { identity = host.hello(); }

  // The wire has 32 bits of an address; here a slot lies within 2 GB of the port.
  std::uint8_t* place_of(std::uint8_t kind, std::uint16_t slot) {
    const std::uint32_t address = host.ask(thil_place{0, kind, slot}).as<thil_placed>().address;
    const auto here = reinterpret_cast<std::uintptr_t>(&host.port);
    const auto away = static_cast<std::int32_t>(address - static_cast<std::uint32_t>(here));
    return reinterpret_cast<std::uint8_t*>(here) + away;
  }

  FakeHost host;
  Frame identity;
  const Bytes content{1, 2, 3, 4, 5, 6};
};

TEST_F(Placing, TheDeviceSaysThatItTellsPlaces) {
  EXPECT_NE(identity.as<thil_identity>().capabilities & THIL_TELLS_PLACES, 0u);
}

TEST_F(Placing, WhatIsWrittenAtThePlaceOfASlotIsItsContent) {
  host.ask(host.begin(THIL_SLOT_VECTORS, 3, content)).as<thil_done>();
  std::uint8_t* const place = place_of(THIL_SLOT_VECTORS, 3);
  EXPECT_EQ(place, host.port.vectors.data() + 3 * FakePort::kVectorSlotSize);
  std::memcpy(place, content.data(), content.size());
  host.ask(thil_push_end{0, THIL_SLOT_VECTORS, 3}).as<thil_done>();
}

TEST_F(Placing, EachKindHasPlacesOfItsOwn) {
  host.ask(host.begin(THIL_SLOT_MODEL, 2, content)).as<thil_done>();
  EXPECT_EQ(place_of(THIL_SLOT_MODEL, 2), host.port.models.data() + 2 * FakePort::kModelSlotSize);
}

TEST_F(Placing, WhatDoesNotMatchTheDigestLeavesTheSlotOpenForChunks) {
  host.ask(host.begin(THIL_SLOT_VECTORS, 0, content)).as<thil_done>();
  std::memset(place_of(THIL_SLOT_VECTORS, 0), 7, content.size());
  EXPECT_EQ(host.refusal(thil_push_end{0, THIL_SLOT_VECTORS, 0}).reason, THIL_REFUSED_DIGEST);
  host.tell(FakeHost::chunk(THIL_SLOT_VECTORS, 0, 0, content));
  host.ask(thil_push_end{0, THIL_SLOT_VECTORS, 0}).as<thil_done>();
}

TEST_F(Placing, ASlotThatIsNotOpenHasNoPlace) {
  EXPECT_EQ(host.refusal(thil_place{0, THIL_SLOT_VECTORS, 0}).reason, THIL_REFUSED_NOT_PUSHING);
  host.push(THIL_SLOT_VECTORS, 0, content);
  EXPECT_EQ(host.refusal(thil_place{0, THIL_SLOT_VECTORS, 0}).reason, THIL_REFUSED_NOT_PUSHING)
      << "it is full";
}

TEST_F(Placing, ASlotThatIsNotThereHasNoPlace) {
  const auto refused = host.refusal(thil_place{0, THIL_SLOT_MODEL, FakePort::kModelSlots});
  EXPECT_EQ(refused.reason, THIL_REFUSED_NO_SLOT);
  EXPECT_EQ(refused.value, std::uint32_t{FakePort::kModelSlots});
  EXPECT_EQ(host.refusal(thil_place{0, THIL_SLOT_VECTORS, 65535}).reason, THIL_REFUSED_NO_SLOT);
  EXPECT_EQ(host.refusal(thil_place{0, 3, 0}).reason, THIL_REFUSED_MALFORMED);
}

struct PlacingInARun : Running {};

TEST_F(PlacingInARun, APlaceIsToldBesideARunInThroughput) {
  thil_run request = run(0, 3, 20);
  request.mode = THIL_RUN_THROUGHPUT;
  const Bytes content{1, 2, 3};
  host.ask(host.begin(THIL_SLOT_VECTORS, 8, content)).as<thil_done>();
  begin(request, 1);
  host.put(host.line_of(thil_place{0, THIL_SLOT_VECTORS, 8}));
  bool is_told = false;
  std::uint32_t results = 0;
  for (const Frame& frame : host.settle()) {
    is_told = is_told || frame.header.type == THIL_ID_placed;
    if (frame.header.type == THIL_ID_run_ended) results = frame.as<thil_run_ended>().results;
  }
  EXPECT_TRUE(is_told);
  EXPECT_EQ(results, 60u);
}

}  // namespace
}  // namespace agent_test
