// SPDX-License-Identifier: Apache-2.0
// A client that sends exactly the bytes of a test, and waits at most ten seconds for what comes back.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/http/internal/response_reader.hpp"

namespace tinyhil::test {

class RawConnection {
 public:
  static RawConnection to_unix(const std::string& path) {
    RawConnection connection = unconnected();
    connection.connect_unix(path);
    return connection;
  }
  static RawConnection to_loopback(std::uint16_t port) {
    RawConnection connection(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connection.connect(reinterpret_cast<const sockaddr*>(&address), sizeof(address));
    return connection;
  }
  // Has a socket, and waits for connect_unix().
  static RawConnection unconnected() {
    return RawConnection(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  }

  RawConnection(RawConnection&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)), left_(std::move(other.left_)) {}
  RawConnection& operator=(RawConnection&&) = delete;
  ~RawConnection() {
    if (socket_ >= 0) ::close(socket_);
  }

  int socket() const { return socket_; }

  void connect_unix(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    connect(reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  }

  // false: the server does not take it any more.
  bool send(std::string_view text) {
    while (!text.empty()) {
      const ssize_t count = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }
  void send_no_more() { ::shutdown(socket_, SHUT_WR); }

  // The next response; its status is 0 when none came.
  daemon::Reply reply() {
    daemon::ResponseReader reader(64UL * 1024 * 1024);
    for (;;) {
      left_.erase(0, reader.put(left_));
      if (reader.stage() >= daemon::ReadStage::whole || !read_more()) break;
    }
    daemon::Reply reply;
    reply.status = 0;
    if (reader.stage() != daemon::ReadStage::whole) return reply;
    reply = reader.header();
    reply.body = reader.take_body();
    return reply;
  }
  daemon::Reply ask(std::string_view text) {
    send(text);
    return reply();
  }

  // What comes until this text has come, or nothing more does.
  std::string read_until(std::string_view text) {
    while (left_.find(text) == std::string::npos && read_more()) {
    }
    const std::size_t found = left_.find(text);
    const std::size_t end = found == std::string::npos ? left_.size() : found + text.size();
    std::string head = left_.substr(0, end);
    left_.erase(0, end);
    return head;
  }
  std::string read_to_end() {
    while (read_more()) {
    }
    return std::exchange(left_, {});
  }

 private:
  explicit RawConnection(int socket) : socket_(socket) {
    const timeval patience{10, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
  }

  void connect(const sockaddr* address, socklen_t size) const {
    if (::connect(socket_, address, size) == 0) return;
    throw std::runtime_error(std::string("no connection: ") + std::strerror(errno));
  }

  bool read_more() {
    std::array<char, 16384> bytes{};
    const ssize_t count = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (count > 0) left_.append(bytes.data(), static_cast<std::size_t>(count));
    return count > 0;
  }

  int socket_;
  std::string left_;
};

}  // namespace tinyhil::test
