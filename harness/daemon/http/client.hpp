// SPDX-License-Identifier: Apache-2.0
// Asks a daemon, over its Unix socket or on loopback. Example:
//
//   Client client(io.get_executor(), parse_daemon_address("unix:/run/tinyhil/daemon.sock"));
//   Question question;
//   question.path = "/api/v1/boards";
//   const Reply reply = co_await client.ask(question);
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon_address.hpp"
#include "route.hpp"

namespace tinyhil::daemon {

struct Question {
  Verb verb = Verb::get;
  std::string path;  // with its query, encoded
  std::string body;  // empty: none
  std::vector<Header> headers;
  std::chrono::milliseconds limit = std::chrono::seconds(30);  // from connecting to the last byte
  std::string body_type = "application/json";
};

class ClientConnection;

// One question at a time. The connection is kept; one that the daemon closed meanwhile is made anew, where
// asking twice does no harm: for all but a POST without an Idempotency-Key.
class Client {
 public:
  Client(boost::asio::any_io_executor executor, DaemonAddress address);
  Client(Client&&) noexcept;
  ~Client();

  // Throws Refused (problem.hpp) for a status of 400 and above, Error(bench_fault) when the daemon cannot be
  // reached, answers nonsense or more than 64 MB, or closes, Error(time_limit) when the limit is over,
  // Error(usage) for a path or a header that does not fit into its line.
  boost::asio::awaitable<Reply> ask(const Question& question);
  void show(std::string token) { address_.token = std::move(token); }  // from now on, over TCP

 private:
  boost::asio::any_io_executor executor_;
  DaemonAddress address_;
  std::unique_ptr<ClientConnection> kept_;  // none: not connected
};

}  // namespace tinyhil::daemon
