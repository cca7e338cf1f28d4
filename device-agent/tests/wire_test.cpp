// SPDX-License-Identifier: Apache-2.0
#include "thil/wire.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "thil/cursor.h"

namespace {

using Bytes = std::vector<std::uint8_t>;

struct Received {
  thil_frame_header header;
  Bytes payload;
};

class Decoder {
 public:
  explicit Decoder(std::size_t capacity = THIL_FRAME_RAW_MAX) : memory_(capacity) {
    thil_decoder_init(&state, memory_.data(), memory_.size());
  }

  std::vector<Received> push(const Bytes& line) {
    std::vector<Received> frames;
    for (std::uint8_t byte : line) {
      thil_frame frame{};
      if (!thil_decoder_push(&state, byte, &frame)) continue;
      frames.push_back({frame.header, Bytes(frame.payload.bytes, frame.payload.bytes + frame.payload.size)});
    }
    return frames;
  }

  thil_decoder state{};

 private:
  Bytes memory_;
};

constexpr thil_frame_header kHeader{THIL_ID_push_chunk, 0, 7, 3, 0x1234, 0xFFFF};

Bytes encode(const Bytes& payload, const thil_frame_header& header = kHeader) {
  Bytes line(THIL_FRAME_LINE_MAX);
  line.resize(thil_frame_encode(&header, {payload.data(), payload.size()}, line.data(), line.size()));
  return line;
}

Bytes operator+(Bytes left, const Bytes& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

TEST(Crc32c, HasTheCheckValueOfItsCatalogue) {
  const Bytes digits{'1', '2', '3', '4', '5', '6', '7', '8', '9'};
  EXPECT_EQ(thil_crc32c(0, digits.data(), digits.size()), 0xE3069283u);
  EXPECT_EQ(thil_crc32c(0, nullptr, 0), 0u);
}

TEST(Crc32c, ChainsWithThePreviousValue) {
  const Bytes digits{'1', '2', '3', '4', '5', '6', '7', '8', '9'};
  EXPECT_EQ(thil_crc32c(thil_crc32c(0, digits.data(), 4), digits.data() + 4, 5), 0xE3069283u);
}

TEST(Encoder, RefusesAPayloadAboveTheMtu) {
  EXPECT_EQ(encode(Bytes(THIL_MTU_MAX + 1)).size(), 0u);
  EXPECT_GT(encode(Bytes(THIL_MTU_MAX)).size(), 0u);
}

TEST(Encoder, RefusesEveryLineThatIsTooShortAndTouchesNothingBeyondIt) {
  const Bytes payload(300, 0xA5);
  const std::size_t size = encode(payload).size();
  for (std::size_t room = 0; room < size; ++room) {
    Bytes line(room + 1, 0xEE);
    EXPECT_EQ(thil_frame_encode(&kHeader, {payload.data(), payload.size()}, line.data(), room), 0u);
    EXPECT_EQ(line[room], 0xEE);
  }
}

TEST(Encoder, NeverNeedsMoreThanTheAnnouncedLine) {
  for (std::uint8_t fill : {0x00, 0x01, 0xFF}) {
    EXPECT_LE(encode(Bytes(THIL_MTU_MAX, fill)).size(), std::size_t{THIL_FRAME_LINE_MAX});
    EXPECT_NE(encode(Bytes(THIL_MTU_MAX, fill)).size(), 0u);
  }
}

TEST(Decoder, ReturnsWhatWasEncodedForEveryPayloadSize) {
  Decoder decoder;
  for (std::size_t size = 0; size <= THIL_MTU_MAX; ++size) {
    Bytes payload(size);
    for (std::size_t i = 0; i < size; ++i) payload[i] = static_cast<std::uint8_t>(i % 256);
    const auto frames = decoder.push(encode(payload));
    ASSERT_EQ(frames.size(), 1u) << size;
    EXPECT_EQ(frames[0].payload, payload);
    EXPECT_EQ(frames[0].header.seq, 0x1234);
    EXPECT_EQ(frames[0].header.ack, 0xFFFF);
  }
}

TEST(Decoder, DropsAFrameWithABadChecksum) {
  Decoder decoder;
  Bytes line = encode({1, 2, 3});
  line[line.size() - 2] ^= 1;
  EXPECT_TRUE(decoder.push(line).empty());
  EXPECT_EQ(decoder.state.bad, 1u);
}

TEST(Decoder, DropsAFrameShorterThanHeaderAndChecksum) {
  Decoder decoder;
  EXPECT_TRUE(decoder.push({5, 1, 2, 3, 4, 0}).empty());
  EXPECT_EQ(decoder.state.bad, 1u);
}

TEST(Decoder, DropsAFrameWhoseLastBlockIsLongerThanTheLine) {
  Decoder decoder;
  const Bytes line = encode(Bytes(40, 9), {9, 9, 9, 9, 0x0909, 0x0909});
  ASSERT_EQ(line[1], line.size() - 2) << "one block, without a zero in the checksum";
  Bytes longer = line;
  longer[1]++;
  EXPECT_EQ(decoder.push(line).size(), 1u);
  EXPECT_TRUE(decoder.push(longer).empty());
  EXPECT_EQ(decoder.state.bad, 1u);
}

TEST(Decoder, DropsAFrameLargerThanItsMemoryAndTakesTheNext) {
  Decoder decoder(THIL_FRAME_HEADER_SIZE + 4 + THIL_FRAME_CRC_SIZE);
  EXPECT_EQ(decoder.push(encode(Bytes(5, 9)) + encode(Bytes(4, 9))).size(), 1u);
  EXPECT_EQ(decoder.state.bad, 1u);
  EXPECT_EQ(decoder.state.good, 1u);
}

TEST(Decoder, DropsAPayloadAboveTheMtuEvenWithMemoryToSpare) {
  Bytes raw(THIL_FRAME_HEADER_SIZE + THIL_MTU_MAX + 1, 0);
  const std::uint32_t crc = thil_crc32c(0, raw.data(), raw.size());
  for (int shift = 0; shift < 32; shift += 8) raw.push_back(static_cast<std::uint8_t>(crc >> shift));
  Bytes line;
  for (std::uint8_t byte : raw) line = line + (byte == 0 ? Bytes{1} : Bytes{2, byte});
  Decoder decoder(4096);
  EXPECT_TRUE(decoder.push(line + Bytes{0}).empty());
}

TEST(Decoder, DoesNotCountEmptyFrames) {
  Decoder decoder;
  EXPECT_EQ(decoder.push(Bytes{0, 0, 0} + encode({}) + Bytes{0, 0}).size(), 1u);
  EXPECT_EQ(decoder.state.bad, 0u);
}

TEST(Decoder, TakesAFrameBehindTextThatSomebodyPrinted) {
  Decoder decoder;
  const Bytes text{'[', '1', '2', ']', ' ', 'u', 'p', '\r', '\n'};
  EXPECT_EQ(decoder.push(text + encode({1}) + text + encode({2})).size(), 2u);
  EXPECT_EQ(decoder.state.bad, 2u) << "the texts";
}

TEST(Decoder, TakesFramesThatShareTheZeroBetweenThem) {
  Decoder decoder;
  const Bytes frame = encode({1, 2, 3});
  const Bytes rest(frame.begin() + 1, frame.end());
  EXPECT_EQ(decoder.push(frame + rest + rest).size(), 3u);
}

TEST(Decoder, ResynchronisesAtTheNextDelimiter) {
  Decoder decoder;
  const Bytes whole = encode({1, 2, 3});
  for (std::size_t cut = 2; cut < whole.size(); ++cut) {
    const Bytes tail(whole.begin() + static_cast<long>(cut), whole.end());
    EXPECT_EQ(decoder.push(tail + whole).size(), 1u) << cut;
  }
}

TEST(Decoder, NeverTakesADamagedFrameForAnother) {
  std::mt19937 random(20240611);
  Decoder decoder;
  for (int round = 0; round < 20000; ++round) {
    Bytes payload(random() % 80);
    for (auto& byte : payload) byte = static_cast<std::uint8_t>(random() % 4 == 0 ? 0 : random());
    const Bytes sent = encode(payload);
    Bytes line = sent;
    const int flips = 1 + static_cast<int>(random() % 4);
    for (int i = 0; i < flips; ++i)
      line[random() % line.size()] ^= static_cast<std::uint8_t>(1u << random() % 8);
    for (const auto& frame : decoder.push(line + Bytes{0})) EXPECT_EQ(frame.payload, payload);
    EXPECT_EQ(decoder.push(sent).size(), 1u);
  }
}

TEST(Decoder, SurvivesNoiseAndThenTakesAFrame) {
  std::mt19937 random(7);
  Decoder decoder(64);
  for (int round = 0; round < 2000; ++round) {
    Bytes noise(random() % 200);
    for (auto& byte : noise) byte = static_cast<std::uint8_t>(random());
    EXPECT_TRUE(decoder.push(noise).empty());
    decoder.push({0});
    EXPECT_EQ(decoder.push(encode({4, 5})).size(), 1u);
  }
}

TEST(Reader, GivesZeroAfterTheFirstMissingByte) {
  const Bytes payload{1, 2, 3};
  thil_reader from{payload.data(), payload.size(), false};
  std::uint16_t there = 0;
  std::uint16_t cut = 9;
  std::uint8_t after = 9;
  thil_u16_get(&from, &there);
  thil_u16_get(&from, &cut);
  thil_u8_get(&from, &after);
  EXPECT_EQ(there, 0x0201);
  EXPECT_EQ(cut, 0);
  EXPECT_EQ(after, 0);
  EXPECT_TRUE(from.failed);
}

TEST(Reader, RefusesATextLongerThanThePayload) {
  const Bytes payload{THIL_ID_load, 9, 0, 0, 0, 0, 5, 'a', 'b'};
  thil_reader from{payload.data(), payload.size(), false};
  thil_refused refused{};
  EXPECT_FALSE(thil_refused_read(&from, &refused));
  EXPECT_EQ(refused.detail.size, 0);
}

TEST(Writer, WritesNothingAfterWhatDidNotFit) {
  Bytes payload(3, 0xEE);
  thil_writer to{payload.data(), payload.size(), false};
  const std::uint16_t first = 0x0201;
  const std::uint32_t too_wide = 0;
  const std::uint8_t last = 7;
  thil_u16_put(&to, &first);
  thil_u32_put(&to, &too_wide);
  thil_u8_put(&to, &last);
  EXPECT_TRUE(to.failed);
  EXPECT_EQ(payload, (Bytes{1, 2, 0xEE}));
}

// Where the fields of a message lie in its struct, as the walk over its types finds them.
std::vector<std::size_t> walked(const std::uint8_t* types) {
  std::vector<std::size_t> offsets;
  for (std::size_t at = 1; *types != THIL_TYPE_end; ++types) {
    const thil_layout& is = thil_layouts[*types];
    at = (at + is.unit - 1) / is.unit * is.unit;
    offsets.push_back(at);
    at += is.size;
  }
  return offsets;
}

TEST(Messages, OfNoFieldsNeedNoMemory) {
  thil_writer to{nullptr, 0, false};
  const thil_echo nothing{};
  thil_echo_write(&to, &nothing);
  EXPECT_FALSE(to.failed);
  thil_reader from{nullptr, 0, false};
  thil_echo read{};
  EXPECT_TRUE(thil_echo_read(&from, &read));
  EXPECT_EQ(read.content.size, 0u);
}

TEST(Messages, LieInTheirStructsAsTheirTypesSay){
#define THIL_MESSAGE(name, id)                       \
  {                                                  \
    using Struct = thil_##name;                      \
    const auto found = walked(thil_##name##_fields); \
    const std::vector<std::size_t> expected {
#define THIL_FIELD(type, name) offsetof(Struct, name),
#define THIL_END(name)                 \
  }                                    \
  ;                                    \
  EXPECT_EQ(found, expected) << #name; \
  EXPECT_LT(0u, sizeof(Struct));       \
  }
#include "thil/messages.def"
#undef THIL_MESSAGE
#undef THIL_FIELD
#undef THIL_END
}

TEST(Messages, ACrashIsReadBackAndZeroWhenCutShort) {
  thil_identity identity{};
  identity.crash = {1, 2, 3, 4, 5, 6, 7, 8, 0x90A0B0C0};
  Bytes payload(THIL_MTU_MAX);
  thil_writer to{payload.data(), payload.size(), false};
  thil_identity_write(&to, &identity);
  payload.resize(payload.size() - to.left);
  thil_reader from{payload.data(), payload.size(), false};
  thil_identity read{};
  ASSERT_TRUE(thil_identity_read(&from, &read));
  EXPECT_EQ(read.crash.cause, 1u);
  EXPECT_EQ(read.crash.repeat, 0x90A0B0C0u);
  thil_reader cut{payload.data(), payload.size() - 7, false};  // five texts and two bytes of the crash
  EXPECT_FALSE(thil_identity_read(&cut, &read));
  EXPECT_EQ(read.crash.cause, 0u);
  EXPECT_EQ(read.crash.repeat, 0u);
}

TEST(Messages, AreNamedByTheirId) {
  EXPECT_STREQ(thil_message_name(0x04), "push_chunk");
  EXPECT_STREQ(thil_message_name(0xFE), "refused");
  EXPECT_STREQ(thil_message_name(0x7F), "?");
}

}  // namespace
