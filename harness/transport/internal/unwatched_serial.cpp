// SPDX-License-Identifier: Apache-2.0
#include "unwatched_serial.hpp"

#include <unistd.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cassert>
#include <cerrno>
#include <cstring>

namespace tinyhil::transport {

UnwatchedSerial::UnwatchedSerial(asio::posix::stream_descriptor stream, std::string description)
    : watch_(std::move(stream)), descriptor_(watch_.native_handle()), description_(std::move(description)) {
  watch_.release();
}

UnwatchedSerial::~UnwatchedSerial() {
  if (!watch_.is_open()) ::close(descriptor_);
}

Result<std::size_t> UnwatchedSerial::read_some(std::span<std::uint8_t> into) {
  return outcome(::read(descriptor_, into.data(), into.size()));
}

Result<std::size_t> UnwatchedSerial::write_some(std::span<const std::uint8_t> bytes) {
  return outcome(::write(descriptor_, bytes.data(), bytes.size()));
}

// 0 is the end of the line: a port without bytes says EAGAIN (tty.hpp).
Result<std::size_t> UnwatchedSerial::outcome(ssize_t size) const {
  if (size > 0) return static_cast<std::size_t>(size);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return std::size_t{0};
  return Fault{FaultKind::gone, description_ + " ended: " + (size == 0 ? "hung up" : std::strerror(errno)),
               ""};
}

asio::awaitable<void> UnwatchedSerial::wait(Until until) {
  using Watch = asio::posix::stream_descriptor;
  assert(!watch_.is_open());  // one wait at a time
  boost::system::error_code error;
  watch_.assign(descriptor_, error);
  if (error) co_return;  // the next call reports why
  co_await watch_.async_wait(until == Until::readable ? Watch::wait_read : Watch::wait_write,
                             asio::redirect_error(asio::use_awaitable, error));
  watch_.release();
}

void UnwatchedSerial::stop_waiting() {
  boost::system::error_code ignored;
  watch_.cancel(ignored);
}

}  // namespace tinyhil::transport
