// SPDX-License-Identifier: Apache-2.0
// One opening of a leased board's line, for a holder on another machine. A child process holds the board and
// has its line open; what it reads is kept until the holder confirms it, so that a connection that breaks off
// loses nothing. Shared by the farm's list of lines, its own coroutines and the conversation that is on it:
// each may end first. Example:
//
//   const std::shared_ptr<LeasedLine> line = LeasedLine::start(executor, command);
//   co_await line->begun(until);
//   co_await line->serve(socket, line->attach(0));
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "daemon/http/websocket.hpp"
#include "daemon/line/byte_window.hpp"
#include "daemon/line/line_message.hpp"
#include "transport/transport.hpp"

namespace tinyhil::daemon {

// A number for each client that came; the latest has the line.
enum class Visit : std::uint64_t { none = 0 };

class LeasedLine : public std::enable_shared_from_this<LeasedLine> {
 public:
  // `command`: says one line of JSON, and then what the board says. Throws Error(bench_fault).
  static std::shared_ptr<LeasedLine> start(asio::any_io_executor executor, std::vector<std::string> command);

  // Returns when the line is open. Throws what the child says that it failed with, or Error(time_limit).
  asio::awaitable<void> begun(std::chrono::steady_clock::time_point until);

  const std::string& name() const { return name_; }  // that nobody guesses
  bool is_attached() const { return is_attached_; }
  bool is_over() const { return is_over_; }  // nobody can come back to it

  // From now on this client has the line, and one that had it before is sent away. Nothing: what it has not
  // `received` is not kept any more.
  std::optional<Visit> attach(std::uint64_t received);
  // To the end of the line, of the connection or of the visit. Throws Error(usage) when the client does not
  // keep to the protocol.
  asio::awaitable<void> serve(WebSocket& socket, Visit visit);
  // Of a client that goes. One that said so needs it no more, another may come back for 30 s.
  void detach(Visit visit, bool comes_back);
  void end(std::string why);  // the lease is over

  // What has the line open ends, and with it its hold of the board; the line goes on, with its offsets.
  // Returns when that is so.
  asio::awaitable<void> let_go();
  // After let_go(): the board is opened again, which is tried until then.
  void open_again(std::chrono::steady_clock::time_point until);

 private:
  LeasedLine(asio::any_io_executor executor, std::vector<std::string> command);
  asio::awaitable<void> run(std::shared_ptr<LeasedLine> self);
  asio::awaitable<void> read_child();
  asio::awaitable<void> write_child();
  asio::awaitable<bool> start_again();
  asio::awaitable<void> send(WebSocket& socket, Visit visit);
  asio::awaitable<void> receive(WebSocket& socket, Visit visit);
  asio::awaitable<void> news();
  void hear(std::string_view bytes);
  void read_header();
  void child_ended(const Fault& fault);
  void did_not_open(const Error& error);
  std::string take(const LineMessage& message);
  std::string next_message();
  bool has(Visit visit) const { return visit == visit_ && is_attached_ && !is_over_; }
  bool has_ended() const { return is_over_ || ended_ || failure_; }
  bool is_open() const { return !has_ended() && !is_letting_go_ && !was_refused_; }

  asio::any_io_executor executor_;
  const std::vector<std::string> command_;
  std::unique_ptr<transport::Transport> child_;                       // none: nothing has the board
  bool is_letting_go_ = false;                                        // until open_again()
  bool was_refused_ = false;                                          // it did not open again yet
  std::optional<std::chrono::steady_clock::time_point> again_until_;  // none: it was opened once
  std::string name_;
  std::string header_;
  bool has_begun_ = false;  // the child
  std::string description_;
  std::exception_ptr failure_;
  ByteWindow board_{kBoardWindowMost};  // what the board said
  std::uint64_t sent_ = 0;              // of it, in this visit
  std::string incoming_;                // for the board
  std::uint64_t taken_ = 0;             // of the client's bytes, so many
  std::uint64_t confirmed_ = 0;         // of those, to the client
  std::optional<LineEnded> ended_;      // the child has
  bool is_over_ = false;
  bool is_attached_ = false;
  Visit visit_ = Visit::none;
  asio::steady_timer news_;
  asio::steady_timer away_;
};

}  // namespace tinyhil::daemon
