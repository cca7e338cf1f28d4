// SPDX-License-Identifier: Apache-2.0
#include "push_block.hpp"

#include <algorithm>
#include <cassert>

#include "thil/rice.h"

namespace tinyhil::device {

namespace {

constexpr std::size_t kHead = 7;        // of push_chunk: kind, slot, offset
constexpr std::size_t kPackedHead = 9;  // of push_packed: and size

template <class Message>
PushFrame frame_of(const Message& message, PayloadBuffer& buffer, std::size_t taken = 0) {
  thil_writer writer{buffer.data(), buffer.size(), false};
  Wire<Message>::write(&writer, &message);
  assert(!writer.failed);
  return {Wire<Message>::kId, std::span(buffer).first(buffer.size() - writer.left),
          static_cast<std::uint32_t>(taken)};
}

template <class Message>
Message message_for(const PushBlock& block) {
  Message message{};
  message.kind = static_cast<std::uint8_t>(block.kind);
  message.slot = block.slot;
  return message;
}

}  // namespace

PushFrame begin_frame(const PushBlock& block, PayloadBuffer& buffer) {
  auto begin = message_for<thil_push_begin>(block);
  begin.size = static_cast<std::uint32_t>(block.content.size());
  std::copy(block.digest.bytes.begin(), block.digest.bytes.end(), begin.digest.bytes);
  return frame_of(begin, buffer);
}

PushFrame end_frame(const PushBlock& block, PayloadBuffer& buffer) {
  return frame_of(message_for<thil_push_end>(block), buffer);
}

PushFrame chunk_frame(const PushBlock& block, const ContentRange& range, std::size_t limit,
                      PayloadBuffer& buffer) {
  const auto content = block.content.subspan(range.offset, range.size);
  if (block.stride == 0) {
    auto chunk = message_for<thil_push_chunk>(block);
    chunk.offset = range.offset;
    chunk.content = {content.data(), std::min(content.size(), limit - kHead)};
    return frame_of(chunk, buffer, chunk.content.size);
  }
  PayloadBuffer packed;
  thil_rice_block rice{packed.data(), limit - kPackedHead, 0, 0};
  thil_rice_encode(content.data(), std::min<std::size_t>(content.size(), UINT16_MAX), block.stride, &rice);
  auto chunk = message_for<thil_push_packed>(block);
  chunk.offset = range.offset;
  chunk.size = static_cast<std::uint16_t>(rice.taken);
  chunk.packed = {rice.packed, rice.size};
  return frame_of(chunk, buffer, rice.taken);
}

}  // namespace tinyhil::device
