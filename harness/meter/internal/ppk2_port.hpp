// SPDX-License-Identifier: Apache-2.0
// A PPK2's port: its commands, and the waits between them, each with a deadline.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>

#include "meter/internal/ppk2_metadata.hpp"
#include "transport/transport.hpp"

namespace tinyhil::meter {

enum class Ppk2Mode : std::uint8_t { ampere = 1, source = 2 };

class Ppk2Port {
 public:
  using Limit = std::chrono::milliseconds;

  // Opens it for us alone. Throws Error(bench_fault): it is not there, or in use.
  Ppk2Port(const asio::any_io_executor& executor, const std::string& path);

  // Stops its samples and asks what it is. Throws Error(bench_fault): no answer, or none of a PPK2.
  asio::awaitable<Ppk2Metadata> identify();
  asio::awaitable<Result<void>> supply(unsigned mv, Ppk2Mode mode);
  asio::awaitable<Result<void>> start();
  asio::awaitable<Result<void>> stop();

  // What is there already, as far as there is room, but for a few samples.
  Result<std::size_t> read_waiting(std::span<std::uint8_t> into);
  // Waits first: what comes within the limit, 0 when nothing does or stop_waiting() is called.
  asio::awaitable<Result<std::size_t>> read(std::span<std::uint8_t> into, Limit limit);
  asio::awaitable<void> pause(Limit time);
  void stop_waiting();

  const std::string& path() const { return path_; }

 private:
  asio::awaitable<void> drain();
  asio::awaitable<std::string> answer(Limit limit);
  asio::awaitable<Result<void>> send(std::vector<std::uint8_t> bytes);

  std::string path_;
  std::unique_ptr<transport::Transport> line_;
  asio::steady_timer timer_;
};

}  // namespace tinyhil::meter
