// SPDX-License-Identifier: Apache-2.0
// libFuzzer: what somebody who only listens makes of arbitrary bytes, and what a session keeps of those that
// are no frames of its own, however they are cut.
#include <algorithm>
#include <cstdlib>

#include "listener.hpp"
#include "session.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

// A line of text may be as long as what was heard, a byte shown as six characters.
void check(const tinyhil::device::LineEvent& event) {
  require(event.words.size() < 16 * THIL_FRAME_LINE_MAX);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  tinyhil::device::LineListener listener;
  tinyhil::device::Session session;
  session.open(5);
  for (std::size_t at = 0; at < size;) {
    const std::size_t part = std::min<std::size_t>(size - at, 1 + bytes[at]);
    const std::span<const std::uint8_t> piece(bytes + at, part);
    listener.hear(piece, check);
    session.arrived(piece);
    while (session.next()) {
    }
    at += part;
  }
  listener.end(check);
  require(session.stray().size() < 4'000 && session.logged().size() < 9'000);
  return 0;
}
