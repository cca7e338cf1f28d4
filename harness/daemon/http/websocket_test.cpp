// SPDX-License-Identifier: Apache-2.0
// WebSockets of a server: by our client, and by clients that send what ours does not.
#include "websocket.hpp"

#include <gmock/gmock.h>

#include <atomic>

#include "base/error.hpp"
#include "internal/websocket_frames.hpp"
#include "problem.hpp"
#include "testing/await.hpp"
#include "testing/complaint.hpp"
#include "testing/eventually.hpp"
#include "testing/live_server.hpp"
#include "testing/raw_connection.hpp"
#include "websocket_client.hpp"

namespace tinyhil::daemon {

namespace {

using namespace std::string_literals;
using test::LiveServer;
using test::RawConnection;

// Says everything again; ends with an Error at `fail`, and floods who says `flood`.
class Echo : public Conversation {
 public:
  explicit Echo(std::atomic<int>& written) : written_(written) {}

  asio::awaitable<void> run(WebSocket& socket) override {
    std::optional<std::string> message = co_await socket.read();
    while (message) {
      if (*message == "fail")
        throw Error(ErrorKind::bench_fault, "the port is gone", "/dev/ttyACM0", "plug it in");
      bool goes_on = co_await socket.write(*message);
      while (goes_on && *message == "flood") {
        ++written_;
        std::string flood(100'000, 'x');
        goes_on = co_await socket.write(std::move(flood));
      }
      message = co_await socket.read();
    }
  }

 private:
  std::atomic<int>& written_;
};

asio::awaitable<Reply> converse(std::atomic<int>& written, const Request& request) {
  if (request.query.contains("refuse")) throw Error(ErrorKind::no_lease, "it is taken", "lease 7", "wait");
  Reply reply;
  reply.conversation = std::make_unique<Echo>(written);
  co_return reply;
}

std::vector<Route> echo_routes(std::atomic<int>& written) {
  Route route;
  route.path = "/echo";
  route.least_role = Role::user;
  route.is_websocket = true;
  route.websocket_protocol = "echo.v1";
  route.handler = [&written](const Request& request) { return converse(written, request); };
  route.documentation.query = {{"refuse", "whether"}};
  std::vector<Route> routes;
  routes.push_back(std::move(route));
  return routes;
}

ServerOptions with_limits(const WebSocketLimits& limits) {
  ServerOptions options;
  options.limits.websocket = limits;
  options.tcp = TcpListener{};
  return options;
}

const std::string kAsk =
    "GET /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
constexpr std::array<std::uint8_t, 4> kMask{9, 8, 7, 6};

std::string sent(Frame::Kind kind, const std::string& content) { return frame_bytes({kind, content}, kMask); }
std::string received(Frame::Kind kind, const std::string& content) {
  return frame_bytes({kind, content}, std::nullopt);
}

Question echo_question(const std::string& query = "") {
  Question question;
  question.path = "/echo" + query;
  return question;
}

asio::awaitable<std::string> have_echoed(WebSocket& socket, std::string message) {
  const bool written = co_await socket.write(message);
  std::optional<std::string> answer = co_await socket.read();
  co_return written&& answer ? *answer : "nothing";
}

class WebSocketTest : public testing::Test {
 protected:
  std::unique_ptr<OpenWebSocket> open(LiveServer& server, const std::string& query = "") {
    return test::await(io_, open_websocket(io_.get_executor(), server.unix_address(), echo_question(query)));
  }
  RawConnection open_raw(LiveServer& server) {
    RawConnection connection = server.connect();
    connection.send(kAsk + "\r\n");
    EXPECT_THAT(connection.read_until("\r\n\r\n"), testing::StartsWith("HTTP/1.1 101 "));
    return connection;
  }

