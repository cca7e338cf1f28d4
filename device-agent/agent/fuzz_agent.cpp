// SPDX-License-Identifier: Apache-2.0
// libFuzzer: the whole agent. The input is a list of frames (type, payload size, payload) that get a valid
// checksum, so that the fuzzer reaches behind it; a type of 0xFF sends the payload as raw bytes.
#include <cstdlib>
#include <memory>

#include "agent.h"
#include "fake_port.hpp"
#include "wire.h"

namespace {

void put(const std::uint8_t* bytes, std::size_t size) {
  fake_port->to_device.insert(fake_port->to_device.end(), bytes, bytes + size);
}

void put_frame(std::uint8_t type, thil_bytes payload) {
  const thil_frame_header header{type, 0, 1, 255, 0, 0};
  std::array<std::uint8_t, THIL_FRAME_LINE_MAX> line;
  put(line.data(), thil_frame_encode(&header, payload, line.data(), line.size()));
}

void settle() {
  const unsigned idles = fake_port->idles;
  for (int i = 0; i < 200 && fake_port->idles == idles; ++i) thil_agent_step();
}

void hello() {
  const std::uint8_t nonce[4] = {1, 2, 3, 4};
  put(reinterpret_cast<const std::uint8_t*>("\0"), 1);
  put_frame(THIL_ID_hello, {nonce, sizeof nonce});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto port = std::make_unique<FakePort>();
  fake_port = port.get();
  thil_agent_start();
  hello();
  while (size >= 2) {
    const std::size_t part = bytes[1] < size - 2 ? bytes[1] : size - 2;
    if (bytes[0] == 0xFF) put(bytes + 2, part);
    if (bytes[0] != 0xFF) put_frame(bytes[0], {bytes + 2, part});
    settle();
    bytes += 2 + part;
    size -= 2 + part;
  }
  port->to_host.clear();
  hello();
  settle();
  if (port->to_host.empty()) std::abort();
  return 0;
}
