// SPDX-License-Identifier: Apache-2.0
// A host for tests: sends literal requests to the agent that is linked in and reads its frames.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <utility>
#include <vector>

#include "fake_engine.h"
#include "fake_port.hpp"
#include "sha256.h"
#include "thil/agent.h"
#include "thil/cursor.h"
#include "thil/wire.h"

namespace agent_test {

using Bytes = std::vector<std::uint8_t>;

// id_of, write_message, read_message for every message.
#define THIL_MESSAGE(name, id)                                                                            \
  constexpr std::uint8_t id_of(const thil_##name&) { return id; }                                         \
  inline void write_message(thil_writer* to, const thil_##name& from) { thil_##name##_write(to, &from); } \
  inline bool read_message(thil_reader* from, thil_##name& to) { return thil_##name##_read(from, &to); }
#define THIL_FIELD(type, name)
#define THIL_END(name)
#include "thil/messages.def"
#undef THIL_MESSAGE
#undef THIL_FIELD
#undef THIL_END

struct Frame {
  thil_frame_header header{};
  Bytes payload;

  // The message, which must be of this type and complete; views point into payload.
  template <typename Message>
  Message as() const {
    Message message{};
    thil_reader from{payload.data(), payload.size(), false};
    EXPECT_EQ(header.type, id_of(message)) << thil_message_name(header.type);
    EXPECT_TRUE(read_message(&from, message));
    return message;
  }
};

inline thil_digest digest_of(const Bytes& content) {
  thil_digest digest{};
  thil_sha256_digest(content.data(), content.size(), &digest);
  return digest;
}

// A model image of the fake engine.
inline Bytes fake_model(std::uint8_t input, std::uint8_t output, std::uint8_t bias = 0,
                        std::uint8_t status = 0, std::uint8_t output_high = 0) {
  return {'F', status, input, 0, output, output_high, bias};
}

// Role and description of each tensor of a model.
inline std::vector<std::pair<std::uint8_t, thil_tensor_info>> tensors_of(const thil_loaded& loaded) {
  std::vector<std::pair<std::uint8_t, thil_tensor_info>> tensors;
  thil_reader from{loaded.tensors.bytes, loaded.tensors.size, false};
  while (from.left > 0 && !from.failed) {
    auto role = static_cast<std::uint8_t>(tensors.size());
    if (tensors.size() > THIL_OUTPUT) thil_u8_get(&from, &role);
    thil_tensor_info tensor{};
    thil_tensor_get(&from, &tensor);
    tensors.emplace_back(role, tensor);
  }
  EXPECT_FALSE(from.failed);
  return tensors;
}

class FakeHost {
 public:
  FakeHost() {
    fake_port = &port;
    fake_engine_fix_model(false);
    fake_engine_on_invoke(nullptr);
    thil_decoder_init(&decoder_, memory_.data(), memory_.size());
    start();
  }

  // What the agent says when its board was reset.
  std::vector<Frame> start() {
    thil_agent_start();
    return take();
  }

  template <typename Message>
  Bytes line_of(const Message& message, const Bytes& rest = {}) {
    Bytes payload(THIL_MTU_MAX);
    thil_writer to{payload.data(), payload.size(), false};
    write_message(&to, message);
    payload.resize(payload.size() - to.left);
    payload.insert(payload.end(), rest.begin(), rest.end());
    return line_of_payload(id_of(message), payload);
  }

  Bytes line_of_payload(std::uint8_t type, const Bytes& payload) {
    const thil_frame_header header{type, flags, epoch, 255, seq++, 0};
    Bytes line(THIL_FRAME_LINE_MAX);
    line.resize(thil_frame_encode(&header, {payload.data(), payload.size()}, line.data(), line.size()));
    return line;
  }

  void put(const Bytes& line) { port.to_device.insert(port.to_device.end(), line.begin(), line.end()); }

  // Steps until the agent has nothing more to do; what it said meanwhile.
  std::vector<Frame> settle(int most_steps = 100000) {
    for (int i = 0; i < most_steps && thil_agent_step(); ++i) {
    }
    return take();
  }

  std::vector<Frame> take() {
    std::vector<Frame> frames;
    for (std::uint8_t byte : port.to_host) {
      thil_frame frame{};
      if (!thil_decoder_push(&decoder_, byte, &frame)) continue;
      frames.push_back({frame.header, Bytes(frame.payload.bytes, frame.payload.bytes + frame.payload.size)});
    }
    port.to_host.clear();
    EXPECT_EQ(decoder_.bad, 0u);
    return frames;
  }

  // One request with exactly one answer.
  template <typename Message>
  Frame ask(const Message& message) {
    put(line_of(message));
    const auto frames = settle();
    EXPECT_EQ(frames.size(), 1u);
    if (frames.empty()) return {};
    EXPECT_EQ(frames[0].header.flags & THIL_FRAME_REPLY, THIL_FRAME_REPLY);
    EXPECT_EQ(frames[0].header.ack, static_cast<std::uint16_t>(seq - 1));
    return frames[0];
  }

  template <typename Message>
  thil_refused refusal(const Message& message) {
    last_ = ask(message);
    return last_.as<thil_refused>();
  }

  Frame hello() { return ask(thil_hello{0, 77}); }

  // A request that is carried out and not answered.
  template <typename Message>
  void tell(const Message& message) {
    put(line_of(message));
    EXPECT_TRUE(settle().empty());
  }

  void push(std::uint8_t kind, std::uint16_t slot, const Bytes& content) {
    ask(begin(kind, slot, content)).as<thil_done>();
    tell(chunk(kind, slot, 0, content));
    ask(thil_push_end{0, kind, slot}).as<thil_done>();
  }

  // A view of `bytes`, which must live until it is sent.
  static thil_push_chunk chunk(std::uint8_t kind, std::uint16_t slot, std::uint32_t offset,
                               const Bytes& bytes) {
    return {0, kind, slot, offset, {bytes.data(), bytes.size()}};
  }

  static thil_push_begin begin(std::uint8_t kind, std::uint16_t slot, const Bytes& content) {
    return {0, kind, slot, static_cast<std::uint32_t>(content.size()), digest_of(content)};
  }

  FakePort port;
  std::uint8_t epoch = 5;
  std::uint8_t flags = 0;
  std::uint16_t seq = 0;

 private:
  Bytes memory_ = Bytes(THIL_FRAME_RAW_MAX);
  thil_decoder decoder_{};
  Frame last_;  // what the views of the last refusal point to
};

inline std::string text(const thil_text& from) { return {from.chars, from.size}; }
inline bool operator==(const thil_digest& left, const thil_digest& right) {
  return std::memcmp(left.bytes, right.bytes, THIL_DIGEST_SIZE) == 0;
}

}  // namespace agent_test
