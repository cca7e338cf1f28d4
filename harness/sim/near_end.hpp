// SPDX-License-Identifier: Apache-2.0
// Where the harness meets a simulated part: what a cable's USB plug is to a host.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace tinyhil::sim {

enum class Heard { yes, by_nobody, never_again };

// One reader and one writer at a time.
class NearEnd {
 public:
  virtual ~NearEnd() = default;

  // At least one byte, or zero when nobody will come any more. Waits while nobody is there.
  virtual boost::asio::awaitable<std::size_t> read(std::span<std::uint8_t> into) = 0;
  virtual boost::asio::awaitable<Heard> write(std::span<const std::uint8_t> bytes) = 0;

  // As if the plug was pulled and put in again. False: this kind of end does not survive that.
  virtual bool pull_plug() { return false; }
  // The plug is pulled for good: whoever has it open reads an error, and read() returns zero.
  virtual void vanish() {}
  virtual std::optional<std::uint32_t> baud() { return std::nullopt; }  // what the host has set
  virtual std::string address() { return {}; }  // what a user connects to; empty: nothing to tell
};

// Ends when stdin does, or when nobody reads stdout. Files and devices may stand for either.
std::unique_ptr<NearEnd> near_on_stdio(const boost::asio::any_io_executor& executor);

// A raw pseudo-terminal, opened and closed by hosts as they like; starts at 115200 baud. `link` is a symbolic
// link to it, replaced when it is one already, removed in the end. Throws Error(bench_fault).
std::unique_ptr<NearEnd> near_on_pty(const boost::asio::any_io_executor& executor,
                                     const std::optional<std::filesystem::path>& link);

// Listens on 127.0.0.1, one client at a time, others wait their turn; port 0 finds a free one. Throws
// Error(bench_fault) when the port is taken.
std::unique_ptr<NearEnd> near_on_tcp(const boost::asio::any_io_executor& executor, std::uint16_t port);

}  // namespace tinyhil::sim
