// SPDX-License-Identifier: Apache-2.0
// What a server refuses, and that each bound holds.
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "internal/request_reader.hpp"
#include "server.hpp"
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

struct Refusal {
  std::string request;
  int status;
};

const std::string kJson = "Content-Type: application/json\r\n";

// clang-format off
const std::vector<Refusal> kRefusals{
    {"GET /nowhere HTTP/1.1\r\n\r\n", 404},
    {"GET /api/v1/boards/ HTTP/1.1\r\n\r\n", 404},
    {"GET /api/v1/boards/a/b HTTP/1.1\r\n\r\n", 404},
    {"GET /API/v1/boards HTTP/1.1\r\n\r\n", 404},
    {"POST /api/v1/boards HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 405},
    {"BREW /api/v1/boards HTTP/1.1\r\n\r\n", 405},
    {"OPTIONS /api/v1/boards HTTP/1.1\r\n\r\n", 405},
    {"GET boards HTTP/1.1\r\n\r\n", 400},
    {"GET http://here/healthz HTTP/1.1\r\n\r\n", 400},
    {"GET /api/v1/boards/%0a HTTP/1.1\r\n\r\n", 400},
    {"GET /api/v1/boards/%00 HTTP/1.1\r\n\r\n", 400},
    {"GET /api/v1/boards/%c3 HTTP/1.1\r\n\r\n", 400},
    {"GET /api/v1/boards/%4 HTTP/1.1\r\n\r\n", 400},
    {"GET /api/v1/boards/%zz HTTP/1.1\r\n\r\n", 400},
    {"GET /api/v1/boards?state=a&state=b HTTP/1.1\r\n\r\n", 400},
    {"GET /api/v1/boards?stat=held HTTP/1.1\r\n\r\n", 400},
    {"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
    {"GET /healthz HTTP/1.1\r\nOrigin: http://evil.example\r\nHost: here\r\n\r\n", 403},
    {"GET /healthz HTTP/1.1\r\nOrigin: null\r\nHost: here\r\n\r\n", 403},
    {"GET /healthz HTTP/1.1\r\nSec-Fetch-Site: cross-site\r\n\r\n", 403},
    {"GET /healthz HTTP/1.1\r\nContent-Length: 1\r\n\r\nx", 413},
    {"GET /healthz HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n", 413},
    {"POST /api/v1/small HTTP/1.1\r\n" + kJson + "Content-Length: 101\r\n\r\n", 413},
    {"POST /api/v1/small HTTP/1.1\r\n" + kJson + "Content-Length: 18446744073709551615\r\n\r\n", 413},
    {"POST /api/v1/small HTTP/1.1\r\n" + kJson + "Transfer-Encoding: chunked\r\n\r\n65\r\n" + std::string(101, ' ') + "\r\n0\r\n\r\n", 413},
    {"POST /api/v1/leases HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}", 415},
    {"POST /api/v1/leases HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}", 415},
    {"POST /api/v1/leases HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n\r\n", 415},
    {"POST /api/v1/leases HTTP/1.1\r\n" + kJson + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}", 415},
    {"POST /api/v1/leases HTTP/1.1\r\n" + kJson + "Expect: miracles\r\nContent-Length: 2\r\n\r\n{}", 417},
    {"POST /api/v1/leases HTTP/1.1\r\n" + kJson + "Content-Length: 0\r\n\r\n", 400},
    {"POST /api/v1/leases HTTP/1.1\r\n" + kJson + "Content-Length: 1\r\n\r\n{", 400},
    {"POST /api/v1/leases HTTP/1.1\r\n" + kJson + "Content-Length: 3\r\n\r\n{}x", 400},
    {"POST /api/v1/leases HTTP/1.1\r\n" + kJson + "Content-Length: 4\r\n\r\n\"\xc3\"}", 400},
    {"POST /api/v1/leases HTTP/1.1\r\n" + kJson + "Content-Length: 130\r\n\r\n" + std::string(65, '[') + std::string(65, ']'), 400},
    {"POST /api/v1/leases HTTP/1.1\r\n" + kJson + "Idempotency-Key: " + std::string(256, 'k') + "\r\nContent-Length: 2\r\n\r\n{}", 400},
    {"GET /healthz HTTP/1.1\r\nX: " + std::string(17000, 'x') + "\r\n\r\n", 431},
    {"GET /" + std::string(17000, 'x') + " HTTP/1.1\r\n\r\n", 431},
    {"GET /healthz HTTP/2.0\r\n\r\n", 400},
    {"GET /healthz HTTP/1.1\nHost: here\n\n", 400},
    {"GET  /healthz HTTP/1.1\r\n\r\n", 400},
    {"\r\n\r\nGET /healthz HTTP/1.1\r\n\r\n", 400},
    {"GET /healthz HTTP/1.1\r\nHost : here\r\n\r\n", 400},
    {"GET /healthz HTTP/1.1\r\nno colon\r\n\r\n", 400},
    {std::string("GET /healthz HTTP/1.1\r\nX: a\0b\r\n\r\n", 34), 400},
    {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS client hello\r\n\r\n", 400},
    // Whoever stands between could see another request in each of these.
    {"POST /api/v1/leases HTTP/1.1\r\n" + kJson + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400},
    {"POST /api/v1/leases HTTP/1.1\r\n" + kJson + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400},
    {"POST /api/v1/leases HTTP/1.1\r\n" + kJson + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 400},
    {"POST /api/v1/leases HTTP/1.1\r\n" + kJson + "Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 400},
    {"POST /api/v1/leases HTTP/1.1\r\n" + kJson + "Transfer-Encoding: gzip\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 400},
    {"POST /api/v1/leases HTTP/1.1\r\n" + kJson + "Content-Length: -1\r\n\r\n{}", 400},
    {"POST /api/v1/leases HTTP/1.1\r\n" + kJson + "Transfer-Encoding: chunked\r\n\r\nx\r\n{}\r\n0\r\n\r\n", 400},
    {"POST /api/v1/leases HTTP/1.1\r\n" + kJson + "Transfer-Encoding: chunked\r\n\r\n2;" + std::string(200000, 'x'), 400},
};
// clang-format on

TEST(RequestBounds, RefuseWithAProblemAndDoNothing) {
  Done done;
  const LiveServer server(test::http_routes(done));
  for (const Refusal& refusal : kRefusals) {
    SCOPED_TRACE(refusal.request.substr(0, 120));
    RawConnection connection = server.connect();
    const Reply reply = connection.ask(refusal.request);
    EXPECT_EQ(reply.status, refusal.status);
    EXPECT_EQ(reply.content_type, "application/problem+json");
    const nlohmann::json problem = nlohmann::json::parse(reply.body, nullptr, false);
    ASSERT_TRUE(problem.is_object());
    for (const char* field : {"type", "title", "detail", "what", "where", "remedy"}) {
      EXPECT_TRUE(problem.contains(field) && problem[field].is_string() && problem[field] != "") << field;
    }
    EXPECT_EQ(problem["status"], refusal.status);
  }
  EXPECT_EQ(done.requests, 0);
}

// Also when each part of it is read before the next one comes.
TEST(RequestBounds, HoldForAHeaderInPieces) {
  RequestReader reader(1000);
  const std::string field = "X: " + std::string(95, 'x') + "\r\n";  // 100 bytes
  EXPECT_EQ(reader.put("GET /healthz HTTP/1.1\r\n"), 23U);
  std::string unused;
  for (int i = 0; i < 9; ++i) {
    unused += field;
    unused.erase(0, reader.put(unused));
    ASSERT_EQ(reader.stage(), ReadStage::header);
  }
  reader.put(unused + field);
  EXPECT_EQ(reader.stage(), ReadStage::failed);
  EXPECT_EQ(reader.failure(), 431);
}

TEST(RequestBounds, SayWhichVerbsAPathTakes) {
  Done done;
  const LiveServer server(test::http_routes(done));
  RawConnection connection = server.connect();
  const Reply reply = connection.ask("DELETE /api/v1/boards/mine HTTP/1.1\r\n\r\n");
  EXPECT_EQ(reply.status, 405);
  const auto is_allow = [](const Header& header) { return header.name == "Allow"; };
  const auto allow = std::find_if(reply.headers.begin(), reply.headers.end(), is_allow);
  ASSERT_NE(allow, reply.headers.end());
  EXPECT_EQ(allow->value, "GET, HEAD, PUT");
}

TEST(RequestBounds, NameTheNearestParameter) {
  Done done;
  const LiveServer server(test::http_routes(done));
  RawConnection connection = server.connect();
  EXPECT_THAT(connection.ask("GET /api/v1/boards?stat=held HTTP/1.1\r\n\r\n").body,
              HasSubstr("did you mean `state`?"));
}

TEST(RequestBounds, KeepTheConnectionAfterARefusalThatWasReadToItsEnd) {
  Done done;
  const LiveServer server(test::http_routes(done));
  RawConnection connection = server.connect();
  EXPECT_EQ(connection.ask("GET /nowhere HTTP/1.1\r\n\r\n").status, 404);
  EXPECT_EQ(connection.ask("GET /healthz HTTP/1.1\r\n\r\n").status, 200);
}

// The caller is still sending, and must not lose the reply for it.
TEST(RequestBounds, RefuseALargeBodyBeforeItWasSent) {
  Done done;
  const LiveServer server(test::http_routes(done));
  RawConnection connection = server.connect_tcp();
  connection.send("POST /api/v1/leases HTTP/1.1\r\nHost: localhost\r\n" + kJson +
                  "Content-Length: 100000000\r\n\r\n");
  connection.send(std::string(200'000, 'x'));
  EXPECT_EQ(connection.reply().status, 401);  // without a token it is not even asked for its size
  RawConnection other = server.connect();
  other.send("POST /api/v1/leases HTTP/1.1\r\n" + kJson + "Content-Length: 100000000\r\n\r\n");
  other.send(std::string(200'000, 'x'));
  EXPECT_EQ(other.reply().status, 413);
}

TEST(RequestBounds, TurnErrorsOfHandlersIntoProblems) {
  Done done;
  LiveServer server(test::http_routes(done));
  RawConnection connection = server.connect();
  const Reply usage = connection.ask("GET /api/v1/fails/usage HTTP/1.1\r\n\r\n");
  EXPECT_EQ(usage.status, 400);
  const nlohmann::json expected = {{"type", "urn:tinyhil:problem:usage"},
                                   {"title", "Not what can be asked"},
                                   {"status", 400},
                                   {"detail", "no board `ada` (bench.yaml:3)"},
                                   {"what", "no board `ada`"},
                                   {"where", "bench.yaml:3"},
                                   {"remedy", "name another"}};
  EXPECT_EQ(nlohmann::json::parse(usage.body), expected);
  EXPECT_EQ(connection.ask("GET /api/v1/fails/fault HTTP/1.1\r\n\r\n").status, 503);
}

TEST(RequestBounds, KeepTheInsideOfAFailureInTheLog) {
  Done done;
  LiveServer server(test::http_routes(done));
  for (const char* kind : {"other", "header"}) {
    RawConnection connection = server.connect();
    const Reply reply = connection.ask("GET /api/v1/fails/" + std::string(kind) + " HTTP/1.1\r\n\r\n");
    EXPECT_EQ(reply.status, 500);
    EXPECT_THAT(reply.body, testing::Not(HasSubstr("secret")));
    const std::string where = nlohmann::json::parse(reply.body)["where"];
    EXPECT_THAT(where, testing::MatchesRegex("incident [0-9a-f]+"));
    EXPECT_THAT(server.log(), HasSubstr(where + ": GET /api/v1/fails/" + kind + ": "));
    EXPECT_EQ(connection.ask("GET /healthz HTTP/1.1\r\n\r\n").status, 200);
  }
  EXPECT_THAT(server.log(), HasSubstr("secret of the inside"));
}

ServerOptions with_limits(const ServerLimits& limits) {
  ServerOptions options;
  options.limits = limits;
  return options;
}

TEST(RequestBounds, GiveARequestOnlySoLong) {
  Done done;
  const LiveServer server(test::http_routes(done), with_limits({.request = milliseconds(30)}));
  for (const std::string& begun :
       {std::string("GE"), std::string("GET /healthz HTTP/1.1\r\nHost: a\r\n"),
        "POST /api/v1/leases HTTP/1.1\r\n" + kJson + "Content-Length: 2\r\n\r\n{"}) {
    RawConnection connection = server.connect();
    const Reply reply = connection.ask(begun);
    EXPECT_EQ(reply.status, 408) << begun;
    EXPECT_EQ(connection.read_to_end(), "");
  }
  EXPECT_EQ(done.requests, 0);
}

TEST(RequestBounds, EndAConnectionThatIsIdle) {
  Done done;
  const LiveServer server(test::http_routes(done), with_limits({.idle = milliseconds(30)}));
  RawConnection never_asked = server.connect();
  EXPECT_EQ(never_asked.read_to_end(), "");
  RawConnection asked = server.connect();
  EXPECT_EQ(asked.ask("GET /healthz HTTP/1.1\r\n\r\n").status, 200);
  EXPECT_EQ(asked.read_to_end(), "");
}

TEST(RequestBounds, EndAConnectionThatDoesNotTakeItsReply) {
  Done done;
  LiveServer server(test::http_routes(done), with_limits({.write = milliseconds(30)}));
  RawConnection connection = server.connect();
  connection.send("GET /api/v1/large HTTP/1.1\r\n\r\n");
  ASSERT_TRUE(test::eventually([&] { return done.requests > 0 && server.connections() == 0; }));
  EXPECT_EQ(connection.reply().status, 0);  // it breaks off
}

TEST(RequestBounds, SendALargeReplyToWhoeverTakesIt) {
  Done done;
  const LiveServer server(test::http_routes(done));
  RawConnection connection = server.connect();
  EXPECT_EQ(connection.ask("GET /api/v1/large HTTP/1.1\r\n\r\n").body.size(), 32UL * 1024 * 1024);
}

TEST(RequestBounds, DoNothingForACallerWhoLeavesInTheMiddle) {
  Done done;
  LiveServer server(test::http_routes(done));
  const std::string request =
      "POST /api/v1/leases HTTP/1.1\r\n" + kJson + "Content-Length: 10\r\n\r\n{\"a\": 123}";
  for (std::size_t length = 0; length < request.size(); length += 7) {
    RawConnection connection = server.connect();
    connection.send(request.substr(0, length));
  }
  ASSERT_TRUE(test::eventually([&] { return server.connections() == 0; }));
  EXPECT_EQ(done.requests, 0);
  EXPECT_EQ(server.log(), "");
}

TEST(RequestBounds, CancelAHandlerThatOnlyWaitsWhenItsCallerLeaves) {
  Done done;
  LiveServer server(test::http_routes(done));
  {
    RawConnection connection = server.connect();
    connection.send("GET /api/v1/queue HTTP/1.1\r\n\r\n");
    ASSERT_TRUE(test::eventually([&] { return done.waiting == 1; }));
  }
  EXPECT_TRUE(test::eventually([&] { return done.waiting == 0 && server.connections() == 0; }));
  EXPECT_FALSE(done.gate_is_open);
  EXPECT_EQ(server.log(), "");
}

TEST(RequestBounds, LetAHandlerWaitForACallerWhoStays) {
  Done done;
  LiveServer server(test::http_routes(done));
  RawConnection connection = server.connect();
  connection.send("GET /api/v1/queue HTTP/1.1\r\n\r\n");
  ASSERT_TRUE(test::eventually([&] { return done.waiting == 1; }));
  connection.send("GET /healthz HTTP/1.1\r\n\r\n");
  server.connections();  // it has seen that by now, or sees it behind the reply
  done.gate_is_open = true;
  EXPECT_EQ(connection.reply().status, 200);
  EXPECT_EQ(connection.reply().status, 200);
}

TEST(RequestBounds, LetAHandlerFinishThatDoesSomething) {
  Done done;
  LiveServer server(test::http_routes(done));
  {
    RawConnection connection = server.connect();
    connection.send("GET /api/v1/wait HTTP/1.1\r\n\r\n");
    ASSERT_TRUE(test::eventually([&] { return done.waiting == 1; }));
  }
  server.connections();
  EXPECT_EQ(done.waiting, 1);
  done.gate_is_open = true;
  EXPECT_TRUE(test::eventually([&] { return server.connections() == 0; }));
}

TEST(RequestBounds, HoldsForTheNumberOfConnections) {
  Done done;
  const LiveServer server(test::http_routes(done), with_limits({.connections_most = 2}));
  {
    RawConnection first = server.connect();
    RawConnection second = server.connect();
    EXPECT_EQ(first.ask("GET /healthz HTTP/1.1\r\n\r\n").status, 200);
    EXPECT_EQ(second.ask("GET /healthz HTTP/1.1\r\n\r\n").status, 200);
    RawConnection third = server.connect();
    EXPECT_EQ(third.reply().status, 503);
    EXPECT_EQ(third.read_to_end(), "");
    EXPECT_EQ(first.ask("GET /healthz HTTP/1.1\r\n\r\n").status, 200);
  }
  EXPECT_TRUE(
      test::eventually([&] { return server.connect().ask("GET /healthz HTTP/1.1\r\n\r\n").status == 200; }));
}

// No file more than there are may be opened in this process, until the object ends.
class NoMoreFiles {
 public:
  NoMoreFiles() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const int next = ::dup(0);  // the lowest number that is free
    ::close(next);
    rlimit none = before_;
    none.rlim_cur = static_cast<rlim_t>(next);
    ::setrlimit(RLIMIT_NOFILE, &none);
  }
  NoMoreFiles(const NoMoreFiles&) = delete;
  NoMoreFiles& operator=(const NoMoreFiles&) = delete;
  ~NoMoreFiles() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

TEST(RequestBounds, OutliveAShortageOfFiles) {
  Done done;
  LiveServer server(test::http_routes(done));
  RawConnection connection = RawConnection::unconnected();
  RawConnection first = server.connect();
  RawConnection first_tcp = server.connect_tcp();
  for (RawConnection* one : {&first, &first_tcp}) {  // it accepts on both from here on
    EXPECT_EQ(one->ask("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").status, 200);
  }
  {
    const NoMoreFiles shortage;
    connection.connect_unix(server.socket());
    EXPECT_TRUE(test::eventually([&] { return !server.log().empty(); }));
  }
  EXPECT_EQ(server.log(), "no connection can be taken: Too many open files\n");
  EXPECT_EQ(connection.ask("GET /healthz HTTP/1.1\r\n\r\n").status, 200);
}

// Both ends of each are in this process.
void allow_open_files(rlim_t count) {
  rlimit files{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &files), 0);
  if (files.rlim_cur >= count) return;
  files.rlim_cur = count;
  if (::setrlimit(RLIMIT_NOFILE, &files) != 0) GTEST_SKIP() << "the system allows fewer open files";
}

TEST(RequestBounds, ServeBesideTwoThousandIdleConnections) {
  allow_open_files(4300);
  if (IsSkipped()) return;
  Done done;
  LiveServer server(test::http_routes(done));
  std::vector<RawConnection> idle;
  for (int i = 0; i < 2000; ++i) {
    idle.push_back(server.connect());
    ASSERT_EQ(idle.back().ask("GET /healthz HTTP/1.1\r\n\r\n").status, 200);
  }
  EXPECT_EQ(server.connections(), 2000U);
  RawConnection one_more = server.connect();
  EXPECT_EQ(one_more.ask("GET /healthz HTTP/1.1\r\n\r\n").status, 200);
  EXPECT_EQ(idle.front().ask("GET /healthz HTTP/1.1\r\n\r\n").status, 200);
}

}  // namespace

}  // namespace tinyhil::daemon
