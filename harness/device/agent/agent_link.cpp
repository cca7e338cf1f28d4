// SPDX-License-Identifier: Apache-2.0
#include "agent_link.hpp"

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <random>

#include "device/agent/internal/alarm.hpp"
#include "device/agent/internal/identity.hpp"
#include "device/agent/internal/listening.hpp"
#include "device/agent/internal/refusal.hpp"
#include "device/agent/internal/window_stream.hpp"

namespace tinyhil::device {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// A board that boots is not to be flooded: in vain before it has booted, and some bootloaders fill up.
struct Greetings {
  milliseconds each;  // a session with an epoch of its own
  milliseconds pace;  // at most one hello in this time
};
constexpr Greetings kFirstGreetings{milliseconds(1500), milliseconds(250)};
constexpr Greetings kLaterGreetings{milliseconds(3000), milliseconds(1000)};
constexpr int kFirstRounds = 2;
constexpr std::size_t kWakeUpNoise = THIL_FRAME_LINE_MAX + 128;  // what a device at another rate gives up on
constexpr std::size_t kReadSize = 16384;

Patience patience_of(int round, milliseconds left) {
  const Greetings& greetings = round < kFirstRounds ? kFirstGreetings : kLaterGreetings;
  return {std::clamp(left, milliseconds(1), greetings.each), false, greetings.pace};
}

// UTC minus the steady clock, now.
std::chrono::nanoseconds utc_of_steady_clock() {
  return std::chrono::system_clock::now().time_since_epoch() - steady_clock::now().time_since_epoch();
}

std::uint32_t random_number() { return std::random_device{}(); }

bool all_finished(const std::vector<Activity*>& activities) {
  return std::all_of(activities.begin(), activities.end(),
                     [](const Activity* activity) { return activity->finished(); });
}

std::optional<Fault> first_fault(const std::vector<Activity*>& activities) {
  for (const Activity* activity : activities) {
    if (activity->fault()) return activity->fault();
  }
  return std::nullopt;
}

}  // namespace

AgentLink::AgentLink(std::unique_ptr<transport::Transport> transport, Timing timing)
    : transport_(std::move(transport)), timing_(timing), chunk_(kReadSize) {}

std::string AgentLink::evidence() {
  const Session::Counters counters = session_.counters();
  std::string text = describe() + "; frames received: " + std::to_string(counters.frames_good) + " good, " +
                     std::to_string(counters.frames_bad) + " damaged";
  for (const std::string& more : {stray(), logged(), transport_->last_words()}) {
    if (!more.empty()) text += "; " + more;
  }
  return text;
}

asio::awaitable<void> AgentLink::wait(Alarm& alarm, Time deadline) {
  using namespace asio::experimental::awaitable_operators;
  alarm.set(deadline);
  if (session_.outgoing().empty()) {
    co_await transport_->wait(transport::Transport::Until::readable);
  } else {
    co_await (transport_->wait(transport::Transport::Until::readable) ||
              transport_->wait(transport::Transport::Until::writable));
  }
}

// A long frame arrives in pieces, of 12 bytes at 115,200 baud and 1 ms. They are looked at together, ever
// more of them; the frame comes later by half of its time at most, and one that comes in two pieces by
// nothing.
asio::awaitable<void> AgentLink::let_pieces_gather() const {
  if (pieces_ < 2) co_return;
  asio::steady_timer timer(co_await asio::this_coro::executor, milliseconds(1 << std::min(pieces_ - 1, 4)));
  co_await timer.async_wait(asio::use_awaitable);
}

Result<void> AgentLink::receive(const std::vector<Activity*>& activities) {
  const Result<std::size_t> size = transport_->read_some(chunk_);
  if (!size) return size.error();
  if (*size > 0) ++pieces_;
  session_.arrived(std::span(chunk_).first(*size));
  while (const auto frame = session_.next()) {
    const bool is_boot = frame->header.type == THIL_ID_booted && frame->header.epoch == 0;
    if (is_boot && !greeting_) {
      while (session_.next()) {
      }
      return Fault{FaultKind::reset,
                   "the device has reset itself or was reset",
                   {},
                   "check its supply; a fault record says more when it crashed"};
    }
    for (Activity* activity : activities) activity->take(*frame, session_, steady_clock::now());
  }
  if (!session_.is_in_frame()) pieces_ = 0;
  return Result<void>();
}

