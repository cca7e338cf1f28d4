// SPDX-License-Identifier: Apache-2.0
#include "line_cable.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace tinyhil::sim {

namespace {

constexpr std::size_t kReadMax = 4096;
constexpr std::size_t kWorthReading = 256;  // a full queue gives way byte by byte
constexpr std::chrono::milliseconds kFarewell(500);

// Until the time has come or somebody cancels the timer.
asio::awaitable<void> sleep(asio::steady_timer& timer, LineClock::time_point until) {
  boost::system::error_code woken;
  timer.expires_at(until);
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
}

}  // namespace

CableFlow::CableFlow(const asio::any_io_executor& executor, const LineSettings& settings, std::uint64_t seed,
                     LineWay way)
    : line_(settings, seed, way), due_(executor), room_(executor) {}

asio::awaitable<std::size_t> CableFlow::wait_for_room() {
  while (line_.room() < kWorthReading) co_await sleep(room_, LineClock::time_point::max());
  co_return line_.room();
}

void CableFlow::offer(std::span<const std::uint8_t> bytes) {
  line_.offer(bytes, LineClock::now());
  due_.cancel();
}

void CableFlow::close() {
  closed_ = true;
  due_.cancel();
}

asio::awaitable<std::vector<std::uint8_t>> CableFlow::wait_for_bytes() {
  for (;;) {
    std::vector<std::uint8_t> bytes = line_.take(LineClock::now());
    room_.cancel();
    const bool over = line_.drained() && (closed_ || line_.unplugged());
    if (!bytes.empty() || over) co_return bytes;
    co_await sleep(due_, line_.next().value_or(LineClock::time_point::max()));
  }
}

Cable::Cable(asio::io_context& io, CableEnds ends, const CableSettings& settings, std::function<void()> moved)
    : io_(io),
      near_(ends.near),
      far_(ends.far),
      host_sets_baud_(settings.host_sets_baud),
      moved_(std::move(moved)),
      down_(io.get_executor(), settings.to_device, settings.seed, LineWay::to_device),
      up_(io.get_executor(), settings.to_host, settings.seed, LineWay::to_host) {}

std::optional<CableEnd> Cable::run() {
  down_.line().power_on(LineClock::now());
  up_.line().power_on(LineClock::now());
  spawn(read_near());
  spawn(write_near());
  spawn(read_far());
  spawn(write_far());
  io_.run();
  if (failure_) std::rethrow_exception(failure_);
  return end_;
}

void Cable::spawn(asio::awaitable<void> task) {
  asio::co_spawn(io_, std::move(task), [this](std::exception_ptr thrown) {
    if (!thrown) return;
    failure_ = thrown;
    io_.stop();
  });
}

void Cable::end(CableEnd how) {
  end_ = how;
  io_.stop();
}

void Cable::follow_host() {
  if (!host_sets_baud_) return;
  const std::optional<std::uint32_t> baud = near_.baud();
  if (!baud) return;
  down_.line().set_baud(*baud);
  up_.line().set_baud(*baud);
}

// True when the fault has pulled a plug that goes in again.
bool Cable::replug(const CableFlow& flow) {
  if (!flow.line().unplugged() || !near_.pull_plug()) return false;
  down_.line().replug();
  up_.line().replug();
  return true;
}

asio::awaitable<void> Cable::read_near() {
  std::array<std::uint8_t, kReadMax> buffer{};
  for (;;) {
    const std::size_t room = co_await down_.wait_for_room();
    const std::span<std::uint8_t> into = std::span(buffer).first(std::min(room, buffer.size()));
    const std::size_t size = co_await near_.read(into);
    if (size == 0) break;
    follow_host();
    down_.offer(into.first(size));
    moved_();
  }
  near_left_ = true;
  down_.close();
  co_await farewell();
  end(CableEnd::near_left);
}

asio::awaitable<void> Cable::write_far() {
  for (;;) {
    const std::vector<std::uint8_t> bytes = co_await down_.wait_for_bytes();
    moved_();
    if (bytes.empty()) {
      if (replug(down_)) continue;
      break;
    }
    const Result<void> written = co_await far_.write(bytes);
    if (!written) co_return;  // read_far() will know why
  }
  if (down_.line().unplugged()) co_return end(CableEnd::unplugged);
  far_.finish_writing();
}

asio::awaitable<void> Cable::read_far() {
  std::array<std::uint8_t, kReadMax> buffer{};
  for (;;) {
    const std::size_t room = co_await up_.wait_for_room();
    const std::span<std::uint8_t> into = std::span(buffer).first(std::min(room, buffer.size()));
    const Result<std::size_t> size = co_await far_.read(into);
    if (!size) {
      far_fault_ = size.error();
      co_return up_.close();
    }
    follow_host();
    up_.offer(into.first(*size));
    moved_();
  }
}

asio::awaitable<void> Cable::write_near() {
  for (;;) {
    const std::vector<std::uint8_t> bytes = co_await up_.wait_for_bytes();
    moved_();
    if (bytes.empty()) {
      if (replug(up_)) continue;
      break;
    }
    writing_near_ = true;
    const Heard heard = co_await near_.write(bytes);
    writing_near_ = false;
    if (heard == Heard::never_again) co_return end(CableEnd::near_left);
    if (heard == Heard::by_nobody) up_.line().unheard(bytes.size());
  }
  if (up_.line().unplugged()) co_return end(CableEnd::unplugged);
  end(near_left_ ? CableEnd::near_left : CableEnd::far_left);
}

// Something will still be delivered, or is just being read.
bool Cable::is_moving() const {
  const auto now = LineClock::now();
  const auto due_later = [&](const CableFlow& flow) { return flow.line().next() > now; };
  return writing_near_ || due_later(down_) || due_later(up_);
}

// The near end has nothing more to say but may still listen: a far end that ends with its input answers all
// of it, and one that does not is left when it has been silent for a while.
asio::awaitable<void> Cable::farewell() {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  for (std::uint64_t before = 0;;) {
    co_await sleep(timer, LineClock::now() + kFarewell);
    const std::uint64_t heard = 1 + up_.line().counts().bytes_offered;
    if (heard == before && !is_moving()) co_return;
    before = heard;
  }
}

}  // namespace tinyhil::sim
