// SPDX-License-Identifier: Apache-2.0
// A server of daemon/http in a thread of its own, on a socket in a folder of its own and on loopback.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "daemon/http/client.hpp"
#include "daemon/http/server.hpp"
#include "folder.hpp"
#include "raw_connection.hpp"

namespace tinyhil::test {

class LiveServer {
 public:
  explicit LiveServer(std::vector<daemon::Route> routes, daemon::ServerOptions options = {}) {
    if (!options.unix_socket) options.unix_socket = daemon::UnixSocket{socket(), 0600, daemon::by_group("")};
    if (!options.tcp) options.tcp = daemon::TcpListener{};
    options.log = [this](const std::string& line) { add_to_log(line); };
    server_ = std::make_unique<daemon::Server>(io_.get_executor(), std::move(routes), std::move(options));
    port_ = server_->tcp_port();
    thread_ = std::thread([this] { io_.run(); });
  }
  LiveServer(const LiveServer&) = delete;
  LiveServer& operator=(const LiveServer&) = delete;
  ~LiveServer() {
    in_loop([this] { server_.reset(); });
    work_.reset();
    io_.stop();
    thread_.join();
  }

  daemon::Server& server() { return *server_; }  // in its loop
  std::string socket() const { return folder_.path() / "daemon.sock"; }
  std::uint16_t port() const { return port_; }
  const TestFolder& folder() const { return folder_; }

  daemon::DaemonAddress unix_address() const { return daemon::parse_daemon_address("unix:" + socket()); }
  daemon::DaemonAddress tcp_address() const {
    return daemon::parse_daemon_address("http://127.0.0.1:" + std::to_string(port_));
  }
  RawConnection connect() const { return RawConnection::to_unix(socket()); }
  RawConnection connect_tcp() const { return RawConnection::to_loopback(port_); }

  std::size_t connections() {
    std::size_t count = 0;
    in_loop([&] { count = server_->connections(); });
    return count;
  }
  // Begins; the future is ready when it has stopped.
  std::future<void> stop(std::chrono::milliseconds limit) {
    return boost::asio::co_spawn(io_, server_->stop(limit), boost::asio::use_future);
  }
  std::string log() {
    const std::lock_guard lock(log_lock_);
    return log_;
  }
  template <class Act>
  void in_loop(Act act) {
    std::promise<void> done;
    boost::asio::post(io_, [&] {
      act();
      done.set_value();
    });
    done.get_future().wait();
  }

 private:
  void add_to_log(const std::string& line) {
    const std::lock_guard lock(log_lock_);
    log_ += line + "\n";
  }

  TestFolder folder_;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
  std::unique_ptr<daemon::Server> server_;
  std::uint16_t port_ = 0;
  std::mutex log_lock_;
  std::string log_;
  std::thread thread_;
};

}  // namespace tinyhil::test