// A device that floods us keeps the reads coming, so faults by time are looked for in every turn.
asio::awaitable<Result<void>> AgentLink::drive(std::vector<Activity*> activities) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  Alarm alarm(executor, [this] { transport_->stop_waiting(); });
  while (true) {
    const Time now = steady_clock::now();
    Time deadline = Time::max();
    for (Activity* activity : activities) {
      activity->fill(session_, now);
      if (!activity->finished()) deadline = std::min(deadline, activity->wake(session_));
    }
    if (std::optional<Fault> fault = first_fault(activities)) {
      fault->evidence += fault->evidence.empty() ? evidence() : "; " + evidence();
      co_return *fault;
    }
    if (all_finished(activities)) co_return Result<void>();
    if (!session_.outgoing().empty()) {
      const Result<std::size_t> written = transport_->write_some(session_.outgoing());
      if (!written) co_return written.error();
      session_.written(*written);
    }
    co_await wait(alarm, deadline);
    co_await let_pieces_gather();
    Result<void> received = receive(activities);
    if (!received) {
      Fault fault = received.error();
      if (fault.evidence.empty()) fault.evidence = evidence();
      co_return fault;
    }
  }
}

asio::awaitable<Result<Frame>> AgentLink::exchange(std::uint8_t type, std::vector<std::uint8_t> payload,
                                                   Patience patience) {
  Exchange exchange(type, std::move(payload), patience);
  std::vector<Activity*> only{&exchange};
  Result<void> done = co_await drive(std::move(only));
  if (!done) co_return done.error();
  co_return exchange.reply();
}

asio::awaitable<Result<void>> AgentLink::keep_quiet(milliseconds limit) {
  session_.fall_silent();
  Listening listening(limit);
  std::vector<Activity*> only{&listening};
  co_return co_await drive(std::move(only));
}

// A device that an earlier host left at another rate is woken by noise. That is likely only where there are
// other rates, and some bootloaders stop at it.
asio::awaitable<Result<Frame>> AgentLink::greet(std::uint32_t nonce, int round, milliseconds left) {
  session_.open(static_cast<std::uint8_t>(1 + random_number() % UINT8_MAX));
  const bool has_rates = !transport_->rates().ladder.empty();
  if (has_rates ? round > 0 : round == kFirstRounds) session_.post_noise(kWakeUpNoise);
  thil_hello hello{};
  hello.nonce = nonce;
  const Patience patience = patience_of(round, left);
  co_return co_await exchange(THIL_ID_hello, pack(hello), patience);
}

asio::awaitable<Result<DeviceIdentity>> AgentLink::hello(Boot boot) {
  const Time limit = steady_clock::now() + boot.limit;
  greeting_ = true;
  if (raised_) transport_->set_rate(transport_->rates().start);  // where a device that was reset listens
  raised_ = false;
  if (boot.quiet.count() > 0) {
    const Result<void> quiet = co_await keep_quiet(std::min(boot.quiet, boot.limit));
    if (!quiet) co_return quiet.error();
  }
  for (int round = 0;; ++round) {
    const std::uint32_t nonce = random_number();
    const auto left = std::chrono::duration_cast<milliseconds>(limit - steady_clock::now());
    Result<Frame> frame = co_await greet(nonce, round, left);
    const bool is_silent = !frame && frame.error().kind == FaultKind::timeout;
    if (is_silent && steady_clock::now() < limit) continue;
    greeting_ = false;
    if (is_silent) {
      Fault silent = frame.error();
      silent.what = "no answer to `hello` within " + std::to_string(boot.limit.count()) + " ms";
      silent.remedy += "; a board that boots longer needs `boot` in the bench file";
      co_return silent;
    }
    if (!frame) co_return frame.error();
    const std::optional<std::uint8_t> version = version_of(frame->payload);
    if (version && *version != THIL_WIRE_VERSION) co_return other_version(*version);
    const auto identity = unpack<thil_identity>(frame->view());
    if (!identity) co_return malformed("identity");
    if (identity->nonce != nonce) co_return of_another_session();
    device_changes_rate_ = (identity->capabilities & THIL_CAN_CHANGE_RATE) != 0;
    device_tells_places_ = (identity->capabilities & THIL_TELLS_PLACES) != 0;
    co_return identity_of(*identity);
  }
}

