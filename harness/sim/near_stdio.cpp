// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>

#include "near_end.hpp"

namespace tinyhil::sim {

namespace {

namespace asio = boost::asio;
using asio::posix::stream_descriptor;

// Files and some devices cannot be waited for, and need not be.
bool can_be_waited_for(int descriptor) {
  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  epoll_event event{};
  const bool refused = ::epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) != 0 && errno == EPERM;
  ::close(epoll);
  return !refused;
}

// Asio makes a descriptor non-blocking, for everybody who shares it: a shell would not like its terminal so.
class KeptFlags {
 public:
  explicit KeptFlags(int descriptor) : descriptor_(descriptor), flags_(::fcntl(descriptor, F_GETFL)) {}
  KeptFlags(const KeptFlags&) = delete;
  KeptFlags& operator=(const KeptFlags&) = delete;
  ~KeptFlags() { ::fcntl(descriptor_, F_SETFL, flags_); }

 private:
  int descriptor_;
  int flags_;
};

class StdioEnd : public NearEnd {
 public:
  explicit StdioEnd(const asio::any_io_executor& executor) : in_(executor), out_(executor) {
    if (can_be_waited_for(STDIN_FILENO)) in_.assign(::dup(STDIN_FILENO));
    if (can_be_waited_for(STDOUT_FILENO)) out_.assign(::dup(STDOUT_FILENO));
  }

  asio::awaitable<std::size_t> read(std::span<std::uint8_t> into) override {
    if (!in_.is_open()) {
      const ssize_t size = ::read(STDIN_FILENO, into.data(), into.size());
      co_return static_cast<std::size_t>(size > 0 ? size : 0);
    }
    boost::system::error_code error;
    co_return co_await in_.async_read_some(asio::buffer(into.data(), into.size()),
                                           asio::redirect_error(asio::use_awaitable, error));
  }

  asio::awaitable<Heard> write(std::span<const std::uint8_t> bytes) override {
    if (!out_.is_open()) {
      const ssize_t size = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
      co_return size == static_cast<ssize_t>(bytes.size()) ? Heard::yes : Heard::never_again;
    }
    boost::system::error_code error;
    co_await asio::async_write(out_, asio::buffer(bytes.data(), bytes.size()),
                               asio::redirect_error(asio::use_awaitable, error));
    co_return error ? Heard::never_again : Heard::yes;
  }

 private:
  KeptFlags in_flags_{STDIN_FILENO};
  KeptFlags out_flags_{STDOUT_FILENO};
  stream_descriptor in_;
  stream_descriptor out_;
};

}  // namespace

std::unique_ptr<NearEnd> near_on_stdio(const asio::any_io_executor& executor) {
  return std::make_unique<StdioEnd>(executor);
}

}  // namespace tinyhil::sim
