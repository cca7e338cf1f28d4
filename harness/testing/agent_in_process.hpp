// SPDX-License-Identifier: Apache-2.0
// For tests: the real agent in this process as the far end of a transport which also writes its memory, as a
// debug probe does.
#pragma once

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "fake_port.hpp"
#include "thil/agent.h"
#include "transport/transport.hpp"

namespace tinyhil::test {

class AgentInProcess : public transport::Transport, private transport::TargetMemory {
 public:
  // How writing memory goes wrong.
  enum class Writes { well, one_byte_wrong, refused_once, refused, gone };

  explicit AgentInProcess(const asio::any_io_executor& executor)
      : event_(executor, std::chrono::steady_clock::time_point::max()) {
    fake_port = &port;
    thil_agent_start();
  }
  ~AgentInProcess() override { thil_agent_stop(); }
  AgentInProcess(const AgentInProcess&) = delete;
  AgentInProcess& operator=(const AgentInProcess&) = delete;

  Result<std::size_t> read_some(std::span<std::uint8_t> into) override {
    const std::size_t size = std::min(into.size(), port.to_host.size());
    const auto end = port.to_host.begin() + static_cast<std::ptrdiff_t>(size);
    std::copy(port.to_host.begin(), end, into.begin());
    port.to_host.erase(port.to_host.begin(), end);
    return size;
  }
  Result<std::size_t> write_some(std::span<const std::uint8_t> bytes) override {
    port.to_device.insert(port.to_device.end(), bytes.begin(), bytes.end());
    on_line += bytes.size();
    for (int steps = 0; steps < kStepsMost && thil_agent_step(); ++steps) {
    }
    return bytes.size();
  }
  asio::awaitable<void> wait(Until until) override {
    if (until == Until::writable || !port.to_host.empty()) co_return;
    boost::system::error_code stopped;
    co_await event_.async_wait(asio::redirect_error(asio::use_awaitable, stopped));
  }
  void stop_waiting() override { event_.cancel(); }
  transport::TargetMemory* memory() override { return has_memory ? this : nullptr; }
  std::string describe() const override { return "the agent in this process"; }

  bool covers(std::uint32_t address, std::size_t size) const override {
    const std::uint32_t begin = low(port.vectors.data());
    return address - begin <= port.vectors.size() && size <= port.vectors.size() - (address - begin);
  }
  asio::awaitable<Result<void>> write(std::uint32_t address, std::vector<std::uint8_t> bytes) override {
    ++writes;
    const bool is_refused = how == Writes::refused || (how == Writes::refused_once && writes == 1);
    if (is_refused) co_return Fault{FaultKind::refused, "the probe lost its contact", {}};
    if (how == Writes::gone) co_return Fault{FaultKind::gone, "the probe was pulled", {}};
    if (how == Writes::one_byte_wrong) bytes.back() ^= 1;
    std::ranges::copy(bytes, port.vectors.begin() + (address - low(port.vectors.data())));
    co_return Result<void>();
  }

  FakePort port;
  bool has_memory = true;
  Writes how = Writes::well;
  std::size_t on_line = 0;  // bytes sent to the device
  int writes = 0;           // of memory

 private:
  static constexpr int kStepsMost = 100'000;
  static std::uint32_t low(const void* address) {  // as the wire has it
    return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(address));
  }

  asio::steady_timer event_;
};

}  // namespace tinyhil::test
