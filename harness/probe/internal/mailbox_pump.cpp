// SPDX-License-Identifier: Apache-2.0
#include "mailbox_pump.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/hex.hpp"
#include "probe/target.hpp"
#include "tcl_text.hpp"

namespace tinyhil::probe {

namespace {

using std::chrono::microseconds;
using std::chrono::steady_clock;
using transport::Transport;

constexpr std::size_t kOutgoingMost = 8 * 1024;
constexpr microseconds kDelayFirst{200};
constexpr microseconds kDelayMost{10'000};
constexpr std::chrono::milliseconds kLocatePause{50};
constexpr std::chrono::seconds kRefusedMost{2};  // a board that is just being reset, or in deep sleep
constexpr std::uint32_t kSearchStep = 1024;      // words at a time
constexpr std::uint32_t kHeadWords = 6;

}  // namespace

MailboxPump::MailboxPump(const asio::any_io_executor& executor, std::unique_ptr<OpenOcd> openocd,
                         MailboxSettings settings)
    : openocd_(std::move(openocd)),
      settings_(std::move(settings)),
      event_(executor, steady_clock::time_point::max()),
      pause_(executor) {}

void MailboxPump::start() {
  if (is_running_) return;
  is_running_ = true;
  asio::co_spawn(event_.get_executor(), run(shared_from_this()), asio::detached);
}

asio::awaitable<void> MailboxPump::run(std::shared_ptr<MailboxPump> pump) {
  while (pump->is_wanted()) {
    co_await pump->turn();
    if (pump->is_wanted()) co_await pump->pause();
  }
  pump->is_running_ = false;
}

void MailboxPump::stop() {
  is_stopped_ = true;
  openocd_->end();
  pause_.cancel();
  event_.cancel();
}

asio::awaitable<Result<void>> MailboxPump::begin() {
  std::string procs = kRingProcs;
  const Result<std::string> defined = co_await openocd_->call(std::move(procs));
  if (!defined) co_return defined.error();
  Target target(*openocd_);
  const Result<CoreState> state = co_await target.state();
  if (!state) co_return state.error();
  if (settings_.at_open == AtOpen::reset || state->word == "halted") {
    const Result<void> done = co_await reset();
    if (!done) co_return done;
  }
  const Result<void> caught = co_await target.catch_faults();
  if (!caught) co_return caught;
  has_begun_ = true;
  next_look_ = steady_clock::now() + kLookPause;
  co_return Result<void>();
}

// A block that an earlier image left in memory goes: bytes for it would be written into variables of this
// one.
asio::awaitable<Result<void>> MailboxPump::reset() {
  Target target(*openocd_);
  const Result<void> located = co_await locate();
  if (!located) co_return located;
  if (block_) {
    std::vector<std::uint8_t> nothing(4);
    const Result<void> wiped = co_await target.write(*address_, std::move(nothing));
    if (!wiped) co_return wiped;
  }
  block_.reset();
  co_return co_await target.reset(Target::Reset::run);
}

asio::awaitable<void> MailboxPump::turn() {
  Result<void> done = Result<void>();
  if (!has_begun_) {
    done = co_await begin();
  } else if (write_ && !write_->outcome) {
    done = co_await serve_write();
  } else if (is_dump_wanted_) {
    done = co_await dump_core();
  } else if (steady_clock::now() >= next_look_) {
    done = co_await look_at_core();
  } else if (block_) {
    done = co_await exchange();
  } else {
    done = co_await locate();
  }
  if (!done && !is_stopped_) note(done.error());
}

// OpenOCD is there and says that it cannot: that may pass.
void MailboxPump::note(const Fault& fault) {
  const Time now = steady_clock::now();
  if (fault.kind == FaultKind::refused) {
    block_.reset();
    if (!refused_since_) refused_since_ = now;
    if (now - *refused_since_ < kRefusedMost) return;
  }
  fault_ = fault;
  fault_->kind = FaultKind::gone;
  fault_->what = describe() + " ended: " + fault.what;
  fault_->evidence += (fault.evidence.empty() ? "" : "; ") + openocd_->last_words();
  fault_->remedy = "check the probe's cable, the board's power, and that the chip is not locked";
  wake_waiters();
}

asio::awaitable<Result<std::vector<std::uint32_t>>> MailboxPump::read_words(std::uint32_t address,
                                                                            std::uint32_t count) {
  std::string command = "read_memory " + hexadecimal(address) + " 32 " + std::to_string(count);
  const Result<std::string> text = co_await openocd_->call(std::move(command));
  if (!text) co_return text.error();
  auto words = tcl_numbers(*text, count);
  if (!words || words->size() != count) {
    co_return Fault{FaultKind::corrupt, "OpenOCD answered what is no memory", text->substr(0, 200)};
  }
  co_return std::move(*words);
}

asio::awaitable<Result<std::optional<std::uint32_t>>> MailboxPump::search() {
  std::vector<std::uint32_t> memory;
  std::uint32_t begin = settings_.search_from;  // of `memory`
  for (std::uint32_t done = 0; done < settings_.search_size / 4 && !is_stopped_;) {
    const std::uint32_t count = std::min(kSearchStep, settings_.search_size / 4 - done);
    const std::uint32_t address = settings_.search_from + 4 * done;
    const Result<std::vector<std::uint32_t>> more = co_await read_words(address, count);
    if (!more) co_return more.error();
    memory.insert(memory.end(), more->begin(), more->end());
    const std::optional<std::size_t> index = find_rtt_id(memory);
    if (index) co_return std::optional<std::uint32_t>(begin + 4 * static_cast<std::uint32_t>(*index));
    const std::size_t kept = std::min<std::size_t>(memory.size(), 3);  // it may begin there
    memory.erase(memory.begin(), memory.end() - static_cast<std::ptrdiff_t>(kept));
    done += count;
    begin = settings_.search_from + 4 * (done - static_cast<std::uint32_t>(kept));
  }
  co_return std::optional<std::uint32_t>();
}

asio::awaitable<Result<void>> MailboxPump::locate() {
  address_ = settings_.block;
  if (!address_) {
    const Result<std::optional<std::uint32_t>> found = co_await search();
    if (!found) co_return found.error();
    address_ = *found;
  }
  if (!address_) {
    refused_since_.reset();
    co_return Result<void>();
  }
  const Result<std::vector<std::uint32_t>> head = co_await read_words(*address_, kHeadWords);
  if (!head) co_return head.error();
  const std::optional<std::uint32_t> count = rtt_words(*head);
  if (!count) {
    refused_since_.reset();
    co_return Result<void>();
  }
  const Result<std::vector<std::uint32_t>> words = co_await read_words(*address_, *count);
  if (!words) co_return words.error();
  block_ = rtt_block(*words);
  if (!block_) refused_since_.reset();  // one that can be read, but not used, is no progress
  was_found_ = was_found_ || block_;
  delay_ = microseconds(0);
  co_return Result<void>();
}

asio::awaitable<Result<void>> MailboxPump::exchange() {
  RingCall call = ring_call(*address_, *block_, outgoing_);
  const std::size_t pushes = call.pushes;
  const Result<std::string> text = co_await openocd_->call(std::move(call.command));
  if (!text) co_return text.error();
  const Result<RingAnswer> answer = ring_answer(*text);
  if (!answer) co_return answer.error();
  if (!answer->is_there) {
    block_.reset();
    refused_since_.reset();
    co_return Result<void>();
  }
  block_ = answer->block;
  refused_since_.reset();
  if (answer->is_pushed) {
    outgoing_.erase(outgoing_.begin(), outgoing_.begin() + static_cast<std::ptrdiff_t>(pushes));
  }
  incoming_.insert(incoming_.end(), answer->bytes.begin(), answer->bytes.end());
  const bool has_moved = answer->is_pushed || !answer->bytes.empty();
  delay_ = has_moved ? microseconds(0) : std::clamp(2 * delay_, kDelayFirst, kDelayMost);
  if (has_moved) wake_waiters();
  has_heard_ = has_heard_ || !answer->bytes.empty();
  if (!answer->bytes.empty()) next_look_ = steady_clock::now() + kLookPause;
  co_return Result<void>();
}

asio::awaitable<void> MailboxPump::pause() {
  if (!block_) {
    pause_.expires_after(has_begun_ ? kLocatePause : std::chrono::milliseconds(0));
  } else {
    pause_.expires_after(delay_);
  }
  boost::system::error_code woken;
  co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
}

Result<std::size_t> MailboxPump::read_some(std::span<std::uint8_t> into) {
  if (incoming_.empty() && fault_) return *fault_;
  const std::size_t size = std::min(into.size(), incoming_.size());
  std::copy_n(incoming_.begin(), size, into.begin());
  incoming_.erase(incoming_.begin(), incoming_.begin() + static_cast<std::ptrdiff_t>(size));
  return size;
}

Result<std::size_t> MailboxPump::write_some(std::span<const std::uint8_t> bytes) {
  if (fault_) return *fault_;
  const std::size_t size = std::min(bytes.size(), kOutgoingMost - outgoing_.size());
  outgoing_.insert(outgoing_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
  if (size > 0 && block_) pause_.cancel();
  return size;
}

bool MailboxPump::is_ready(Transport::Until until) const {
  if (fault_ || is_stopped_) return true;
  return until == Transport::Until::readable ? !incoming_.empty() : outgoing_.size() < kOutgoingMost;
}

asio::awaitable<void> MailboxPump::wait(Transport::Until until) {
  if (is_ready(until)) co_return;
  const std::shared_ptr<MailboxPump> self = shared_from_this();  // the transport may be given up meanwhile
  ++waiters_;
  start();  // which may find at once that the line has ended
  boost::system::error_code happened;
  if (!is_ready(until)) co_await event_.async_wait(asio::redirect_error(asio::use_awaitable, happened));
  --waiters_;
}

void MailboxPump::wake_waiters() { event_.cancel(); }

std::string MailboxPump::describe() const { return openocd_->describe(); }

std::string MailboxPump::last_words() {
  std::string words = openocd_->last_words();
  if (!core_words_.empty()) words = core_words_ + (words.empty() ? "" : "; ") + words;
  const bool may_be_stale = was_found_ && !has_heard_ && core_words_.empty() && address_;
  if (may_be_stale) {
    return "nothing came out of the mailbox at " + hexadecimal(*address_) +
           ", which may be of an image that ran before: `reset: run` in the link removes it" +
           (words.empty() ? "" : "; " + words);
  }
  if (was_found_) return words;
  const std::string where = settings_.block ? "at " + hexadecimal(*settings_.block)
                                            : "from " + hexadecimal(settings_.search_from) + " on, in " +
                                                  std::to_string(settings_.search_size) + " bytes";
  return "there is no mailbox " + where + (words.empty() ? "" : "; " + words);
}

}  // namespace tinyhil::probe
