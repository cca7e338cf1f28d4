// SPDX-License-Identifier: Apache-2.0
// Bytes over two file descriptors, buffered both ways and counted: what a bench says about a protocol is read
// here, not claimed by the protocol.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace peers {

struct EndOfInput : std::runtime_error {
  EndOfInput() : std::runtime_error("the other side closed the line") {}
};

struct Traffic {
  std::uint64_t written = 0;
  std::uint64_t read = 0;
  std::uint64_t turns = 0;  // times that something was sent and then waited for
};

class Stream {
 public:
  // Borrows both descriptors. Without patience a read waits for ever, which is a device's way.
  Stream(int in, int out, std::optional<std::chrono::milliseconds> patience = std::nullopt);

  void put(std::string_view text) { outgoing_ += text; }
  void put(std::span<const std::uint8_t> bytes) {
    outgoing_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  // Sends what was put. Throws std::runtime_error when nobody listens any more.
  void flush();

  // Each throws EndOfInput when the line ended, std::runtime_error when patience ended or the system failed.
  std::uint8_t byte();
  void read(std::span<std::uint8_t> bytes);

  const Traffic& traffic() const { return traffic_; }

 private:
  void fill();
  void wait_for_input() const;

  int in_;
  int out_;
  std::optional<std::chrono::milliseconds> patience_;
  std::string outgoing_;
  std::array<std::uint8_t, 4096> incoming_{};
  std::size_t next_ = 0;
  std::size_t end_ = 0;
  bool sent_ = false;  // since the last wait
  Traffic traffic_;
};

}  // namespace peers
