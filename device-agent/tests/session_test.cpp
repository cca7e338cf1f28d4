// SPDX-License-Identifier: Apache-2.0
#include "fake_host.hpp"

namespace agent_test {
namespace {

TEST(Session, HelloIsAnsweredWithTheIdentity) {
  FakeHost host;
  const Frame frame = host.hello();
  const auto identity = frame.as<thil_identity>();
  EXPECT_EQ(frame.header.epoch, 5);
  EXPECT_EQ(frame.header.seq, 0);
  EXPECT_EQ(identity.nonce, 77u);
  EXPECT_EQ(identity.version, THIL_WIRE_VERSION);
  EXPECT_EQ(identity.provenance, THIL_PROVENANCE_PROCESS);
  EXPECT_EQ(identity.mtu, 1024);
  EXPECT_EQ(identity.window, 7) << "8192 bytes of ring hold seven frames of 1043";
  EXPECT_EQ(identity.capabilities, std::uint32_t{THIL_CAN_LOAD_MODELS} | THIL_CAN_UNPACK |
                                       THIL_CAN_RUN_WINDOWS | THIL_CAN_SLEEP | THIL_CAN_CHANGE_RATE |
                                       THIL_CHECKS_MODELS | THIL_TELLS_PLACES);
  EXPECT_EQ(identity.model_slots, 3);
  EXPECT_EQ(identity.model_slot_size, 80u);
  EXPECT_EQ(identity.arena_size, 2048u);
  EXPECT_EQ(identity.vector_slots, 40);
  EXPECT_EQ(identity.vector_slot_size, 4048u);
  EXPECT_EQ(identity.clock_hz, 1000000u);
  EXPECT_EQ(identity.timer_hz, 32768u);
  EXPECT_EQ(identity.image_size, 8u);
  EXPECT_EQ(identity.crash.cause, 0u);
  EXPECT_EQ(text(identity.board), "fake-board");
  EXPECT_EQ(text(identity.serial), "F-1");
  EXPECT_EQ(text(identity.engine), "fake");
  EXPECT_EQ(text(identity.clock), "fake-clock");
  EXPECT_TRUE(identity.image == digest_of({'f', 'i', 'r', 'm', 'w', 'a', 'r', 'e'}));
}

TEST(Session, ALongNameIsCutAndAMissingImageHasNoDigest) {
  FakeHost host;
  const std::string name(300, 'n');
  host.port.info.board = host.port.info.serial = host.port.info.clock = name.c_str();
  host.port.info.image_size = 0;
  const Frame frame = host.hello();
  EXPECT_EQ(text(frame.as<thil_identity>().board), std::string(100, 'n'));
  EXPECT_TRUE(frame.as<thil_identity>().image == thil_digest{});
  EXPECT_EQ(frame.as<thil_identity>().image_size, 0u);
}

TEST(Session, AnyPartOfTheFirmwareIsDigested) {
  FakeHost host;
  host.hello();
  EXPECT_TRUE(host.ask(thil_segment{0, 4, 4}).as<thil_digested>().digest == digest_of({'w', 'a', 'r', 'e'}));
  EXPECT_TRUE(host.ask(thil_segment{0, 8, 0}).as<thil_digested>().digest == digest_of({}));
  for (const thil_segment beyond :
       {thil_segment{0, 5, 4}, thil_segment{0, 9, 0}, thil_segment{0, UINT32_MAX, 4}}) {
    EXPECT_EQ(host.ask(beyond).as<thil_refused>().reason, THIL_REFUSED_RANGE);
  }
}

TEST(Session, AnyAmountOfFirmwareIsDigested) {
  FakeHost host;
  const std::vector<std::uint8_t> firmware(100'000, 0xFF);
  host.port.info.image = firmware.data();
  host.port.info.image_size = firmware.size();
  host.hello();
  const std::vector<std::uint8_t> part(firmware.begin() + 1, firmware.end());
  EXPECT_TRUE(host.ask(thil_segment{0, 1, 99'999}).as<thil_digested>().digest == digest_of(part));
}

TEST(Session, FirmwareThatCannotBeReadIsNotDigested) {
  FakeHost host;
  host.port.info.image = nullptr;
  host.port.info.image_size = 0;
  host.hello();
  EXPECT_EQ(host.ask(thil_segment{0, 0, 1}).as<thil_refused>().reason, THIL_REFUSED_RANGE);
}

TEST(Session, AReplyGrantsTheWholeRing) {
  FakeHost host;
  EXPECT_EQ(host.hello().header.credit, 7);
  EXPECT_EQ(host.ask(thil_check{}).header.credit, 7);
}

TEST(Session, AFrameOfAnotherEpochIsDropped) {
  FakeHost host;
  host.hello();
  host.epoch = 6;
  host.put(host.line_of(thil_check{}));
  EXPECT_TRUE(host.settle().empty());
}

TEST(Session, AFrameOfTheOldEpochIsDroppedAfterANewHello) {
  FakeHost host;
  host.hello();
  host.epoch = 6;
  host.hello();
  host.epoch = 5;
  host.put(host.line_of(thil_check{}));
  EXPECT_TRUE(host.settle().empty());
}

TEST(Session, NumbersOfTheDeviceBeginAnewWithEachHello) {
  FakeHost host;
  host.hello();
  EXPECT_EQ(host.ask(thil_check{}).header.seq, 1);
  host.epoch = 6;
  EXPECT_EQ(host.hello().header.seq, 0);
}

TEST(Session, AHelloOfEpochZeroIsNotAnsweredBecauseItStandsForNoSession) {
  FakeHost host;
  host.epoch = 0;
  host.put(host.line_of(thil_hello{0, 1}));
  EXPECT_TRUE(host.settle().empty());
}

TEST(Session, ARequestWithTrailingGarbageIsRefused) {
  FakeHost host;
  host.hello();
  const Bytes lines[] = {host.line_of(thil_list{}, {1}),     host.line_of(thil_push_begin{}, {1}),
                         host.line_of(thil_push_end{}, {1}), host.line_of(thil_load{}, {1}),
                         host.line_of(thil_rate{}, {1}),     host.line_of(thil_check{}, {1}),
                         host.line_of(thil_reset{}, {1})};
  for (const Bytes& line : lines) {
    host.put(line);
    const auto frames = host.settle();
    ASSERT_EQ(frames.size(), 1u);
    EXPECT_EQ(frames[0].as<thil_refused>().reason, THIL_REFUSED_MALFORMED);
  }
  EXPECT_EQ(host.port.resets, 0u);
}

TEST(Session, ARequestCutShortIsRefused) {
  FakeHost host;
  host.hello();
  for (std::uint8_t type :
       Bytes{THIL_ID_list, THIL_ID_push_begin, THIL_ID_push_chunk, THIL_ID_load, THIL_ID_run}) {
    host.put(host.line_of_payload(type, {1}));
    const auto frames = host.settle();
    ASSERT_EQ(frames.size(), 1u);
    const auto refused = frames[0].as<thil_refused>();
    EXPECT_EQ(refused.request, type);
    EXPECT_EQ(refused.reason, THIL_REFUSED_MALFORMED);
  }
}

TEST(Session, AnUnknownRequestIsRefused) {
  FakeHost host;
  host.hello();
  host.put(host.line_of_payload(0x7F, {}));
  const auto frames = host.settle();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].as<thil_refused>().request, 0x7F);
  EXPECT_EQ(frames[0].as<thil_refused>().reason, THIL_REFUSED_UNKNOWN);
}

TEST(Session, ItsOwnFramesEchoedByTheLineAreNotAnswered) {
  FakeHost host;
  host.hello();
  host.put(host.line_of(thil_done{}));
  host.flags = THIL_FRAME_REPLY;
  host.put(host.line_of(thil_check{}));
  EXPECT_TRUE(host.settle().empty());
}

TEST(Session, ARequestThatArrivesByteByByteIsAnsweredOnce) {
  FakeHost host;
  host.hello();
  const Bytes line = host.line_of(thil_check{});
  std::vector<Frame> frames;
  for (std::uint8_t byte : line) {
    EXPECT_TRUE(frames.empty());
    host.put({byte});
    frames = host.settle();
  }
  EXPECT_EQ(frames.size(), 1u);
}

TEST(Session, RequestsInARowAreAnsweredInOrder) {
  FakeHost host;
  host.hello();
  for (int i = 0; i < 5; ++i) host.put(host.line_of(thil_check{}));
  const auto frames = host.settle();
  ASSERT_EQ(frames.size(), 5u);
  for (std::uint16_t i = 0; i < 5; ++i) EXPECT_EQ(frames[i].header.ack, 1 + i);
}

TEST(Session, HealthCountsFramesAndLostBytes) {
  FakeHost host;
  host.hello();
  host.put({9, 9, 9, 0});
  host.port.bytes_lost = 12;
  const auto health = host.ask(thil_check{}).as<thil_health>();
  EXPECT_EQ(health.run, 0u);
  EXPECT_EQ(health.frames_good, 2u);
  EXPECT_EQ(health.frames_bad, 1u);
  EXPECT_EQ(health.bytes_lost, 12u);
  EXPECT_EQ(health.stack_free, 512u);
}

TEST(Session, ResetIsAnsweredAndThenDone) {
  FakeHost host;
  host.hello();
  EXPECT_EQ(host.ask(thil_reset{}).as<thil_done>().request, THIL_ID_reset);
  EXPECT_EQ(host.port.resets, 1u);
}

TEST(Session, ARepeatedHelloIsAnsweredAgain) {
  FakeHost host;
  const Bytes line = host.line_of(thil_hello{0, 7});
  for (int i = 0; i < 2; ++i) {
    host.put(line);
    const auto frames = host.settle();
    ASSERT_EQ(frames.size(), 1u);
    EXPECT_EQ(frames[0].as<thil_identity>().nonce, 7u);
  }
}

TEST(Session, AMalformedHelloOpensNone) {
  FakeHost host;
  host.put(host.line_of_payload(THIL_ID_hello, {1, 2}));
  const auto frames = host.settle();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].as<thil_refused>().reason, THIL_REFUSED_MALFORMED);
  host.put(host.line_of(thil_check{}));
  host.settle().at(0).as<thil_booted>();
}

TEST(Session, AnEchoComesBackHoweverLong) {
  FakeHost host;
  host.hello();
  for (std::size_t size : {0, 1, 1024}) {
    Bytes content(size);
    for (std::size_t i = 0; i < size; ++i) content[i] = static_cast<std::uint8_t>(i * 7);
    const Frame frame = host.ask(thil_echo{0, {content.data(), content.size()}});
    EXPECT_EQ(frame.header.type, THIL_ID_echoed);
    EXPECT_EQ(frame.payload, content);
  }
}

TEST(Session, AllIsAnsweredAfterAStartInTheMiddleOfAnything) {
  FakeHost host;
  host.hello();
  host.ask(host.begin(THIL_SLOT_VECTORS, 0, Bytes(100)));
  host.put(Bytes(500, 3));
  thil_agent_step();
  host.start();
  host.port.to_device.clear();
  host.hello().as<thil_identity>();
  EXPECT_EQ(host.refusal(thil_push_end{0, THIL_SLOT_VECTORS, 0}).reason, THIL_REFUSED_NOT_PUSHING);
}

}  // namespace
}  // namespace agent_test
