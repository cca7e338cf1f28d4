// SPDX-License-Identifier: Apache-2.0
// Sockets that listen, made the way of their kind.
#pragma once

#include <sys/types.h>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <cstdint>
#include <filesystem>
#include <string>

namespace tinyhil::daemon {

// One type for both kinds, so that a connection is compiled once.
using StreamProtocol = boost::asio::generic::stream_protocol;
using Acceptor = boost::asio::basic_socket_acceptor<StreamProtocol>;

// Throws Error(usage) for a path that is too long or no socket, Error(bench_fault) when somebody listens
// there or the system refuses.
Acceptor listen_unix(const boost::asio::any_io_executor& executor, const std::filesystem::path& path,
                     mode_t mode);

// 127.0.0.1 or ::1, which no other host can reach.
bool is_loopback(const std::string& address);

// Throws Error(usage) for what is no IP address, Error(bench_fault) when it is taken.
Acceptor listen_tcp(const boost::asio::any_io_executor& executor, const std::string& address,
                    std::uint16_t port);
std::uint16_t port_of(const Acceptor& acceptor);

// Whose file it is, so that a stopped server removes its own only.
struct SocketFile {
  std::filesystem::path path;
  ino_t inode = 0;
};
SocketFile socket_file(const std::filesystem::path& path);
void remove_if_same(const SocketFile& file);

}  // namespace tinyhil::daemon
