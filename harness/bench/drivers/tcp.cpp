// SPDX-License-Identifier: Apache-2.0
// driver: tcp    host: 127.0.0.1    port: 5555
#include "transport/tcp.hpp"

#include "bench/board_access.hpp"

namespace tinyhil::bench {

namespace {

// One board, whatever this machine is called.
std::string whole_host(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.") ? "127.0.0.1" : host;
}

class TcpBoard : public BoardAccess {
 public:
  TcpBoard(std::string host, std::uint16_t port) : host_(std::move(host)), port_(port) {}

  std::unique_ptr<transport::Transport> open(asio::any_io_executor executor) const override {
    return transport::open_tcp(std::move(executor), host_, port_);
  }
  std::optional<std::string> lock_key() const override {
    return "tcp " + whole_host(host_) + " " + std::to_string(port_);
  }

 private:
  std::string host_;
  std::uint16_t port_;
};

}  // namespace

std::unique_ptr<BoardAccess> make_tcp(const Board& board) {
  const std::string host = board.link.text("host", "127.0.0.1");
  const auto port = static_cast<std::uint16_t>(board.link.integer("port", 1, 65535));
  board.link.finish();
  return std::make_unique<TcpBoard>(host, port);
}

}  // namespace tinyhil::bench
