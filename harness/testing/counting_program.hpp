// SPDX-License-Identifier: Apache-2.0
// For tests of debuggers: a program for any Cortex-M with vectors at 0 and RAM at 0x20000000.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <initializer_list>
#include <string>

namespace tinyhil::test {

inline constexpr std::uint32_t kCounter = 0x20000000;  // counts from 1 on, for ever
inline constexpr std::uint32_t kStart = 0x40;          // its first instruction
inline constexpr std::uint32_t kLoop = kStart + 6;     // adds, str, b

// What lies at address 0.
inline std::string counting_program() {
  std::string image(kStart + 12, '\0');
  const auto put = [&image](std::size_t at, std::initializer_list<unsigned> bytes) {
    for (const unsigned byte : bytes) image[at++] = static_cast<char>(byte);
  };
  put(0, {0x00, 0x10, 0x00, 0x20, kStart | 1, 0, 0, 0});  // stack, reset vector
  put(kStart, {0x01, 0x21,                                // movs r1, #1
               0x49, 0x07,                                // lsls r1, r1, #29: 0x20000000
               0x00, 0x20,                                // movs r0, #0
               0x01, 0x30,                                // loop: adds r0, #1
               0x08, 0x60,                                // str r0, [r1]
               0xfc, 0xe7});                              // b loop
  return image;
}

// Of 127.0.0.1, for a program that cannot choose one itself.
inline std::uint16_t free_port() {
  boost::asio::io_context io(1);
  const boost::asio::ip::tcp::acceptor any(io, {boost::asio::ip::address_v4::loopback(), 0});
  return any.local_endpoint().port();
}

}  // namespace tinyhil::test
