// SPDX-License-Identifier: Apache-2.0
// libFuzzer: the whole agent, against a hostile host. The input is a conversation: steps of three bytes
// (what, size, way) and that many bytes more. Most are frames with a valid checksum, so that the fuzzer gets
// behind it; some are what it would never guess, such as a push with the digest that its content has; some
// are noise.
//
// Checked after each: nothing was written outside of the slots (each kind has an allocation of its own, which
// the sanitizer guards), a full slot still holds what its digest says, and a hello is answered.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include "fake_engine.h"
#include "fake_port.hpp"
#include "sha256.h"
#include "slots.h"
#include "thil/agent.h"
#include "thil/wire.h"

namespace {

constexpr std::uint16_t kSlots = 3;
constexpr std::uint32_t kSlotSize = 48 + 64;
constexpr std::uint32_t kArenaSize = 256;
constexpr std::size_t kLongest = 512;  // of an input: many short conversations find more than few long ones

// What a step does; anything else is the type of a frame.
enum Step : std::uint8_t {
  kWindow = 0xFA,
  kChunk = 0xFB,
  kNewSession = 0xFC,
  kPush = 0xFD,
  kRun = 0xFE,
  kNoise = 0xFF
};

void require(bool holds) {
  if (!holds) std::abort();
}

// A window of millions of inferences ends with the next byte; so one comes now and then.
void interrupt_now_and_then() {
  static unsigned invokes = 0;
  if (++invokes % 64 == 0) fake_port->to_device.push_back(0);
}

// One for all conversations: its memory is large, and none of it is used.
FakePort& fresh_port() {
  static FakePort port;
  port.to_device.clear();
  port.to_host.clear();
  port.rates.clear();
  port.trigger.clear();
  port.rests.clear();
  port.retained.fill(0);
  return port;
}

class Conversation {
 public:
  Conversation() : port_(fresh_port()) {
    port_.memory = {models_.data(), kSlots,          kSlotSize, arenas_.data(),
                    kArenaSize,     vectors_.data(), kSlots,    kSlotSize};
    port_.info.receive_size = 4 * THIL_FRAME_LINE_MAX;
    fake_port = &port_;
    fake_engine_on_invoke(interrupt_now_and_then);
    fake_engine_tell_layers(300, nullptr);
    thil_decoder_init(&decoder_, memory_.data(), memory_.size());
    thil_agent_start();
    hello();
    const std::uint8_t model[] = {'F', 0, 4, 0, 2, 0, 0};
    const std::uint8_t of_several[] = {'F', 0, 4, 0, 4, 0, 0, 0, 2, 3};
    const std::uint8_t vectors[] = {1, 2, 3, 4, 5, 6, 7, 8};
    push(THIL_SLOT_MODEL, 0, {model, sizeof model});
    push(THIL_SLOT_MODEL, 1, {of_several, sizeof of_several});
    push(THIL_SLOT_VECTORS, 0, {vectors, sizeof vectors});
    for (const std::uint16_t slot : {0, 1}) {
      send(THIL_ID_load, thil_load{0, slot}, thil_load_write);
      settle(40);
      require(last_ == THIL_ID_loaded);
    }
  }

  void step(std::uint8_t what, std::uint8_t way, thil_bytes payload) {
    port_.write_limit = (way & 0x0C) == 0x0C ? 50 : SIZE_MAX;  // now and then a frame leaves in parts
    switch (what) {
      case kNewSession:
        hello();
        break;
      case kPush:
        push(kind_of(way), slot_of(way), payload, (way & 0x40) == 0);
        break;
      case kChunk:
        chunk(way, payload);
        break;
      case kRun:
        run(way, payload);
        break;
      case kWindow:
        window(way, payload);
        break;
      case kNoise:
        put(payload.bytes, payload.size);
        break;
      default:
        put_frame(what, way, payload);
    }
    settle(way % 4 == 3 ? 2 : 40);  // now and then the next comes while a run goes on
  }

