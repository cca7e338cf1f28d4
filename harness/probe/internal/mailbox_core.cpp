// SPDX-License-Identifier: Apache-2.0
// What a mailbox does about a core that halts, or that does not answer.
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "mailbox_pump.hpp"
#include "probe/core_reader.hpp"
#include "probe/target.hpp"

namespace tinyhil::probe {

asio::awaitable<Result<void>> MailboxPump::look_at_core() {
  Target target(*openocd_);
  const Result<CoreState> state = co_await target.state();
  if (!state) co_return state.error();
  const bool has_halted = state->word == "halted" && core_words_.empty();
  core_words_ = state->word == "running" ? std::string() : probe::describe(*state);
  next_look_ = std::chrono::steady_clock::now() + kLookPause;
  if (has_halted) co_return co_await dump_core();
  co_return Result<void>();
}

// A board whose core cannot be read is as one without a dump.
asio::awaitable<Result<void>> MailboxPump::dump_core() {
  Target target(*openocd_);
  Result<CoreDump> dump = co_await halt_and_read_core(target);
  is_dump_wanted_ = false;
  wake_waiters();
  if (!dump && dump.error().kind != FaultKind::refused) co_return dump.error();
  if (!dump) co_return Result<void>();
  if (dump->is_fault) core_words_.clear();  // it goes on, into its own handler
  dump_ = std::move(*dump);
  co_return Result<void>();
}

asio::awaitable<void> MailboxPump::examine_core() {
  if (dump_ || fault_ || is_stopped_) co_return;
  const std::shared_ptr<MailboxPump> self = shared_from_this();
  is_dump_wanted_ = true;
  ++waiters_;
  pause_.cancel();
  start();
  while (is_dump_wanted_ && is_wanted()) {
    boost::system::error_code happened;
    co_await event_.async_wait(asio::redirect_error(asio::use_awaitable, happened));
  }
  --waiters_;
}

}  // namespace tinyhil::probe
