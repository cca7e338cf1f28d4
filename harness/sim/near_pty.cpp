// SPDX-License-Identifier: Apache-2.0
#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "base/error.hpp"
#include "near_end.hpp"
#include "sim/internal/pseudo_terminal.hpp"

namespace tinyhil::sim {

namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kLookForHost(20);  // nothing tells us when a host opens its side

// A symbolic link for as long as it lives.
class NamedPlace {
 public:
  NamedPlace(fs::path link, const std::string& target) : link_(std::move(link)) {
    std::error_code error;
    if (fs::is_symlink(fs::symlink_status(link_, error))) fs::remove(link_, error);
    fs::create_symlink(target, link_, error);
    if (!error) return;
    throw Error(ErrorKind::bench_fault, "cannot make the link to the pseudo-terminal: " + error.message(),
                link_.string(), "name a place where no other file is");
  }
  NamedPlace(const NamedPlace&) = delete;
  NamedPlace& operator=(const NamedPlace&) = delete;
  ~NamedPlace() {
    std::error_code gone_already;
    fs::remove(link_, gone_already);
  }

 private:
  fs::path link_;
};

class PtyEnd : public NearEnd {
 public:
  PtyEnd(const asio::any_io_executor& executor, PseudoTerminal terminal, const std::optional<fs::path>& link)
      : stream_(executor, terminal.master), timer_(executor), path_(std::move(terminal.path)) {
    if (link) place_.emplace(*link, path_);
  }

  asio::awaitable<std::size_t> read(std::span<std::uint8_t> into) override {
    while (!gone_) {
      boost::system::error_code error;
      const std::size_t size = co_await stream_.async_read_some(
          asio::buffer(into.data(), into.size()), asio::redirect_error(asio::use_awaitable, error));
      if (!error) co_return size;
      if (gone_) break;
      hang_up();
      co_await wait_for_host();
    }
    co_return 0;
  }

  asio::awaitable<Heard> write(std::span<const std::uint8_t> bytes) override {
    if (gone_ || !host_has_open(stream_.native_handle()))
      co_return Heard::by_nobody;  // or the next host would read stale bytes
    boost::system::error_code error;
    co_await asio::async_write(stream_, asio::buffer(bytes.data(), bytes.size()),
                               asio::redirect_error(asio::use_awaitable, error));
    co_return error ? Heard::by_nobody : Heard::yes;
  }

  void vanish() override {
    gone_ = true;
    timer_.cancel();
    boost::system::error_code gone_already;
    stream_.close(gone_already);
    place_.reset();
  }

  std::optional<std::uint32_t> baud() override {
    const std::uint32_t rate = rate_set_by_host(stream_.native_handle());
    return rate > 0 ? std::optional(rate) : std::nullopt;
  }

  std::string address() override { return path_; }

 private:
  void hang_up() {
    stream_.cancel();  // a write to a host that did not read
    discard_unread(path_);
  }

  asio::awaitable<void> wait_for_host() {
    do {
      boost::system::error_code gone;
      timer_.expires_after(kLookForHost);
      co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, gone));
    } while (!gone_ && !host_has_open(stream_.native_handle()));
  }

  asio::posix::stream_descriptor stream_;
  asio::steady_timer timer_;
  std::string path_;
  std::optional<NamedPlace> place_;
  bool gone_ = false;
};

}  // namespace

std::unique_ptr<NearEnd> near_on_pty(const asio::any_io_executor& executor,
                                     const std::optional<fs::path>& link) {
  return std::make_unique<PtyEnd>(executor, open_pseudo_terminal(), link);
}

}  // namespace tinyhil::sim
