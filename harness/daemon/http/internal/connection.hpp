// SPDX-License-Identifier: Apache-2.0
// One connection of a server: requests in their order, each read, judged, done and replied to.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <exception>
#include <optional>
#include <string>
#include <string_view>

#include "admission.hpp"
#include "byte_stream.hpp"
#include "daemon/http/route.hpp"
#include "deadlines.hpp"
#include "invocation.hpp"
#include "reply_text.hpp"
#include "request_reader.hpp"

namespace tinyhil::daemon {

struct ServerState;

class Connection {
 public:
  using Socket = ByteStream::Socket;

  // The server outlives it.
  Connection(ServerState& server, Socket socket, Peer peer);

  // Until the caller leaves, a bound is passed or the server stops. Once.
  boost::asio::awaitable<void> run();

  void
  stop();  // after the request that it is at; at once when it is at none, streams events or is a WebSocket
  void cut() { cancel_.emit(boost::asio::cancellation_type::terminal); }    // whatever it is at
  boost::asio::cancellation_slot cancellation() { return cancel_.slot(); }  // for whoever spawns run()

 private:
  enum class Phase { idle, request, events };

  boost::asio::awaitable<bool> accept_tls();
  boost::asio::awaitable<bool> begins();
  boost::asio::awaitable<bool> exchange();
  boost::asio::awaitable<bool> read_more();
  boost::asio::awaitable<bool> read_to(RequestReader& reader, ReadStage wanted);
  boost::asio::awaitable<bool> read_body(RequestReader& reader, const Admitted& admitted);
  boost::asio::awaitable<bool> read_into(RequestReader& reader, BodySink& sink);
  // Of a body that its sink does not take; the caller gets to know why.
  boost::asio::awaitable<bool> refuse_body(const Admitted& admitted, std::exception_ptr why);
  boost::asio::awaitable<bool> give_up(const RequestReader& reader);
  boost::asio::awaitable<bool> finish(Admitted& admitted, const RequestReader& reader);
  // Nothing when the caller has left meanwhile.
  boost::asio::awaitable<std::optional<Reply>> have_done(const Admitted& admitted);
  boost::asio::awaitable<std::optional<Reply>> invoke_while_caller_stays(const Invocation& invocation);
  boost::asio::awaitable<bool> reply(const Reply& reply, Afterwards afterwards, bool is_head);
  boost::asio::awaitable<bool> close_with(const Reply& reply, bool is_head);
  boost::asio::awaitable<void> drop_rest();
  boost::asio::awaitable<bool> write(std::string_view text);
  boost::asio::awaitable<void> stream(const Reply& reply);
  boost::asio::awaitable<void> converse(Conversation& conversation, std::string begin);
  boost::asio::awaitable<void> write_events(EventSource& source);
  boost::asio::awaitable<void> caller_leaves();
  boost::asio::awaitable<void> caller_has_left();

  ServerState& server_;
  ByteStream stream_;
  Peer peer_;
  Deadlines::Entry deadline_;
  boost::asio::cancellation_signal cancel_;
  std::string buffer_;  // what was read and not used yet
  Phase phase_ = Phase::idle;
};

}  // namespace tinyhil::daemon
