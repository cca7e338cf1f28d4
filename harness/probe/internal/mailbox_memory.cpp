// SPDX-License-Identifier: Apache-2.0
// The target's memory beside the stream: one piece at a time, between two turns of the rings.
#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "base/hex.hpp"
#include "mailbox_pump.hpp"
#include "probe/target.hpp"

namespace tinyhil::probe {

bool MailboxPump::covers(std::uint32_t address, std::size_t size) const {
  return std::ranges::any_of(settings_.variables,
                             [&](const MemoryRange& range) { return range.covers(address, size); });
}

asio::awaitable<Result<void>> MailboxPump::write_memory(std::uint32_t address,
                                                        std::vector<std::uint8_t> bytes) {
  if (!covers(address, bytes.size())) {
    co_return Fault{FaultKind::refused, "the firmware has no variables at " + hexadecimal(address), {}};
  }
  write_.emplace(MemoryWrite{address, std::move(bytes)});
  ++waiters_;
  start();
  pause_.cancel();
  while (!write_->outcome && !fault_ && !is_stopped_) {
    boost::system::error_code happened;
    co_await event_.async_wait(asio::redirect_error(asio::use_awaitable, happened));
  }
  --waiters_;
  const std::optional<Result<void>> outcome = std::exchange(write_, std::nullopt)->outcome;
  if (fault_) co_return *fault_;
  if (outcome) co_return *outcome;
  co_return Fault{FaultKind::gone, describe() + " was closed", {}};
}

// What is refused is the caller's to know; the stream goes on.
asio::awaitable<Result<void>> MailboxPump::serve_write() {
  Target target(*openocd_);
  const std::uint32_t address = write_->address;
  const Result<void> written = co_await target.write(address, std::move(write_->bytes));
  delay_ = std::chrono::microseconds(0);
  const bool is_answer = written || written.error().kind == FaultKind::refused;
  if (write_) write_->outcome = written;
  wake_waiters();
  if (is_answer) co_return Result<void>();
  co_return written;
}

}  // namespace tinyhil::probe
