// SPDX-License-Identifier: Apache-2.0
#include "packet.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace peers {

namespace {

constexpr std::size_t kBody = 32;
constexpr std::uint8_t kLast = 0x80;
constexpr std::uint8_t kTakeNext = 0xAA;
using Packet = std::array<std::uint8_t, 1 + kBody>;

// The bytes of a message before its payload: what the fields of ST's messages (version 3.1) come to.
std::size_t header_size(Kind kind) {
  switch (kind) {
    case Kind::run:
      return 16;
    case Kind::ack:
      return 8;
    case Kind::input:
      return 14;
    case Kind::report:
      return 40;
    case Kind::output:
      return 75;
  }
  throw std::runtime_error("a message of unknown kind " + std::to_string(static_cast<int>(kind)));
}

Packet packet_of(std::span<const std::uint8_t> body, bool last) {
  Packet packet{};
  packet[0] = static_cast<std::uint8_t>(body.size() | (last ? kLast : 0));
  std::copy(body.begin(), body.end(), packet.begin() + 1);
  return packet;
}

void await_go_ahead(Stream& line) {
  if (line.byte() != kTakeNext) throw std::runtime_error("the device did not ask for the next packet");
}

Message parsed(const Bytes& bytes) {
  if (bytes.empty()) throw std::runtime_error("an empty message");
  const Kind kind = static_cast<Kind>(bytes[0]);
  const std::size_t header = header_size(kind);
  if (bytes.size() < header) throw std::runtime_error("a message shorter than its header");
  return {kind, Bytes(bytes.begin() + static_cast<std::ptrdiff_t>(header), bytes.end())};
}

}  // namespace

void send(Stream& line, Flow flow, const Message& message) {
  Bytes bytes(header_size(message.kind));
  bytes[0] = static_cast<std::uint8_t>(message.kind);
  bytes.insert(bytes.end(), message.payload.begin(), message.payload.end());
  std::span<const std::uint8_t> rest = bytes;
  while (!rest.empty()) {
    const std::size_t size = std::min(kBody, rest.size());
    const bool last = size == rest.size();
    line.put(packet_of(rest.first(size), last));
    rest = rest.subspan(size);
    if (last || flow == Flow::streamed) continue;
    line.flush();
    await_go_ahead(line);
  }
  line.flush();
}

Message receive(Stream& line, Flow flow, std::size_t payload_max) {
  constexpr std::size_t kHeaderMax = 75;
  Bytes bytes;
  for (;;) {
    Packet packet;
    line.read(packet);
    const std::size_t size = packet[0] & (kLast - 1u);
    if (size > kBody) throw std::runtime_error("a packet of impossible length");
    bytes.insert(bytes.end(), packet.begin() + 1, packet.begin() + 1 + static_cast<std::ptrdiff_t>(size));
    if (bytes.size() > kHeaderMax + payload_max) throw std::runtime_error("a message without an end");
    if ((packet[0] & kLast) != 0) return parsed(bytes);
    if (flow == Flow::streamed) continue;
    line.put({&kTakeNext, 1});
    line.flush();
  }
}

Message expect(Stream& line, Kind kind, std::size_t payload_max) {
  Message message = receive(line, Flow::streamed, payload_max);
  if (message.kind != kind) throw std::runtime_error("a message of another kind than expected");
  return message;
}

}  // namespace peers
