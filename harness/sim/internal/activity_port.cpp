// SPDX-License-Identifier: Apache-2.0
#include "activity_port.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/error.hpp"

namespace tinyhil::sim {

namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using Local = asio::local::stream_protocol;
using asio::ip::tcp;

[[noreturn]] void fail(const boost::system::system_error& error, const std::string& where) {
  throw Error(ErrorKind::bench_fault, "cannot listen for the board's activity: " + error.code().message(),
              where, "stop the program that listens there, or choose another place");
}

bool is_left_over(const asio::any_io_executor& executor, const fs::path& path) {
  std::error_code none;
  if (!fs::is_socket(fs::symlink_status(path, none))) return false;
  Local::socket probe(executor);
  boost::system::error_code refused;
  probe.connect(Local::endpoint(path.string()), refused);
  return refused == asio::error::connection_refused;
}

}  // namespace

ActivityPort::ActivityPort(const asio::any_io_executor& executor, fs::path socket) : board_(executor) {
  try {
    if (is_left_over(executor, socket)) fs::remove(socket);
    local_.emplace(executor, Local::endpoint(socket.string()));
    path_ = std::move(socket);
  } catch (const boost::system::system_error& error) {
    fail(error, socket.string());
  }
}

ActivityPort::ActivityPort(const asio::any_io_executor& executor, std::uint16_t port) : board_(executor) {
  try {
    tcp_.emplace(executor, tcp::endpoint(asio::ip::address_v4::loopback(), port));
  } catch (const boost::system::system_error& error) {
    fail(error, "127.0.0.1:" + std::to_string(port));
  }
}

std::string ActivityPort::address() const {
  boost::system::error_code closed;
  if (tcp_) return "tcp:127.0.0.1:" + std::to_string(tcp_->local_endpoint(closed).port());
  return "unix:" + path_.string();
}

void ActivityPort::close() {
  boost::system::error_code closed_already;
  if (local_) local_->close(closed_already);
  if (tcp_) tcp_->close(closed_already);
  board_.close(closed_already);
  std::error_code gone_already;
  if (!path_.empty()) fs::remove(path_, gone_already);
}

asio::awaitable<void> ActivityPort::accept() {
  boost::system::error_code closed;
  if (local_) {
    Local::socket board = co_await local_->async_accept(asio::redirect_error(asio::use_awaitable, closed));
    if (!closed) board_ = std::move(board);
  } else {
    tcp::socket board = co_await tcp_->async_accept(asio::redirect_error(asio::use_awaitable, closed));
    if (!closed) board_ = std::move(board);
  }
}

asio::awaitable<std::size_t> ActivityPort::read(std::span<std::uint8_t> into) {
  if (!board_.is_open()) co_await accept();
  if (!board_.is_open()) co_return 0;
  boost::system::error_code error;
  const std::size_t size = co_await board_.async_read_some(asio::buffer(into.data(), into.size()),
                                                           asio::redirect_error(asio::use_awaitable, error));
  if (!error) co_return size;
  board_.close(error);
  co_return 0;
}

}  // namespace tinyhil::sim
