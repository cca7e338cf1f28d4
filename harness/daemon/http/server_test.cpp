// SPDX-License-Identifier: Apache-2.0
// What a server does with good requests.
#include "server.hpp"

#include <gmock/gmock.h>

#include <string>

#include "testing/eventually.hpp"
#include "testing/http_routes.hpp"
#include "testing/live_server.hpp"
#include "testing/raw_connection.hpp"

namespace tinyhil::daemon {

namespace {

using test::Done;
using test::LiveServer;
using test::RawConnection;

std::string header_of(const Reply& reply, const std::string& name) {
  for (const Header& header : reply.headers) {
    if (header.name == name) return header.value;
  }
  return "";
}

class ServerTest : public testing::Test {
 protected:
  Done done_;
  LiveServer server_{test::http_routes(done_)};
};

TEST_F(ServerTest, RoutesARequestAndDecodesItsParameters) {
  RawConnection connection = server_.connect();
  const Reply reply = connection.ask("GET /api/v1/boards/n%20%C3%A4 HTTP/1.1\r\nHost: here\r\n\r\n");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.content_type, "application/json");
  EXPECT_EQ(header_of(reply, "Path-id"), "n ä");
  EXPECT_EQ(header_of(reply, "Cache-Control"), "no-store");
  EXPECT_EQ(reply.body, R"({"path": "/api/v1/boards/n%20%C3%A4"})");
}

TEST_F(ServerTest, PrefersALiteralSegmentToAParameter) {
  RawConnection connection = server_.connect();
  const Reply reply = connection.ask("GET /api/v1/boards/mine HTTP/1.1\r\n\r\n");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(header_of(reply, "Path-id"), "");
}

TEST_F(ServerTest, HandsTheQueryOver) {
  RawConnection connection = server_.connect();
  const Reply reply = connection.ask("GET /api/v1/boards?state=held+by%26me&label HTTP/1.1\r\n\r\n");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(header_of(reply, "Query-state"), "held by&me");
}

TEST_F(ServerTest, KnowsTheCallerOfAUnixSocketFromTheKernel) {
  RawConnection connection = server_.connect();
  const Reply reply = connection.ask("GET /healthz HTTP/1.1\r\n\r\n");
  EXPECT_EQ(header_of(reply, "Caller"), peer_credentials(connection.socket()).user);
}

TEST_F(ServerTest, AnswersSeveralRequestsOfAConnectionInTheirOrder) {
  RawConnection connection = server_.connect();
  connection.send(
      "GET /api/v1/boards/1 HTTP/1.1\r\n\r\n"
      "POST /api/v1/leases HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
      "GET /api/v1/boards/3 HTTP/1.1\r\n\r\n");
  EXPECT_EQ(header_of(connection.reply(), "Path-id"), "1");
  EXPECT_EQ(connection.reply().status, 201);
  EXPECT_EQ(header_of(connection.reply(), "Path-id"), "3");
  EXPECT_EQ(connection.ask("GET /api/v1/boards/4 HTTP/1.1\r\n\r\n").status, 200);
}

TEST_F(ServerTest, TakesARequestByteByByte) {
  RawConnection connection = server_.connect();
  const std::string request =
      "POST /api/v1/leases HTTP/1.1\r\nContent-Type: application/json; charset=utf-8\r\n"
      "Transfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n5\r\n\": 1}\r\n0\r\n\r\n";
  for (const char byte : request) connection.send(std::string(1, byte));
  const Reply reply = connection.reply();
  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(reply.body, R"({"a": 1})");
}

TEST_F(ServerTest, AnswersHeadWithoutABody) {
  RawConnection connection = server_.connect();
  connection.send("HEAD /api/v1/boards HTTP/1.1\r\nConnection: close\r\n\r\n");
  const std::string text = connection.read_to_end();
  EXPECT_THAT(text, testing::StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(text, testing::HasSubstr("\r\nContent-Length: 26\r\n"));
  EXPECT_THAT(text, testing::EndsWith("\r\n\r\n"));
}

TEST_F(ServerTest, LetsACallerWaitForContinueOnlyWhenItWillBeDone) {
  RawConnection connection = server_.connect();
  connection.send(
      "POST /api/v1/leases HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
      "Expect: 100-continue\r\n\r\n");
  EXPECT_EQ(connection.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(connection.ask("[]").status, 201);
  const Reply refused = connection.ask(
      "POST /api/v1/leases HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n"
      "Expect: 100-continue\r\n\r\n");
  EXPECT_EQ(refused.status, 415);
  EXPECT_EQ(connection.read_to_end(), "");
}

TEST_F(ServerTest, RepliesWithoutABodyWhenThereIsNone) {
  RawConnection connection = server_.connect();
  connection.send("DELETE /api/v1/leases/4 HTTP/1.1\r\nConnection: close\r\n\r\n");
  const std::string text = connection.read_to_end();
  EXPECT_THAT(text, testing::StartsWith("HTTP/1.1 204 No Content\r\n"));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("Content-Length")));
}

TEST_F(ServerTest, ServesOnLoopbackToo) {
  RawConnection connection = server_.connect_tcp();
  EXPECT_EQ(connection.ask("GET /api/v1/boards HTTP/1.1\r\nHost: localhost\r\n\r\n").status, 200);
}

TEST_F(ServerTest, ForgetsAConnectionThatHasEnded) {
  {
    RawConnection connection = server_.connect();
    EXPECT_EQ(connection.ask("GET /healthz HTTP/1.1\r\n\r\n").status, 200);
    EXPECT_EQ(server_.connections(), 1U);
  }
  EXPECT_TRUE(test::eventually([&] { return server_.connections() == 0; }));
}

TEST_F(ServerTest, ClosesAfterARequestThatAsksForIt) {
  RawConnection connection = server_.connect();
  connection.send("GET /healthz HTTP/1.0\r\n\r\n");
  EXPECT_THAT(connection.read_to_end(), testing::HasSubstr("\r\nConnection: close\r\n"));
}

}  // namespace

}  // namespace tinyhil::daemon
