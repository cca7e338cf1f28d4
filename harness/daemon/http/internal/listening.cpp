// SPDX-License-Identifier: Apache-2.0
#include "listening.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace tinyhil::daemon {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t kPathMost = sizeof(sockaddr_un::sun_path) - 1;

[[noreturn]] void cannot_listen(const std::string& why, const std::string& where) {
  throw Error(ErrorKind::bench_fault, "cannot listen: " + why, where,
              "end the program that has it (ss -lp), or choose another");
}

void check(const error_code& error, const std::string& where) {
  if (error) cannot_listen(error.message(), where);
}

bool somebody_listens(const std::filesystem::path& path) {
  asio::io_context io(1);
  asio::local::stream_protocol::socket socket(io);
  error_code error;
  socket.connect({path.string()}, error);
  return !error || error == asio::error::would_block || error == asio::error::try_again;
}

void make_room(const std::filesystem::path& path) {
  if (path.empty() || path.string().size() > kPathMost) {
    throw Error(ErrorKind::usage, "a socket's path has 1 to " + std::to_string(kPathMost) + " characters",
                path.string(), "choose a shorter path, such as /run/tinyhil/daemon.sock");
  }
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return;
  if (!S_ISSOCK(status.st_mode)) {
    throw Error(ErrorKind::usage, "there is a file that is no socket", path.string(), "choose another path");
  }
  if (somebody_listens(path)) cannot_listen("another daemon does", path.string());
  ::unlink(path.c_str());  // when that fails, bind says so
}

}  // namespace

Acceptor listen_unix(const asio::any_io_executor& executor, const std::filesystem::path& path, mode_t mode) {
  make_room(path);
  const std::string where = path.string();
  Acceptor acceptor(executor);
  error_code error;
  check(acceptor.open(StreamProtocol(AF_UNIX, 0), error), where);
  ::fchmod(acceptor.native_handle(), 0600);  // the file begins with this mode: nobody is let in too early
  check(acceptor.bind(asio::local::stream_protocol::endpoint(where), error), where);
  if (::chmod(path.c_str(), mode) != 0) cannot_listen(std::strerror(errno), where);
  check(acceptor.listen(asio::socket_base::max_listen_connections, error), where);
  return acceptor;
}

bool is_loopback(const std::string& address) {
  error_code error;
  const asio::ip::address parsed = asio::ip::make_address(address, error);
  return !error && (parsed == asio::ip::address_v4::loopback() || parsed == asio::ip::address_v6::loopback());
}

Acceptor listen_tcp(const asio::any_io_executor& executor, const std::string& address, std::uint16_t port) {
  error_code error;
  const asio::ip::address parsed = asio::ip::make_address(address, error);
  if (error)
    throw Error(ErrorKind::usage, "`" + address + "` is no address of this host", address,
                "write an IP address, such as 127.0.0.1 or 0.0.0.0");
  const asio::ip::tcp::endpoint endpoint(parsed, port);
  const std::string where = address + " port " + std::to_string(port);
  Acceptor acceptor(executor);
  check(acceptor.open(endpoint.protocol(), error), where);
  acceptor.set_option(asio::socket_base::reuse_address(true));
  check(acceptor.bind(endpoint, error), where);
  check(acceptor.listen(asio::socket_base::max_listen_connections, error), where);
  return acceptor;
}

std::uint16_t port_of(const Acceptor& acceptor) {
  const StreamProtocol::endpoint endpoint = acceptor.local_endpoint();
  asio::ip::tcp::endpoint tcp;
  std::memcpy(tcp.data(), endpoint.data(), std::min(endpoint.size(), tcp.capacity()));
  return tcp.port();
}

SocketFile socket_file(const std::filesystem::path& path) {
  struct stat status {};
  return {path, ::lstat(path.c_str(), &status) == 0 ? status.st_ino : 0};
}

void remove_if_same(const SocketFile& file) {
  if (file.inode != 0 && socket_file(file.path).inode == file.inode) ::unlink(file.path.c_str());
}

}  // namespace tinyhil::daemon
