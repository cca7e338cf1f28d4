// SPDX-License-Identifier: Apache-2.0
#include "websocket_client.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "internal/client_connection.hpp"
#include "internal/request_text.hpp"
#include "internal/websocket_end.hpp"
#include "internal/websocket_handshake.hpp"
#include "problem.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::size_t kRefusalMost = 1024UL * 1024;  // bytes of its body
constexpr int kSwitched = 101;

class ClientWebSocket : public OpenWebSocket {
 public:
  ClientWebSocket(std::unique_ptr<ClientConnection> connection, const WebSocketLimits& limits)
      : connection_(std::move(connection)),
        socket_(std::make_unique<WebSocketEnd>(
            Upgraded{connection_->stream(), connection_->deadlines(), connection_->take_rest()}, Masks::yes,
            limits)) {}

  WebSocket& socket() override { return socket_; }

 private:
  std::unique_ptr<ClientConnection> connection_;
  WebSocket socket_;
};

[[noreturn]] void no_websocket(const std::string& where) {
  throw Error(ErrorKind::bench_fault, "what answers is no WebSocket", where,
              "see the daemon's log; is it a tinyhil daemon that listens there?");
}

bool accepts(const Reply& reply, const std::string& key) {
  const auto is_answer = [&](const Header& header) {
    constexpr std::string_view kName = "Sec-WebSocket-Accept";
    const bool is_named = std::equal(header.name.begin(), header.name.end(), kName.begin(), kName.end(),
                                     [](char one, char other) { return (one | 0x20) == (other | 0x20); });
    return is_named && header.value == accept_key(key);
  };
  return reply.status == kSwitched && std::any_of(reply.headers.begin(), reply.headers.end(), is_answer);
}

}  // namespace

asio::awaitable<std::unique_ptr<OpenWebSocket>> open_websocket(asio::any_io_executor executor,
                                                               DaemonAddress address, Question question,
                                                               WebSocketLimits limits) {
  const std::string key = random_websocket_key();
  for (Header& header : upgrade_headers(key)) question.headers.push_back(std::move(header));
  const std::string text = request_text(question, address);
  auto connection = std::make_unique<ClientConnection>(executor, address);
  connection->set_deadline(question.limit);
  co_await connection->connect();
  co_await connection->send(text);
  ResponseReader reader(kRefusalMost);
  co_await connection->read_to(reader, ReadStage::whole);
  if (reader.stage() != ReadStage::whole) no_websocket(address.text);
  Reply reply = reader.header();
  reply.body = reader.take_body();
  if (reply.status >= 400) throw refused(reply, address.text);
  if (!accepts(reply, key)) no_websocket(address.text);
  connection->clear_deadline();
  co_return std::make_unique<ClientWebSocket>(std::move(connection), limits);
}

}  // namespace tinyhil::daemon
