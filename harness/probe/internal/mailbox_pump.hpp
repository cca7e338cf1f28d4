// SPDX-License-Identifier: Apache-2.0
// What goes on behind a mailbox: one coroutine asks OpenOCD, and the transport's calls meet it at two
// buffers.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "probe/internal/ring_procs.hpp"
#include "probe/mailbox.hpp"

namespace tinyhil::probe {

inline constexpr std::chrono::seconds kLookPause{1};  // without bytes, until the core is looked at

class MailboxPump : public std::enable_shared_from_this<MailboxPump> {
 public:
  MailboxPump(const asio::any_io_executor& executor, std::unique_ptr<OpenOcd> openocd,
              MailboxSettings settings);

  void stop();

  Result<std::size_t> read_some(std::span<std::uint8_t> into);
  Result<std::size_t> write_some(std::span<const std::uint8_t> bytes);
  asio::awaitable<void> wait(transport::Transport::Until until);
  void wake_waiters();
  // transport::TargetMemory, see there.
  bool has_variables() const { return !settings_.variables.empty(); }
  bool covers(std::uint32_t address, std::size_t size) const;
  asio::awaitable<Result<void>> write_memory(std::uint32_t address, std::vector<std::uint8_t> bytes);
  std::string describe() const;
  std::string last_words();
  std::optional<CoreDump> take_core_dump() { return std::exchange(dump_, std::nullopt); }
  asio::awaitable<void> examine_core();  // unless a fault was caught already, or the line has ended

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct MemoryWrite {
    std::uint32_t address = 0;
    std::vector<std::uint8_t> bytes;
    std::optional<Result<void>> outcome = {};  // nothing: it waits, or is under way
  };

  void start();
  // As long as somebody waits, so that nothing is left to do on an executor that nobody else uses. The
  // coroutine owns the pump, for a call to OpenOCD may be under way when the transport is destroyed.
  static asio::awaitable<void> run(std::shared_ptr<MailboxPump> pump);
  bool is_wanted() const { return waiters_ > 0 && !is_stopped_ && !fault_; }
  asio::awaitable<Result<void>> begin();
  asio::awaitable<Result<void>> reset();
  asio::awaitable<Result<void>> look_at_core();
  asio::awaitable<Result<void>> dump_core();
  bool is_ready(transport::Transport::Until until) const;
  asio::awaitable<void> turn();
  asio::awaitable<Result<void>> locate();
  asio::awaitable<Result<std::optional<std::uint32_t>>> search();
  asio::awaitable<Result<std::vector<std::uint32_t>>> read_words(std::uint32_t address, std::uint32_t count);
  asio::awaitable<Result<void>> exchange();
  asio::awaitable<Result<void>> serve_write();
  asio::awaitable<void> pause();
  void note(const Fault& fault);

  std::unique_ptr<OpenOcd> openocd_;
  MailboxSettings settings_;
  std::optional<std::uint32_t> address_;  // of the block
  std::optional<RttBlock> block_;         // as it was when it was looked at last; nothing: it is to be found
  std::vector<std::uint8_t> incoming_;
  std::vector<std::uint8_t> outgoing_;
  std::optional<MemoryWrite> write_;
  asio::steady_timer event_;  // something has happened that waiters want to know
  asio::steady_timer pause_;
  std::chrono::microseconds delay_{0};
  std::optional<Time> refused_since_;
  std::optional<Fault> fault_;
  int waiters_ = 0;
  bool was_found_ = false;
  bool has_heard_ = false;  // a byte has come
  bool is_running_ = false;
  bool has_begun_ = false;
  Time next_look_{};        // at the core, if nothing comes
  std::string core_words_;  // of one that does not run
  std::optional<CoreDump> dump_;
  bool is_dump_wanted_ = false;
  bool is_stopped_ = false;
};

}  // namespace tinyhil::probe
