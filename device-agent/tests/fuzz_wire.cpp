// SPDX-License-Identifier: Apache-2.0
// libFuzzer: the decoder over arbitrary bytes, and every message's reader over arbitrary payloads. What is
// read must be written back as it was.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "thil/wire.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

template <typename Message, typename Read, typename Write>
void round_trip(thil_bytes payload, Read read, Write write) {
  Message message{};
  thil_reader from{payload.bytes, payload.size, false};
  if (!read(&from, &message)) return;
  std::vector<std::uint8_t> written(payload.size);
  thil_writer to{written.data(), written.size(), false};
  write(&to, &message);
  require(!to.failed && to.left == 0);
  require(payload.size == 0 || std::memcmp(written.data(), payload.bytes, payload.size) == 0);
}

void read_every_message(thil_bytes payload) {
#define THIL_MESSAGE(name, id) round_trip<thil_##name>(payload, thil_##name##_read, thil_##name##_write);
#define THIL_FIELD(type, name)
#define THIL_END(name)
#include "thil/messages.def"
#undef THIL_MESSAGE
#undef THIL_FIELD
#undef THIL_END
}

bool decode(const std::uint8_t* line, std::size_t size, thil_frame& last, std::vector<std::uint8_t>& memory) {
  thil_decoder decoder;
  thil_decoder_init(&decoder, memory.data(), memory.size());
  bool complete = false;
  for (std::size_t i = 0; i < size; ++i) complete = thil_decoder_push(&decoder, line[i], &last);
  return complete;
}

// The fast way of a host sees what the other one sees.
void feed_as_pushed(const std::uint8_t* line, std::size_t size) {
  std::vector<std::uint8_t> memory(THIL_FRAME_RAW_MAX);
  std::vector<std::uint8_t> fed_memory(THIL_FRAME_RAW_MAX);
  thil_decoder pushed;
  thil_decoder fed;
  thil_decoder_init(&pushed, memory.data(), memory.size());
  thil_decoder_init(&fed, fed_memory.data(), fed_memory.size());
  for (std::size_t at = 0; at < size;) {
    thil_frame frame{};
    const std::size_t part = std::min<std::size_t>(size - at, 1 + line[at]);
    const thil_fed told = thil_decoder_feed(&fed, line + at, part, &frame);
    const std::size_t end = at + told.taken;
    bool expected = false;
    while (at < end) expected = thil_decoder_push(&pushed, line[at++], &frame);
    require(told.complete == expected && fed.good == pushed.good && fed.bad == pushed.bad);
    require(fed.size == pushed.size && std::memcmp(memory.data(), fed_memory.data(), fed.size) == 0);
  }
}

void encode_and_decode(thil_bytes payload) {
  const thil_frame_header header{1, 2, 3, 4, 5, 6};
  std::vector<std::uint8_t> line(THIL_FRAME_LINE_MAX);
  const std::size_t size = thil_frame_encode(&header, payload, line.data(), line.size());
  require((size == 0) == (payload.size > THIL_MTU_MAX));
  if (size == 0) return;
  std::vector<std::uint8_t> memory(THIL_FRAME_RAW_MAX);
  thil_frame frame{};
  require(decode(line.data(), size, frame, memory));
  require(frame.payload.size == payload.size);
  require(payload.size == 0 || std::memcmp(frame.payload.bytes, payload.bytes, payload.size) == 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  std::vector<std::uint8_t> memory(THIL_FRAME_RAW_MAX);
  thil_frame frame{};
  if (decode(bytes, size, frame, memory)) read_every_message(frame.payload);
  read_every_message({bytes, size});
  encode_and_decode({bytes, size});
  feed_as_pushed(bytes, size);
  return 0;
}
