// SPDX-License-Identifier: Apache-2.0
#include "stream.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace peers {

namespace {

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

}  // namespace

Stream::Stream(int in, int out, std::optional<std::chrono::milliseconds> patience)
    : in_(in), out_(out), patience_(patience) {}

void Stream::flush() {
  std::string_view rest = outgoing_;
  while (!rest.empty()) {
    const ssize_t count = ::write(out_, rest.data(), rest.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("cannot write to the line");
    rest.remove_prefix(static_cast<std::size_t>(count));
  }
  sent_ = sent_ || !outgoing_.empty();
  traffic_.written += outgoing_.size();
  outgoing_.clear();
}

std::uint8_t Stream::byte() {
  if (next_ == end_) fill();
  return incoming_[next_++];
}

void Stream::read(std::span<std::uint8_t> bytes) {
  while (!bytes.empty()) {
    if (next_ == end_) fill();
    const std::size_t count = std::min(bytes.size(), end_ - next_);
    std::copy_n(incoming_.begin() + static_cast<std::ptrdiff_t>(next_), count, bytes.begin());
    next_ += count;
    bytes = bytes.subspan(count);
  }
}

void Stream::fill() {
  if (sent_) ++traffic_.turns;
  sent_ = false;
  ssize_t count = -1;
  do {
    if (patience_) wait_for_input();
    count = ::read(in_, incoming_.data(), incoming_.size());
  } while (count < 0 && errno == EINTR);
  if (count < 0) fail("cannot read from the line");
  if (count == 0) throw EndOfInput();
  next_ = 0;
  end_ = static_cast<std::size_t>(count);
  traffic_.read += end_;
}

void Stream::wait_for_input() const {
  pollfd input{in_, POLLIN, 0};
  const int ready = ::poll(&input, 1, static_cast<int>(patience_->count()));
  if (ready < 0 && errno != EINTR) fail("cannot wait for the line");
  if (ready == 0) throw std::runtime_error("no answer within " + std::to_string(patience_->count()) + " ms");
}

}  // namespace peers
