// SPDX-License-Identifier: Apache-2.0
#include "socket.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace tinyhil::sim {

namespace {

constexpr int kRetryMs = 2;
constexpr std::size_t kAtOnce = 65536;
constexpr std::size_t kLineMax = 1 << 20;  // nothing that we ask for is longer

[[noreturn]] void fail(const std::string& what, const std::string& where) {
  throw Error(ErrorKind::bench_fault, what, where, "run it again; if it stays, run the emulator by hand");
}

bool connected(int descriptor, const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.native().size() >= sizeof address.sun_path)
    fail("the path of a socket is too long", path.string());
  std::memcpy(address.sun_path, path.c_str(), path.native().size());
  return ::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

}  // namespace

EmulatorSocket::EmulatorSocket(const std::filesystem::path& path)
    : descriptor_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)), where_(path.string()) {
  const auto deadline = std::chrono::steady_clock::now() + kEmulatorPatience;
  while (descriptor_ >= 0 && !connected(descriptor_, path)) {
    if (std::chrono::steady_clock::now() > deadline) {
      ::close(descriptor_);
      fail("the emulator does not answer", where_);
    }
    ::poll(nullptr, 0, kRetryMs);
  }
  if (descriptor_ < 0) fail(std::strerror(errno), where_);
}

EmulatorSocket::~EmulatorSocket() { ::close(descriptor_); }

void EmulatorSocket::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) fail("the emulator has ended", where_);
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

bool EmulatorSocket::fill(std::chrono::milliseconds patience) {
  pollfd wait{descriptor_, POLLIN, 0};
  int ready = 0;
  do {
    ready = ::poll(&wait, 1, static_cast<int>(patience.count()));
  } while (ready < 0 && errno == EINTR);  // a signal that is for others
  if (ready <= 0) return false;
  received_.erase(0, read_);
  read_ = 0;
  const std::size_t size = received_.size();
  received_.resize(size + kAtOnce);
  const ssize_t got = ::recv(descriptor_, received_.data() + size, kAtOnce, 0);
  received_.resize(size + static_cast<std::size_t>(got > 0 ? got : 0));
  if (got == 0 || (got < 0 && errno != EINTR)) fail("the emulator has ended", where_);
  return true;
}

std::string EmulatorSocket::line() {
  for (;;) {
    if (const auto end = received_.find('\n', read_); end != std::string::npos) {
      std::string line = received_.substr(read_, end - read_);
      read_ = end + 1;
      return line;
    }
    if (received_.size() - read_ > kLineMax || !fill(kEmulatorPatience)) {
      fail("the emulator does not answer", where_);
    }
  }
}

char EmulatorSocket::byte() {
  if (read_ == received_.size() && !fill(kEmulatorPatience)) fail("the emulator does not answer", where_);
  return received_[read_++];
}

bool EmulatorSocket::has_byte() { return read_ < received_.size() || fill(std::chrono::milliseconds(0)); }

}  // namespace tinyhil::sim