asio::awaitable<Result<std::vector<Digest>>> AgentLink::inventory(SlotKind kind, std::size_t count) {
  std::vector<Digest> digests;
  while (true) {
    thil_list list{};
    list.kind = static_cast<std::uint8_t>(kind);
    list.first = static_cast<std::uint16_t>(digests.size());
    if (count <= UINT16_MAX) list.count = static_cast<std::uint16_t>(count - digests.size());
    const Patience patience{timing_.quick};
    Result<Frame> frame = co_await exchange(THIL_ID_list, pack(list), patience);
    if (!frame) co_return frame.error();
    const auto part = unpack<thil_inventory>(frame->view());
    if (!part || part->first != digests.size() || part->digests.size % THIL_DIGEST_SIZE != 0 ||
        digests.size() + part->digests.size / THIL_DIGEST_SIZE > part->slots) {
      co_return malformed("inventory");
    }
    for (std::size_t at = 0; at < part->digests.size; at += THIL_DIGEST_SIZE) {
      std::copy_n(part->digests.bytes + at, THIL_DIGEST_SIZE, digests.emplace_back().bytes.begin());
    }
    if (digests.size() >= std::min<std::size_t>(part->slots, count)) co_return digests;
    if (part->digests.size == 0) co_return malformed("inventory");
  }
}

asio::awaitable<Result<Digest>> AgentLink::segment(std::uint32_t offset, std::uint32_t size) {
  const thil_segment segment{0, offset, size};
  const Patience patience{timing_.quick};
  Result<Frame> frame = co_await exchange(THIL_ID_segment, pack(segment), patience);
  if (!frame) co_return frame.error();
  const auto digested = unpack<thil_digested>(frame->view());
  if (!digested) co_return malformed("digested");
  co_return digest_of(digested->digest);
}

asio::awaitable<Result<LoadedModel>> AgentLink::load(std::uint16_t slot) {
  thil_load load{};
  load.slot = slot;
  const Patience patience{timing_.long_work, true};
  Result<Frame> frame = co_await exchange(THIL_ID_load, pack(load), patience);
  if (!frame) co_return frame.error();
  const auto loaded = unpack<thil_loaded>(frame->view());
  if (!loaded || loaded->slot != slot) co_return malformed("loaded");
  const std::optional<LoadedModel> model = model_of(*loaded);
  if (!model) co_return malformed("loaded");
  co_return *model;
}

asio::awaitable<Result<void>> AgentLink::run(std::vector<RunRequest> requests, RunStream::Sink sink,
                                             RunReport& report) {
  Supply nothing{.blocks = {}, .needs = std::vector<std::size_t>(requests.size(), 0)};
  co_return co_await stream(std::move(nothing), std::move(requests), std::move(sink), report);
}

asio::awaitable<Result<void>> AgentLink::stream(Supply supply, std::vector<RunRequest> requests,
                                                RunStream::Sink sink, RunReport& report) {
  PushStream push(std::move(supply.blocks), timing_.long_work);
  RunStream::Available available = [&push, &needs = supply.needs] {
    return static_cast<std::size_t>(
        std::find_if(needs.begin(), needs.end(), [&](std::size_t need) { return need > push.completed(); }) -
        needs.begin());
  };
  RunStream run(std::move(requests), std::move(available), std::move(sink), utc_of_steady_clock());
  std::vector<Activity*> both{&run, &push};  // a run's command first: it keeps the device busy
  Result<void> done = co_await drive(std::move(both));
  report.accepted = run.accepted();
  run.hand_over_rest();
  report.request = run.current();
  if (report.request) report.first_missing = run.first_missing();
  report.unsteady = run.unsteady();
  report.silence = run.silence();
  report.slow = run.slow();
  report.late = run.late();
  report.longest_seen = run.longest_seen();
  co_return done;
}

asio::awaitable<Result<WindowReport>> AgentLink::window(WindowRequest request) {
  WindowStream window(request);
  std::vector<Activity*> only{&window};
  const Result<void> done = co_await drive(std::move(only));
  if (!done) co_return done.error();
  co_return window.report();
}

}  // namespace tinyhil::device
