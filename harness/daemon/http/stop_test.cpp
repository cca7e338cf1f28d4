// SPDX-License-Identifier: Apache-2.0
// How a server begins to listen, and how it stops.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <string>

#include "base/error.hpp"
#include "server.hpp"
#include "testing/complaint.hpp"
#include "testing/eventually.hpp"
#include "testing/http_routes.hpp"
#include "testing/live_server.hpp"
#include "testing/raw_connection.hpp"

namespace tinyhil::daemon {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::Done;
using test::LiveServer;
using test::RawConnection;
using testing::HasSubstr;

class StopTest : public testing::Test {
 protected:
  Done done_;
  LiveServer server_{test::http_routes(done_)};
};

TEST_F(StopTest, LetsARequestBeDone) {
  RawConnection connection = server_.connect();
  connection.send("GET /api/v1/wait HTTP/1.1\r\n\r\nGET /healthz HTTP/1.1\r\n\r\n");
  ASSERT_TRUE(test::eventually([&] { return done_.requests == 1; }));
  std::future<void> stopped = server_.stop(seconds(10));
  server_.connections();  // asked behind the stop, which has begun then
  EXPECT_THROW(server_.connect(), std::runtime_error);
  done_.gate_is_open = true;
  EXPECT_EQ(connection.reply().status, 200);
  stopped.get();
}

TEST_F(StopTest, CancelsRequestsThatTakeLonger) {
  RawConnection finishing = server_.connect();
  RawConnection waiting = server_.connect();
  finishing.send("GET /api/v1/wait HTTP/1.1\r\n\r\n");
  waiting.send("GET /api/v1/queue HTTP/1.1\r\n\r\n");
  ASSERT_TRUE(test::eventually([&] { return done_.waiting == 2; }));
  server_.stop(milliseconds(1)).get();
  EXPECT_EQ(server_.connections(), 0U);
  EXPECT_EQ(done_.waiting, 0);
  EXPECT_EQ(finishing.reply().status, 0);
  EXPECT_EQ(waiting.reply().status, 0);
}

TEST_F(StopTest, EndsWhatIsIdleAtOnce) {
  RawConnection idle = server_.connect();
  EXPECT_EQ(idle.ask("GET /healthz HTTP/1.1\r\n\r\n").status, 200);
  server_.stop(std::chrono::hours(1)).get();
  EXPECT_EQ(idle.read_to_end(), "");
}

// Without the last chunk: the listener comes back, to the daemon that is started next.
TEST_F(StopTest, EndsStreamsAtOnce) {
  RawConnection listener = server_.connect();
  listener.send("GET /api/v1/events HTTP/1.1\r\n\r\n");
  listener.read_until("data: board 3\n\n\r\n");
  server_.stop(std::chrono::hours(1)).get();
  EXPECT_EQ(listener.read_to_end(), "");
  EXPECT_EQ(done_.sources, 0);
  EXPECT_EQ(server_.log(), "");
}

TEST_F(StopTest, RemovesTheSocket) {
  EXPECT_TRUE(std::filesystem::exists(server_.socket()));
  server_.stop(seconds(1)).get();
  EXPECT_FALSE(std::filesystem::exists(server_.socket()));
}

TEST_F(StopTest, IsNotNeededForTheServerToEnd) {
  RawConnection waiting = server_.connect();
  waiting.send("GET /api/v1/wait HTTP/1.1\r\n\r\n");
  RawConnection listener = server_.connect();
  listener.send("GET /api/v1/events HTTP/1.1\r\n\r\n");
  listener.read_until("data: board 3\n");
  ASSERT_TRUE(test::eventually([&] { return done_.requests == 1; }));
}  // whatever is left over, the sanitizers find

ServerOptions on_socket(const std::filesystem::path& path, mode_t mode = 0600) {
  ServerOptions options;
  options.unix_socket = UnixSocket{path, mode, by_group("")};
  return options;
}

TEST(Listening, GivesTheSocketItsMode) {
  test::TestFolder folder;
  const std::filesystem::path path = folder.path() / "s";
  const LiveServer server({}, on_socket(path, 0666));
  struct stat status {};
  ASSERT_EQ(::lstat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0666U);
}

TEST(Listening, ReplacesASocketThatNobodyListensOn) {
  test::TestFolder folder;
  const std::filesystem::path path = folder.path() / "s";
  const std::filesystem::path kept = folder.path() / "kept";
  {
    const LiveServer server({}, on_socket(path));
    std::filesystem::create_hard_link(path, kept);
  }
  std::filesystem::rename(kept, path);  // as a daemon leaves it that was killed
  Done done;
  const LiveServer server(test::http_routes(done), on_socket(path));
  EXPECT_EQ(RawConnection::to_unix(path).ask("GET /healthz HTTP/1.1\r\n\r\n").status, 200);
}

TEST(Listening, DoesNotTakeThePlaceOfAnotherDaemon) {
  test::TestFolder folder;
  const std::filesystem::path path = folder.path() / "s";
  Done done;
  const LiveServer first(test::http_routes(done), on_socket(path));
  const Error error = test::error_of([&] { const LiveServer second({}, on_socket(path)); });
  EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
  EXPECT_THAT(error.what(), HasSubstr("another daemon"));
  EXPECT_EQ(RawConnection::to_unix(path).ask("GET /healthz HTTP/1.1\r\n\r\n").status, 200);
}

TEST(Listening, LeavesAFileThatIsNoSocket) {
  test::TestFolder folder;
  const std::filesystem::path file = folder.write("s", "precious");
  EXPECT_THAT(test::complaint([&] { const LiveServer server({}, on_socket(file)); }), HasSubstr("no socket"));
  EXPECT_TRUE(std::filesystem::is_regular_file(file));
}

TEST(Listening, RefusesPathsThatCannotBeMeant) {
  for (const std::string& path : {std::string(), "/tmp/" + std::string(103, 'x')}) {
    EXPECT_THAT(test::complaint([&] { const LiveServer server({}, on_socket(path)); }),
                HasSubstr("1 to 107 characters"));
  }
}

TEST(Listening, RefusesAddressesThatOthersCanReach) {
  for (const char* address :
       {"0.0.0.0", "::", "192.0.2.1", "127.0.0.2", "localhost", "", "::ffff:127.0.0.1"}) {
    ServerOptions options;
    options.tcp = TcpListener{};
    options.tcp->address = address;
    EXPECT_THAT(test::complaint([&] { const LiveServer server({}, std::move(options)); }),
                HasSubstr("only with TLS and tokens"))
        << address;
  }
}

TEST(Listening, SaysWhichPortIsTaken) {
  const LiveServer first({});
  ServerOptions options;
  options.tcp = TcpListener{};
  options.tcp->port = first.port();
  const Error error = test::error_of([&] { const LiveServer second({}, std::move(options)); });
  EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
  EXPECT_EQ(error.where(), "127.0.0.1 port " + std::to_string(first.port()));
}

}  // namespace

}  // namespace tinyhil::daemon
