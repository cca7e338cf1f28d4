// SPDX-License-Identifier: Apache-2.0
// Bodies that go somewhere piece by piece.
#include "body_sink.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <string>

#include "base/error.hpp"
#include "testing/live_server.hpp"
#include "testing/raw_connection.hpp"

namespace tinyhil::daemon {

namespace {

using test::LiveServer;
using test::RawConnection;
using testing::HasSubstr;

constexpr std::size_t kMost = 8UL * 1024 * 1024;

std::atomic<int> sinks_alive{0};

struct Counting : BodySink {
  Counting() { ++sinks_alive; }
  Counting(const Counting&) = delete;
  Counting& operator=(const Counting&) = delete;
  ~Counting() override { --sinks_alive; }

  void take(std::string_view piece) override {
    bytes += piece.size();
    largest = std::max(largest, piece.size());
    if (piece.find('!') != std::string_view::npos)
      throw Error(ErrorKind::output, "the disk is full", "sink", "free some space");
  }
  std::size_t bytes = 0;
  std::size_t largest = 0;
};

asio::awaitable<Reply> tell(const Request& request) {
  const auto& sink = static_cast<const Counting&>(*request.received);
  Reply reply;
  reply.body = std::to_string(sink.bytes) + " " + std::to_string(sink.largest) + " " +
               std::to_string(request.body.size());
  co_return reply;
}

std::unique_ptr<BodySink> counting(const Request& request) {
  if (request.path.ends_with("/no")) throw Error(ErrorKind::usage, "this is no name", "path", "name another");
  return std::make_unique<Counting>();
}

std::vector<Route> routes() {
  Route route;
  route.verb = Verb::put;
  route.path = "/sinks/{name}";
  route.least_role = Role::user;
  route.handler = tell;
  route.documentation.request_schema = "{}";
  route.body_most = kMost;
  route.sink = counting;
  std::vector<Route> table;
  table.push_back(std::move(route));
  return table;
}

std::string put(const std::string& name, std::size_t length) {
  return "PUT /sinks/" + name +
         " HTTP/1.1\r\nContent-Type: application/octet-stream\r\nContent-Length: " + std::to_string(length) +
         "\r\n\r\n";
}

class ASink : public testing::Test {
 protected:
  LiveServer server_{routes()};
};

TEST_F(ASink, TakesALargeBodyInSmallPieces) {
  RawConnection connection = server_.connect();
  const Reply reply = connection.ask(put("a", kMost) + std::string(kMost, 'x'));
  EXPECT_EQ(reply.status, 200);
  std::size_t bytes = 0;
  std::size_t largest = 0;
  std::size_t kept = 1;
  ASSERT_EQ(std::sscanf(reply.body.c_str(), "%zu %zu %zu", &bytes, &largest, &kept), 3);
  EXPECT_EQ(bytes, kMost);
  EXPECT_LE(largest, 64UL * 1024);
  EXPECT_EQ(kept, 0U) << "nothing of it is kept in memory";
}

TEST_F(ASink, TakesChunksAndAnEmptyBody) {
  RawConnection connection = server_.connect();
  const std::string chunked =
      "PUT /sinks/a HTTP/1.1\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
  EXPECT_THAT(connection.ask(chunked).body, testing::StartsWith("5 "));
  EXPECT_THAT(connection.ask(put("a", 0)).body, testing::StartsWith("0 "));
}

TEST_F(ASink, RefusesABodyWithWhatItThrows) {
  RawConnection connection = server_.connect();
  const Reply reply = connection.ask(put("a", 1000) + "abc!" + std::string(996, 'x'));
  EXPECT_EQ(reply.status, 507);
  EXPECT_THAT(reply.body, HasSubstr("the disk is full"));
}

TEST_F(ASink, IsGoneBeforeItsRefusalIsTold) {
  RawConnection connection = server_.connect();
  connection.send(put("a", 1000) + "abc!");
  EXPECT_EQ(connection.reply().status, 507);
  EXPECT_EQ(sinks_alive, 0) << "with the rest of the body still to come";
}

TEST_F(ASink, RefusesInTheMiddleOfALargeBodySoThatItsSenderReadsWhy) {
  RawConnection connection = server_.connect();
  const Reply reply = connection.ask(put("a", kMost) + "!" + std::string(kMost - 1, 'x'));
  EXPECT_EQ(reply.status, 507);
}

TEST_F(ASink, RefusesBeforeTheBodyIsRead) {
  EXPECT_EQ(server_.connect().ask(put("no", 1000)).status, 400);
  EXPECT_EQ(server_.connect().ask(put("a", kMost + 1)).status, 413);
  EXPECT_EQ(server_.connect()
                .ask("PUT /sinks/a HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
                .status,
            415);
}

TEST_F(ASink, IsFedByOurOwnClient) {
  asio::io_context io(1);
  Client client(io.get_executor(), server_.unix_address());
  Question question;
  question.verb = Verb::put;
  question.path = "/sinks/a";
  question.body = std::string(100'000, 'x');
  question.body_type = "application/octet-stream";
  std::string told;
  asio::co_spawn(io, client.ask(question), [&](std::exception_ptr thrown, Reply reply) {
    EXPECT_FALSE(thrown);
    told = reply.body;
  });
  io.run();
  EXPECT_THAT(told, testing::StartsWith("100000 "));
}

}  // namespace

}  // namespace tinyhil::daemon
