// SPDX-License-Identifier: Apache-2.0
// What goes over the WebSocket of a board's line, a message each. Bytes and confirmations go both ways; the
// daemon begins, and says the end. Offsets count the bytes of one direction from the opening of the line on,
// so that a client that comes back goes on where it was. docs/daemon.md has the layout.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace tinyhil::daemon {

struct LineBytes {
  std::uint64_t offset = 0;  // of the first
  std::string bytes{};
};
struct LineTaken {
  std::uint64_t offset = 0;  // all before it need not be kept
};
struct LineBegun {
  std::string line{};         // the opening's name, by which its client comes back
  std::string description{};  // "serial /dev/ttyACM0 at 115200"
  std::uint64_t next = 0;     // offset of what the daemon sends next
  std::uint64_t taken = 0;    // what it has of the client's
};
struct LineEnded {
  std::string what{};
  std::string last_words{};  // of the far end; empty: none
};
using LineMessage = std::variant<LineBytes, LineTaken, LineBegun, LineEnded>;

constexpr std::size_t kLinePieceMost = 64UL * 1024;      // bytes of one LineBytes
constexpr std::size_t kLineWindowMost = 256UL * 1024;    // bytes of a client that are not confirmed
constexpr std::size_t kBoardWindowMost = 1024UL * 1024;  // bytes of a board that are not confirmed

std::string to_message(const LineMessage& message);
// Nothing for what is none.
std::optional<LineMessage> line_message(std::string_view message);

}  // namespace tinyhil::daemon
