// SPDX-License-Identifier: Apache-2.0
// An emulated board's second serial port, at which a simulated meter hears what the board does.
#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <cstdint>
#include <filesystem>
#include <numeric>

namespace tinyhil::test {

class EmulatedActivity {
 public:
  EmulatedActivity(boost::asio::io_context& io, const std::filesystem::path& socket) : socket_(io) {
    socket_.connect(boost::asio::local::stream_protocol::endpoint(socket.string()));
  }

  // Bit 0 of `state`: the trigger pin; above it 0 active, 1 idle, 2 asleep. kStart: the board starts.
  // `value`: ticks of its timer, or at a start their rate in Hz.
  static constexpr std::uint8_t kStart = 0x80;
  void say(std::uint8_t state, std::uint32_t value) {
    std::array<std::uint8_t, 8> record = {0xA5, state};
    for (std::size_t n = 0; n < 4; ++n) record[2 + n] = static_cast<std::uint8_t>(value >> (8 * n));
    record[6] = number_++;
    record[7] = static_cast<std::uint8_t>(~std::accumulate(record.begin(), record.end() - 1, 0U));
    boost::asio::write(socket_, boost::asio::buffer(record));
  }

 private:
  boost::asio::local::stream_protocol::socket socket_;
  std::uint8_t number_ = 0;
};

}  // namespace tinyhil::test