  void finish() {
    hello();
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
      require(is_whole(models_.data() + slot * kSlotSize));
      require(is_whole(vectors_.data() + slot * kSlotSize));
    }
  }

 private:
  // `way` bends the header: a frame lost or sent again, a report asked for, another epoch.
  void put_frame(std::uint8_t type, std::uint8_t way, thil_bytes payload) {
    if ((way & 0x30) == 0x30) seq_ = static_cast<std::uint16_t>(seq_ + (way >> 6) * 11 - 16);
    const auto flags = static_cast<std::uint8_t>((way & 4) != 0 ? THIL_FRAME_ASK : 0);
    const auto epoch = static_cast<std::uint8_t>((way & 0x38) == 0x28 ? epoch_ + 1 : epoch_);
    const thil_frame_header header{type, flags, epoch, 255, seq_++, 0};
    std::array<std::uint8_t, THIL_FRAME_LINE_MAX> line;
    put(line.data(), thil_frame_encode(&header, payload, line.data(), line.size()));
  }

  template <typename Message, typename Write>
  void send(std::uint8_t type, const Message& message, Write write) {
    std::array<std::uint8_t, THIL_MTU_MAX> payload;
    thil_writer to{payload.data(), payload.size(), false};
    write(&to, &message);
    put_frame(type, 0, {payload.data(), payload.size() - to.left});
  }

  static std::uint8_t kind_of(std::uint8_t way) { return way % 2 == 0 ? THIL_SLOT_MODEL : THIL_SLOT_VECTORS; }
  static std::uint16_t slot_of(std::uint8_t way) { return way / 2 % kSlots; }

  // Content that fits and does not make the engine crash or hang, which it does when asked to.
  void push(std::uint8_t kind, std::uint16_t slot, thil_bytes from, bool to_the_end = true) {
    std::vector<std::uint8_t> content(from.bytes, from.bytes + std::min<std::size_t>(from.size, 64));
    for (auto& byte : content) byte = byte >= FAKE_OVERFLOW && byte <= FAKE_HANG ? 0 : byte;
    thil_push_begin begin{0, kind, slot, static_cast<std::uint32_t>(content.size()), {}};
    thil_sha256_digest(content.data(), content.size(), &begin.digest);
    const thil_push_chunk whole{0, kind, slot, 0, {content.data(), content.size()}};
    send(THIL_ID_push_begin, begin, thil_push_begin_write);
    send(THIL_ID_push_chunk, whole, thil_push_chunk_write);
    if (to_the_end) send(THIL_ID_push_end, thil_push_end{0, kind, slot}, thil_push_end_write);
    settle(40);
  }

  void chunk(std::uint8_t way, thil_bytes payload) {
    if (payload.size < 2) return;
    const thil_bytes rest{payload.bytes + 2, payload.size - 2};
    const std::uint8_t kind = kind_of(way);
    const std::uint16_t slot = slot_of(way);
    const std::uint32_t offset = payload.bytes[0];
    if ((way & 0x40) == 0) {
      send(THIL_ID_push_chunk, thil_push_chunk{0, kind, slot, offset, rest}, thil_push_chunk_write);
    } else {
      send(THIL_ID_push_packed, thil_push_packed{0, kind, slot, offset, payload.bytes[1], rest},
           thil_push_packed_write);
    }
  }

  // Mostly one that is accepted.
  void run(std::uint8_t way, thil_bytes payload) {
    std::uint8_t of[9] = {};
    std::copy_n(payload.bytes, std::min(payload.size, sizeof of), of);
    const std::uint8_t models[] = {static_cast<std::uint8_t>(of[7] % 4), 0};
    thil_run run{};
    run.run = 1;
    run.vector_slot = of[0] % 4;
    run.first = of[1];
    run.count = of[2] % 16;
    run.repeats = of[3];
    run.mode = of[4] % 3;
    run.form = of[5] % 4;
    run.top_k = of[6] % 8;
    run.batch = of[8];
    run.models = {models, std::size_t{1} + way / 128};
    send(THIL_ID_run, run, thil_run_write);
  }

