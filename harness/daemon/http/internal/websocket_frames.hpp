// SPDX-License-Identifier: Apache-2.0
// Frames of a WebSocket (RFC 6455): bytes in, messages out, and back, without a socket. No extension is
// negotiated, and messages are binary: whatever else comes ends the connection. Example:
//
//   FrameReader reader(Masks::yes, kMessageMost);
//   if (!reader.put(bytes)) close_with(reader.failure());
//   while (std::optional<Frame> frame = reader.next()) ...
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace tinyhil::daemon {

// A client masks what it sends, a server never does; a frame that is otherwise is refused.
enum class Masks { no, yes };

// A message of the kind `data` is whole, whatever frames it came in.
struct Frame {
  enum class Kind { data, close, ping, pong };
  Kind kind = Kind::data;
  std::string content{};
};

namespace close_code {  // RFC 6455, 7.4.1
constexpr std::uint16_t kNormal = 1000;
constexpr std::uint16_t kGoingAway = 1001;
constexpr std::uint16_t kProtocol = 1002;
constexpr std::uint16_t kNotBinary = 1003;
constexpr std::uint16_t kNone = 1005;  // said by nobody: no code was sent
constexpr std::uint16_t kTooLarge = 1009;
constexpr std::uint16_t kTrouble = 1011;
}  // namespace close_code

class FrameReader {
 public:
  FrameReader(Masks sender, std::size_t message_most) : sender_(sender), message_most_(message_most) {}

  // false: the sender broke the protocol or a bound, and nothing more is read.
  bool put(std::string_view bytes);
  std::optional<Frame> next();
  std::uint16_t failure() const { return failure_; }  // a close code; 0: none

 private:
  enum class Opcode : std::uint8_t { more = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };
  std::size_t header_size() const;
  bool begin();
  bool check(std::uint64_t length);
  void end();

  Masks sender_;
  std::size_t message_most_;
  std::string header_;  // of the frame that is being read, as far as it has come
  bool in_content_ = false;
  Opcode opcode_{};
  bool is_final_ = false;
  std::uint64_t left_ = 0;  // bytes of content that are still to come
  std::uint64_t taken_ = 0;
  std::array<std::uint8_t, 4> mask_{};
  std::string control_;
  std::string message_;
  bool in_message_ = false;  // its last frame is still to come
  std::deque<Frame> whole_;
  std::uint16_t failure_ = 0;
};

// `mask`: of a client, drawn at random for each frame (RFC 6455, 5.3).
std::string frame_bytes(const Frame& frame, const std::optional<std::array<std::uint8_t, 4>>& mask);

// What a close frame says: its code, and a reason that is cut to fit.
std::string close_content(std::uint16_t code, std::string_view reason);

}  // namespace tinyhil::daemon
