// SPDX-License-Identifier: Apache-2.0
// Frames over a transport: numbering, the session's epoch, resynchronisation, deadlines.
#pragma once

#include <array>
#include <chrono>
#include <memory>

#include "transport.hpp"
#include "wire_traits.hpp"

namespace tinyhil {

class FrameLink {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  explicit FrameLink(std::unique_ptr<Transport> transport);

  // Frames of any other epoch are dropped from now on.
  void start_session(std::uint8_t epoch);

  std::uint16_t next_sequence() { return sequence_++; }
  asio::awaitable<Result<void>> send(std::uint8_t type, std::uint16_t sequence,
                                     std::span<const std::uint8_t> payload, Deadline deadline);

  // The next good frame of this session. Drops what is corrupt or foreign, for as long as the deadline
  // allows, however fast it comes.
  asio::awaitable<Result<Frame>> receive(Deadline deadline);

  // "process qemu-system-arm; 31 frames good, 2 bad", and what the far end left behind.
  std::string evidence();
  std::string describe() const { return transport_->describe(); }

 private:
  std::unique_ptr<Transport> transport_;
  std::array<std::uint8_t, THIL_FRAME_RAW_MAX> decoder_memory_{};
  thil_decoder decoder_{};
  std::array<std::uint8_t, 16384> chunk_{};  // read from the transport, not yet decoded
  std::size_t at_ = 0;
  std::size_t size_ = 0;
  std::uint16_t sequence_ = 0;
  std::uint8_t epoch_ = 0;
};

}  // namespace tinyhil