  // Mostly one that is accepted, and sometimes asked for again.
  void window(std::uint8_t way, thil_bytes payload) {
    std::uint8_t of[6] = {};
    std::copy_n(payload.bytes, std::min(payload.size, sizeof of), of);
    thil_window window{};
    window.window = 1 + way / 128;
    window.kind = of[0] % 5;
    window.flags = of[1];
    window.model = of[2] % 4;
    window.vector_slot = of[3] % 4;
    window.vector = of[4] % 4;
    window.invokes = of[5];
    window.length_ms = std::uint32_t{of[5]} << (way % 9);
    window.rest_ms = of[1] * 20U;
    send(THIL_ID_window, window, thil_window_write);
  }

  // Whatever came before, it is answered.
  void hello() {
    port_.write_limit = SIZE_MAX;
    epoch_ = static_cast<std::uint8_t>(epoch_ % 255 + 1);
    const std::uint8_t nonce[] = {epoch_, 2, 3, 4};
    put(reinterpret_cast<const std::uint8_t*>("\0"), 1);
    put_frame(THIL_ID_hello, 0, {nonce, sizeof nonce});
    settle(40);
    require(last_ == THIL_ID_identity);
  }

  // The record is one that the agent wrote, and what a full slot holds is what it says.
  static bool is_whole(const std::uint8_t* slot) {
    thil_slot_record record;
    std::memcpy(&record, slot + kSlotSize - THIL_SLOT_RECORD_SIZE, sizeof record);
    if (record.state > THIL_SLOT_FULL || record.size > kSlotSize - THIL_SLOT_RECORD_SIZE) return false;
    if (record.state != THIL_SLOT_FULL) return true;
    thil_digest held{};
    thil_sha256_digest(slot, record.size, &held);
    return std::memcmp(held.bytes, record.digest.bytes, THIL_DIGEST_SIZE) == 0;
  }

  static void put(const std::uint8_t* bytes, std::size_t size) {
    fake_port->to_device.insert(fake_port->to_device.end(), bytes, bytes + size);
  }

  void settle(int steps) {
    for (int i = 0; i < steps && thil_agent_step(); ++i) {
    }
    for (std::size_t at = 0; at < port_.to_host.size();) {
      thil_frame frame{};
      const thil_fed fed =
          thil_decoder_feed(&decoder_, port_.to_host.data() + at, port_.to_host.size() - at, &frame);
      at += fed.taken;
      if (fed.complete && (frame.header.flags & THIL_FRAME_REPLY) != 0) last_ = frame.header.type;
    }
    require(decoder_.bad == 0);
    port_.to_host.clear();
  }

  FakePort& port_;
  std::vector<std::uint8_t> models_ = std::vector<std::uint8_t>(kSlots * kSlotSize, 0xC3);
  std::vector<std::uint8_t> arenas_ = std::vector<std::uint8_t>(kSlots * kArenaSize, 0xC3);
  std::vector<std::uint8_t> vectors_ = std::vector<std::uint8_t>(kSlots * kSlotSize, 0xC3);
  std::array<std::uint8_t, THIL_FRAME_RAW_MAX> memory_;
  thil_decoder decoder_{};
  std::uint8_t epoch_ = 0;
  std::uint16_t seq_ = 0;
  std::uint8_t last_ = 0;  // the type of the newest reply
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto conversation = std::make_unique<Conversation>();
  size = std::min<std::size_t>(size, kLongest);
  while (size >= 3) {
    const std::size_t part = bytes[1] < size - 3 ? bytes[1] : size - 3;
    conversation->step(bytes[0], bytes[2], {bytes + 3, part});
    bytes += 3 + part;
    size -= 3 + part;
  }
  conversation->finish();
  return 0;
}
