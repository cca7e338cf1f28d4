// SPDX-License-Identifier: Apache-2.0
// Streams of events, from the server's source to whoever reads them.
#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <string>

#include "event_reader.hpp"
#include "problem.hpp"
#include "server.hpp"
#include "testing/await.hpp"
#include "testing/complaint.hpp"
#include "testing/eventually.hpp"
#include "testing/http_routes.hpp"
#include "testing/live_server.hpp"
#include "testing/raw_connection.hpp"

namespace tinyhil::daemon {

namespace {

using std::chrono::milliseconds;
using test::Done;
using test::LiveServer;
using test::RawConnection;
using testing::HasSubstr;

ServerOptions with_heartbeat(milliseconds heartbeat) {
  ServerOptions options;
  options.limits.heartbeat = heartbeat;
  return options;
}

Question stream_of(const std::string& path) {
  Question question;
  question.path = path;
  return question;
}

TEST(Events, AreSentAsChunksOfAStream) {
  Done done;
  const LiveServer server(test::http_routes(done));
  RawConnection connection = server.connect();
  connection.send("GET /api/v1/events?last=1 HTTP/1.1\r\n\r\n");
  const std::string text = connection.read_to_end();
  EXPECT_THAT(text, HasSubstr("\r\nContent-Type: text/event-stream\r\n"));
  EXPECT_THAT(text, testing::EndsWith("\r\n\r\n22\r\nid: 1\nevent: board\ndata: board 1\n\n\r\n0\r\n\r\n"));
}

TEST(Events, BeginBehindTheLastThatTheListenerHas) {
  Done done;
  const LiveServer server(test::http_routes(done));
  RawConnection connection = server.connect();
  connection.send("GET /api/v1/events HTTP/1.1\r\nLast-Event-ID: 2\r\n\r\n");
  const std::string text = connection.read_until("data: board 3\n");
  EXPECT_THAT(text, HasSubstr("id: 3\n"));
  EXPECT_THAT(text, testing::Not(HasSubstr("id: 2\n")));
}

TEST(Events, AreHeartbeatsWhileThereIsNone) {
  Done done;
  const LiveServer server(test::http_routes(done), with_heartbeat(milliseconds(5)));
  RawConnection connection = server.connect();
  connection.send("GET /api/v1/events HTTP/1.1\r\n\r\n");
  connection.read_until("data: board 3\n\n\r\n");
  EXPECT_EQ(connection.read_until(":\n\n"), "3\r\n:\n\n");
  EXPECT_EQ(connection.read_until(":\n\n"), "\r\n3\r\n:\n\n");
}

TEST(Events, EndTheirSourceWhenTheListenerLeaves) {
  Done done;
  LiveServer server(test::http_routes(done));
  {
    RawConnection connection = server.connect();
    connection.send("GET /api/v1/events HTTP/1.1\r\n\r\n");
    connection.read_until("data: board 3\n");
    EXPECT_EQ(done.sources, 1);
  }
  EXPECT_TRUE(test::eventually([&] { return done.sources == 0 && server.connections() == 0; }));
}

TEST(Events, EndForAListenerWhoDoesNotTakeThem) {
  Done done;
  ServerOptions options = with_heartbeat(milliseconds(1));
  options.limits.write = milliseconds(20);
  LiveServer server(test::http_routes(done), std::move(options));
  RawConnection connection = server.connect();
  connection.send("GET /api/v1/events?last=1000000000 HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(test::eventually([&] { return done.sources == 1; }));
  EXPECT_TRUE(test::eventually([&] { return done.sources == 0 && server.connections() == 0; }));
}

TEST(Events, HaveNoSourceForHead) {
  Done done;
  LiveServer server(test::http_routes(done));
  RawConnection connection = server.connect();
  connection.send("HEAD /api/v1/events HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(connection.read_to_end(), testing::EndsWith("\r\n\r\n"));
  EXPECT_EQ(done.sources, 0);
}

TEST(EventReader, SkipsHeartbeats) {
  Done done;
  const LiveServer server(test::http_routes(done), with_heartbeat(milliseconds(1)));
  asio::io_context io(1);
  EventReader reader(io.get_executor(), server.tcp_address(), stream_of("/api/v1/events"));
  for (const char* text : {"board 1", "board 2", "board 3"}) {
    EXPECT_EQ(test::await(io, reader.next())->text, text);
  }
}

TEST(EventReader, ThrowsWhatTheServerRefuses) {
  Done done;
  const LiveServer server(test::http_routes(done));
  asio::io_context io(1);
  for (const auto& [path, status] : {std::pair{"/nowhere", 404}, {"/api/v1/fails/fault", 503}}) {
    EventReader reader(io.get_executor(), server.unix_address(), stream_of(path));
    try {
      test::await(io, reader.next());
      FAIL() << "nothing was thrown";
    } catch (const Refused& refusal) {
      EXPECT_EQ(refusal.status(), status);
    }
  }
  EventReader reader(io.get_executor(), server.unix_address(), stream_of("/healthz"));
  EXPECT_STREQ(test::error_of([&] { test::await(io, reader.next()); }).what(), "this is no stream of events");
}

asio::awaitable<Reply> endless_events(Done& done, const Request& request) {
  Request endless = request;
  endless.query.clear();
  co_return co_await test::count_events(done, endless);
}

// The second server is another process, to the reader.
TEST(EventReader, ComesBackToADaemonThatWasStartedAnewAndMissesNothing) {
  test::TestFolder folder;
  const std::string path = folder.path() / "s";
  const DaemonAddress address = parse_daemon_address("unix:" + path);
  Done done;
  asio::io_context io(1);
  const Patience patience{.silence = std::chrono::seconds(5), .pause = milliseconds(1), .attempts = 5000};
  EventReader reader(io.get_executor(), address, stream_of("/api/v1/events?last=4"), patience);
  const auto start = [&](std::vector<Route> routes) {
    ServerOptions options;
    options.unix_socket = UnixSocket{path, 0600, by_group("")};
    return std::make_unique<LiveServer>(std::move(routes), std::move(options));
  };
  std::vector<Route> without_end = test::http_routes(done);
  without_end.back().documentation.query = {{"last", ""}};
  without_end.back().handler = [&done](const Request& request) { return endless_events(done, request); };
  {
    auto server = start(std::move(without_end));
    for (const char* id : {"1", "2", "3"}) EXPECT_EQ(test::await(io, reader.next())->id, id);
    server->stop(std::chrono::seconds(5)).wait();
  }
  const auto server = start(test::http_routes(done));
  EXPECT_EQ(test::await(io, reader.next())->id, "4");
  EXPECT_FALSE(test::await(io, reader.next()));
}

TEST(EventReader, GivesUpWhenItsPatienceIsAtItsEnd) {
  Done done;
  asio::io_context io(1);
  auto server = std::make_unique<LiveServer>(test::http_routes(done));
  const Patience patience{.silence = milliseconds(20), .pause = milliseconds(1), .attempts = 3};
  EventReader reader(io.get_executor(), server->unix_address(), stream_of("/api/v1/events"), patience);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(test::await(io, reader.next()));
  server.reset();
  EXPECT_EQ(test::error_of([&] { test::await(io, reader.next()); }).kind(), ErrorKind::bench_fault);
}

// Nothing comes within the silence: the reader asks again, and the server counts sources.
TEST(EventReader, TakesALongSilenceForALostConnection) {
  Done done;
  asio::io_context io(1);
  const LiveServer server(test::http_routes(done));
  const Patience patience{.silence = milliseconds(10), .pause = milliseconds(1), .attempts = 3};
  EventReader reader(io.get_executor(), server.unix_address(), stream_of("/api/v1/events"), patience);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(test::await(io, reader.next()));
  const Error error = test::error_of([&] { test::await(io, reader.next()); });
  EXPECT_EQ(error.kind(), ErrorKind::time_limit);
}

}  // namespace

}  // namespace tinyhil::daemon
