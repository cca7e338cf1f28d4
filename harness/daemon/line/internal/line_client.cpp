// SPDX-License-Identifier: Apache-2.0
#include "line_client.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "base/error.hpp"

namespace tinyhil::daemon {

namespace {

using boost::system::error_code;
using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kReconnectPause{200};
constexpr std::chrono::seconds kReconnectLimit{5};
constexpr std::uint64_t kConfirmEach = 64UL * 1024;  // bytes
constexpr std::uint16_t kBrokeOff = 1006;
constexpr std::uint16_t kNormal = 1000;

// What may pass: the daemon is started again, or the network is back.
bool may_pass(const Error& error) {
  return error.kind() == ErrorKind::bench_fault || error.kind() == ErrorKind::time_limit;
}

}  // namespace

LineClient::LineClient(RemoteLineSettings settings, int pipe)
    : settings_(std::move(settings)),
      pipe_(io_, asio::local::stream_protocol(), pipe),
      news_(io_, steady_clock::time_point::max()) {
  asio::co_spawn(io_, live(), [this](std::exception_ptr /*live() tells by its words*/) {
    error_code ignored;  // closed is closed
    pipe_.close(ignored);
    io_.stop();
  });
  thread_ = std::thread([this] { io_.run(); });
}

LineClient::~LineClient() { thread_.join(); }

std::string LineClient::open() { return opened_.get_future().get(); }

std::string LineClient::last_words() {
  const std::lock_guard lock(words_lock_);
  return words_;
}

void LineClient::end(std::string why) {
  has_ended_ = true;
  const std::lock_guard lock(words_lock_);
  if (words_.empty()) words_ = std::move(why);
  news_.cancel();
}

asio::awaitable<void> LineClient::news() {
  error_code woken;
  co_await news_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
}

asio::awaitable<void> LineClient::live() {
  std::exception_ptr failure;
  try {
    co_await connect(settings_.open);
  } catch (...) {
    failure = std::current_exception();
  }
  if (failure) {
    opened_.set_exception(failure);
    co_return;
  }
  opened_.set_value(description_);
  asio::co_spawn(io_, read_pipe(), asio::detached);
  asio::co_spawn(io_, write_pipe(), asio::detached);
  bool goes_on = true;
  while (goes_on) {
    goes_on = co_await converse();
    if (goes_on) goes_on = co_await come_back();
  }
  while (!is_left_ && !inbox_.empty()) co_await news();
}

asio::awaitable<void> LineClient::connect(std::chrono::milliseconds limit) {
  Question question;
  question.path =
      "/api/v1/leases/" + std::to_string(settings_.lease) + "/line?epoch=" + std::to_string(settings_.epoch);
  if (!line_.empty()) question.path += "&line=" + line_ + "&received=" + std::to_string(received_);
  question.limit = limit;
  WebSocketLimits limits;
  limits.message_most = 2 * kLinePieceMost;
  open_ = co_await open_websocket(io_.get_executor(), settings_.address, question, limits);
  has_begun_ = false;
  const std::optional<std::string> first = co_await open_->socket().read();
  const std::optional<LineMessage> message = first ? line_message(*first) : std::nullopt;
  const LineBegun* begun = message ? std::get_if<LineBegun>(&*message) : nullptr;
  if (begun == nullptr)
    throw Error(ErrorKind::bench_fault, "the daemon opened no line: " + open_->socket().closing().reason,
                settings_.address.text, "see its log; is it the daemon of this version of tinyhil?");
  begin(*begun);
}

void LineClient::begin(const LineBegun& begun) {
  if (begun.next != received_ || !outgoing_.drop_to(begun.taken) || (!line_.empty() && line_ != begun.line))
    throw Error(ErrorKind::lease_lost, "the daemon does not go on where the line was", settings_.address.text,
                "open the line anew");
  line_ = begun.line;
  description_ = begun.description;
  sent_ = begun.taken;
  has_begun_ = true;
}

// True: the connection broke off.
asio::awaitable<bool> LineClient::converse() {
  using namespace asio::experimental::awaitable_operators;
  WebSocket& socket = open_->socket();
  co_await (receive(socket) || send(socket) || socket.keep_alive());
  if (!has_ended_ && !is_left_ && socket.closing().code != kBrokeOff) end(socket.closing().reason);
  open_.reset();
  co_return !has_ended_ && !is_left_;
}

asio::awaitable<bool> LineClient::come_back() {
  const auto until = steady_clock::now() + settings_.patience;
  std::string why = "the connection to the daemon broke off";
  asio::steady_timer pause(io_);
  while (steady_clock::now() < until && !is_left_) {
    bool is_final = false;
    try {
      co_await connect(kReconnectLimit);
      co_return true;
    } catch (const Error& error) {
      why = error.what();
      is_final = !may_pass(error);
    }
    if (is_final) break;
    pause.expires_after(kReconnectPause);
    co_await pause.async_wait(asio::use_awaitable);
  }
  end(std::move(why));
  co_return false;
}

asio::awaitable<void> LineClient::receive(WebSocket& socket) {
  while (!has_ended_) {
    const std::optional<std::string> text = co_await socket.read();
    if (!text) co_return;
    const std::optional<LineMessage> message = line_message(*text);
    if (message) take(*message);
    if (!message) end("the daemon sent what is no message of a line");
    news_.cancel();
  }
}

void LineClient::take(const LineMessage& message) {
  if (const auto* bytes = std::get_if<LineBytes>(&message)) take_bytes(*bytes);
  if (const auto* taken = std::get_if<LineTaken>(&message)) {
    if (!outgoing_.drop_to(taken->offset)) end("the daemon confirmed what was not sent");
  }
  if (const auto* ended = std::get_if<LineEnded>(&message)) {
    end(ended->what + (ended->last_words.empty() ? "" : ": " + ended->last_words));
  }
}

void LineClient::take_bytes(const LineBytes& message) {
  if (message.offset != received_ || message.bytes.size() > kBoardWindowMost - inbox_.size())
    return end("bytes of the line are missing or were not asked for");
  inbox_ += message.bytes;
  received_ += message.bytes.size();
}

asio::awaitable<void> LineClient::send(WebSocket& socket) {
  bool goes_on = true;
  while (goes_on && !has_ended_) {
    if (is_left_) {
      co_await socket.close(kNormal, "the line is not needed any more");
      co_return;
    }
    std::string message;
    if (outgoing_.end() > sent_) {
      const std::string_view piece = outgoing_.from(sent_, kLinePieceMost);
      message = to_message(LineBytes{sent_, std::string(piece)});
      sent_ += piece.size();
    } else if (delivered_ - confirmed_ >= kConfirmEach) {
      confirmed_ = delivered_;
      message = to_message(LineTaken{confirmed_});
    }
    if (message.empty()) {
      co_await news();
    } else {
      goes_on = co_await socket.write(std::move(message));
    }
  }
}

asio::awaitable<void> LineClient::read_pipe() {
  std::array<char, 16384> bytes{};
  error_code error;
  while (!error) {
    const std::size_t room = std::min(outgoing_.room(), bytes.size());
    if (room == 0) {
      co_await news();
      continue;
    }
    const std::size_t count = co_await pipe_.async_read_some(
        asio::buffer(bytes.data(), room), asio::redirect_error(asio::use_awaitable, error));
    outgoing_.append({bytes.data(), count});
    news_.cancel();
  }
  is_left_ = true;
  if (!open_) io_.stop();  // there is nobody to say goodbye to
}

asio::awaitable<void> LineClient::write_pipe() {
  error_code error;
  while (!error && !is_left_) {
    if (inbox_.empty()) {
      co_await news();
      continue;
    }
    const std::string bytes = inbox_.substr(0, kLinePieceMost);
    const std::size_t count = co_await asio::async_write(pipe_, asio::buffer(bytes),
                                                         asio::redirect_error(asio::use_awaitable, error));
    inbox_.erase(0, count);
    delivered_ += count;
    news_.cancel();
  }
  if (error) is_left_ = true;
  news_.cancel();
}

}  // namespace tinyhil::daemon
