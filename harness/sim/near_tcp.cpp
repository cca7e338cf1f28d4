// SPDX-License-Identifier: Apache-2.0
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "base/error.hpp"
#include "near_end.hpp"

namespace tinyhil::sim {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

tcp::acceptor listen(const asio::any_io_executor& executor, std::uint16_t port) {
  try {
    return {executor, tcp::endpoint(asio::ip::address_v4::loopback(), port)};
  } catch (const boost::system::system_error& error) {
    throw Error(ErrorKind::bench_fault, "cannot listen: " + error.code().message(),
                "127.0.0.1:" + std::to_string(port),
                "stop the program that listens there, or choose another --listen port");
  }
}

class TcpEnd : public NearEnd {
 public:
  TcpEnd(const asio::any_io_executor& executor, std::uint16_t port)
      : acceptor_(listen(executor, port)), client_(executor) {}

  asio::awaitable<std::size_t> read(std::span<std::uint8_t> into) override {
    for (;;) {
      if (!client_.is_open()) co_await accept();
      boost::system::error_code error;
      const std::size_t size = co_await client_.async_read_some(
          asio::buffer(into.data(), into.size()), asio::redirect_error(asio::use_awaitable, error));
      if (!error) co_return size;
      client_.close(error);
    }
  }

  asio::awaitable<Heard> write(std::span<const std::uint8_t> bytes) override {
    if (!client_.is_open()) co_return Heard::by_nobody;
    boost::system::error_code error;
    co_await asio::async_write(client_, asio::buffer(bytes.data(), bytes.size()),
                               asio::redirect_error(asio::use_awaitable, error));
    co_return error ? Heard::by_nobody : Heard::yes;
  }

  bool pull_plug() override {
    boost::system::error_code nobody_there;
    client_.shutdown(tcp::socket::shutdown_both, nobody_there);  // read() finds out, closes and accepts again
    return true;
  }

  std::string address() override { return "127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()); }

 private:
  asio::awaitable<void> accept() {
    client_ = co_await acceptor_.async_accept(asio::use_awaitable);
    client_.set_option(tcp::no_delay(true));
  }

  tcp::acceptor acceptor_;
  tcp::socket client_;
};

}  // namespace

std::unique_ptr<NearEnd> near_on_tcp(const asio::any_io_executor& executor, std::uint16_t port) {
  return std::make_unique<TcpEnd>(executor, port);
}

}  // namespace tinyhil::sim
