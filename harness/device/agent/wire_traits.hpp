// SPDX-License-Identifier: Apache-2.0
// The C messages of wire.h as C++ sees them: Wire<thil_hello>::kId, pack(message), unpack<thil_hello>(frame).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "thil/wire.h"

namespace tinyhil::device {

template <class Message>
struct Wire;

#define THIL_MESSAGE(name, id)                          \
  template <>                                           \
  struct Wire<thil_##name> {                            \
    static constexpr std::uint8_t kId = THIL_ID_##name; \
    static constexpr const char* kName = #name;         \
    static constexpr auto write = thil_##name##_write;  \
    static constexpr auto read = thil_##name##_read;    \
  };
#define THIL_FIELD(type, name)
#define THIL_END(name)
#include "thil/messages.def"
#undef THIL_MESSAGE
#undef THIL_FIELD
#undef THIL_END

// A received frame, its payload in the decoder's memory.
struct FrameView {
  thil_frame_header header{};
  std::span<const std::uint8_t> payload;
};

// The same with a payload of its own.
struct Frame {
  explicit Frame(const FrameView& view)
      : header(view.header), payload(view.payload.begin(), view.payload.end()) {}
  FrameView view() const { return {header, payload}; }

  thil_frame_header header;
  std::vector<std::uint8_t> payload;
};

template <class Message>
std::vector<std::uint8_t> pack(const Message& message) {
  std::vector<std::uint8_t> payload(THIL_MTU_MAX);
  thil_writer writer{payload.data(), payload.size(), false};
  Wire<Message>::write(&writer, &message);
  payload.resize(writer.failed ? 0 : payload.size() - writer.left);
  return payload;
}

// The message, its views pointing into the payload; nothing when the frame is another one or malformed.
template <class Message>
std::optional<Message> unpack(const FrameView& frame) {
  if (frame.header.type != Wire<Message>::kId) return std::nullopt;
  Message message{};
  thil_reader reader{frame.payload.data(), frame.payload.size(), false};
  if (!Wire<Message>::read(&reader, &message)) return std::nullopt;
  return message;
}

}  // namespace tinyhil::device