  std::atomic<int> written_{0};
  asio::io_context io_{1};
};

TEST_F(WebSocketTest, CarriesMessagesOfAnySizeBothWays) {
  LiveServer server(echo_routes(written_));
  const std::unique_ptr<OpenWebSocket> open = this->open(server);
  for (const std::size_t size : {0U, 1U, 126U, 70'000U, 262'144U}) {
    const std::string message(size, '\xff');
    EXPECT_TRUE(test::await(io_, have_echoed(open->socket(), message)) == message) << size;
  }
}

TEST_F(WebSocketTest, BeginsAsTheStandardSays) {
  LiveServer server(echo_routes(written_));
  RawConnection connection = server.connect();
  connection.send(kAsk + "\r\n" + sent(Frame::Kind::data, "at once"));
  EXPECT_THAT(connection.read_until("\r\n\r\n"),
              testing::HasSubstr("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
  EXPECT_EQ(connection.read_until("at once"), received(Frame::Kind::data, "at once"));
}

TEST_F(WebSocketTest, RefusesAPageOfAnotherSite) {
  LiveServer server(echo_routes(written_));
  RawConnection connection = server.connect();
  EXPECT_EQ(connection.ask(kAsk + "Origin: http://evil.example\r\n\r\n").status, 403);
  EXPECT_EQ(server.connect_tcp().ask(kAsk + "Origin: http://evil.example\r\n\r\n").status, 403);
}

TEST_F(WebSocketTest, RefusesWhoMayNotUseTheRoute) {
  LiveServer server(echo_routes(written_));
  EXPECT_EQ(server.connect_tcp().ask(kAsk + "\r\n").status, 401);
}

ServerOptions with_token() {
  ServerOptions options;
  options.tcp = TcpListener{};
  options.tcp->bearers = [](std::string_view token) {
    Bearer bearer;
    if (token == "lab?~token") bearer.caller = Caller{"ada", Role::user};
    return bearer;
  };
  return options;
}

const std::string kProtocols = "Sec-WebSocket-Protocol: ";

TEST_F(WebSocketTest, TakesTheTokenOfABrowserFromWhatItOffersAndSaysOnlyTheProtocol) {
  LiveServer server(echo_routes(written_), with_token());
  RawConnection connection = server.connect_tcp();
  connection.send(kAsk + kProtocols + "echo.v1, bearer.bGFiP350b2tlbg\r\n\r\n" +
                  sent(Frame::Kind::data, "at once"));
  const std::string answer = connection.read_until("\r\n\r\n");
  EXPECT_THAT(answer, testing::StartsWith("HTTP/1.1 101 "));
  EXPECT_THAT(answer, testing::HasSubstr("\r\nSec-WebSocket-Protocol: echo.v1\r\n"));
  EXPECT_THAT(answer, testing::Not(testing::HasSubstr("bGFi")));
  EXPECT_EQ(connection.read_until("at once"), received(Frame::Kind::data, "at once"));
}

TEST_F(WebSocketTest, RefusesAnOfferedTokenThatIsNobodysAndOneFromAnotherSite) {
  LiveServer server(echo_routes(written_), with_token());
  const auto status_of = [&](const std::string& headers) {
    return server.connect_tcp().ask(kAsk + headers + "\r\n").status;
  };
  for (const std::string wrong : {"bearer.", "bearer.bGFi", "bearer.***", "bearer.bGFiP350b2tlbg=="})
    EXPECT_EQ(status_of(kProtocols + "echo.v1, " + wrong + "\r\n"), 401) << wrong;
  EXPECT_EQ(status_of(kProtocols + "echo.v1\r\n"), 401);
  EXPECT_EQ(status_of(kProtocols + "echo.v1, bearer.bGFiP350b2tlbg\r\nOrigin: http://evil.example\r\n"), 403);
  EXPECT_EQ(status_of(kProtocols + "bearer.bGFiP350b2tlbg\r\nAuthorization: Basic YTpi\r\n"), 401);
}

TEST_F(WebSocketTest, ARequestForNoWebSocketShowsNoTokenThisWay) {
  LiveServer server(echo_routes(written_), with_token());
  EXPECT_EQ(
      server.connect_tcp()
          .ask("GET /echo HTTP/1.1\r\nHost: 127.0.0.1\r\n" + kProtocols + "bearer.bGFiP350b2tlbg\r\n\r\n")
          .status,
      401);
}

TEST_F(WebSocketTest, SaysNoProtocolThatWasNotOffered) {
  LiveServer server(echo_routes(written_));
  RawConnection connection = server.connect();
  connection.send(kAsk + kProtocols + "another.v1\r\n\r\n");
  EXPECT_THAT(connection.read_until("\r\n\r\n"), testing::Not(testing::HasSubstr("Sec-WebSocket-Protocol")));
}

TEST_F(WebSocketTest, TellsWhoAsksForNoWebSocketThatThisIsOne) {
  LiveServer server(echo_routes(written_));
  const Reply reply = server.connect().ask("GET /echo HTTP/1.1\r\n\r\n");
  EXPECT_EQ(reply.status, 426);
  EXPECT_EQ(server.connect()
                .ask("GET /echo HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                     "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short\r\n\r\n")
                .status,
            400);
}

TEST_F(WebSocketTest, ThrowsWhatTheHandlerThrew) {
  LiveServer server(echo_routes(written_));
  const Error error = test::error_of([&] { open(server, "?refuse"); });
  EXPECT_EQ(error.kind(), ErrorKind::no_lease);
  EXPECT_STREQ(error.what(), "it is taken");
}

TEST_F(WebSocketTest, TellsWhyAConversationEnds) {
  LiveServer server(echo_routes(written_));
  const std::unique_ptr<OpenWebSocket> open = this->open(server);
  EXPECT_EQ(test::await(io_, have_echoed(open->socket(), "fail")), "nothing");
  EXPECT_EQ(open->socket().closing().code, close_code::kTrouble);
  EXPECT_EQ(open->socket().closing().reason, "the port is gone");
}

TEST_F(WebSocketTest, AnswersAPingAndAClosing) {
  LiveServer server(echo_routes(written_));
  RawConnection connection = open_raw(server);
  connection.send(sent(Frame::Kind::ping, "are you there?"));
  EXPECT_EQ(connection.read_until("there?"), received(Frame::Kind::pong, "are you there?"));
  connection.send(sent(Frame::Kind::close, close_content(close_code::kNormal, "bye")));
  EXPECT_EQ(connection.read_to_end(), received(Frame::Kind::close, close_content(close_code::kNormal, "")));
}

TEST_F(WebSocketTest, ClosesWithACodeWhereTheProtocolIsBroken) {
  LiveServer server(echo_routes(written_));
  const auto closing_after = [&](const std::string& bytes) {
    RawConnection connection = open_raw(server);
    connection.send(bytes);
    const std::string answer = connection.read_to_end();
    return answer.size() < 4
               ? 0
               : static_cast<std::uint8_t>(answer[2]) << 8 | static_cast<std::uint8_t>(answer[3]);
  };
  EXPECT_EQ(closing_after("\x82\x01x"s), close_code::kProtocol) << "not masked";
  EXPECT_EQ(closing_after("\x81\x81maskx"s), close_code::kNotBinary);
  EXPECT_EQ(closing_after("\x82\xff\x00\x00\x00\x00\x00\x04\x00\x01mask"s), close_code::kTooLarge);
}

TEST_F(WebSocketTest, CutsWhoDoesNotAnswerPings) {
  WebSocketLimits limits;
  limits.ping = std::chrono::milliseconds(10);
  limits.silence = std::chrono::milliseconds(30);
  LiveServer server(echo_routes(written_), with_limits(limits));
  RawConnection connection = open_raw(server);
  EXPECT_THAT(connection.read_to_end(), testing::StartsWith(received(Frame::Kind::ping, "")));
}

TEST_F(WebSocketTest, GoesOnWithWhoAnswersPings) {
  WebSocketLimits limits;
  limits.ping = std::chrono::milliseconds(1);
  LiveServer server(echo_routes(written_), with_limits(limits));
  RawConnection connection = open_raw(server);
  const std::string ping = received(Frame::Kind::ping, "");
  for (int i = 0; i < 50; ++i) {
    ASSERT_THAT(connection.read_until(ping), testing::EndsWith(ping));
    connection.send(sent(Frame::Kind::pong, ""));
  }
  connection.send(sent(Frame::Kind::data, "still"));
  EXPECT_THAT(connection.read_until("still"), testing::EndsWith(received(Frame::Kind::data, "still")));
}

TEST_F(WebSocketTest, WritesNoMoreThanIsReadAndCutsWhoReadsNothing) {
  WebSocketLimits limits;
  limits.write = std::chrono::milliseconds(100);
  LiveServer server(echo_routes(written_), with_limits(limits));
  RawConnection connection = open_raw(server);
  connection.send(sent(Frame::Kind::data, "flood"));
  EXPECT_TRUE(test::eventually([&] { return server.connections() == 0; }));
  EXPECT_LT(written_, 100) << "messages of 100 KB that a socket took without a reader";
}

TEST_F(WebSocketTest, EndsWhenTheServerStops) {
  LiveServer server(echo_routes(written_));
  RawConnection connection = open_raw(server);
  server.stop(std::chrono::seconds(5)).wait();
  EXPECT_EQ(connection.read_to_end(), "");
  EXPECT_EQ(server.connections(), 0U);
}

}  // namespace

}  // namespace tinyhil::daemon
