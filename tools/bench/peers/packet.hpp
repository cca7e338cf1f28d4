// SPDX-License-Identifier: Apache-2.0
// Messages in packets of 33 bytes: one byte of length, its top bit on the message's last packet, then 32
// bytes, padded. Towards the device each packet but the last waits for 0xAA. So does the AI runner of ST Edge
// AI; its protobuf fields are replaced here by headers of the same size, which keeps every count of bytes and
// turns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "model.hpp"
#include "stream.hpp"

namespace peers {

enum class Kind : std::uint8_t { run = 1, ack, input, report, output };
enum class Flow { streamed, stop_and_wait };

struct Message {
  Kind kind;
  Bytes payload;
};

void send(Stream& line, Flow flow, const Message& message);
// A message of another kind, one that is longer than `payload_max` allows, or a broken packet is a
// std::runtime_error.
Message receive(Stream& line, Flow flow, std::size_t payload_max);
Message expect(Stream& line, Kind kind, std::size_t payload_max);

}  // namespace peers
