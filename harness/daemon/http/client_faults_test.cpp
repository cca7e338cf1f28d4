// SPDX-License-Identifier: Apache-2.0
// A client against servers that answer nonsense, close or stall.
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <string>
#include <thread>
#include <vector>

#include "client.hpp"
#include "event_reader.hpp"
#include "problem.hpp"
#include "testing/await.hpp"
#include "testing/complaint.hpp"
#include "testing/http_routes.hpp"
#include "testing/live_server.hpp"

namespace tinyhil::daemon {

namespace {

using std::chrono::milliseconds;
using test::LiveServer;
using testing::HasSubstr;

// Answers each connection with the next of its texts, whatever it is asked, and closes it; or keeps the last
// one open until it ends.
class Garbage {
 public:
  enum class AtTheEnd { close, keep };

  Garbage(std::vector<std::string> texts, AtTheEnd end) : texts_(std::move(texts)), end_(end) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path().copy(address.sun_path, sizeof(address.sun_path) - 1);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    EXPECT_EQ(::listen(listener_, 5), 0);
    thread_ = std::thread([this] { answer(); });
  }
  Garbage(const Garbage&) = delete;
  Garbage& operator=(const Garbage&) = delete;
  ~Garbage() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    if (kept_ >= 0) ::close(kept_);
    ::close(listener_);
  }

  std::string path() const { return folder_.path() / "s"; }
  DaemonAddress address() const { return parse_daemon_address("unix:" + path()); }

 private:
  void answer() {
    for (const std::string& text : texts_) {
      const int connection = ::accept(listener_, nullptr, nullptr);
      if (connection < 0) return;
      char asked[4096];
      if (::recv(connection, asked, sizeof(asked), 0) > 0) {
        ::send(connection, text.data(), text.size(), MSG_NOSIGNAL);
      }
      if (end_ == AtTheEnd::keep && &text == &texts_.back()) {
        kept_ = connection;
      } else {
        ::close(connection);
      }
    }
  }

  test::TestFolder folder_;
  std::vector<std::string> texts_;
  AtTheEnd end_;
  int listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int kept_ = -1;
  std::thread thread_;
};

Question get(const std::string& path, milliseconds limit = std::chrono::seconds(10)) {
  Question question;
  question.path = path;
  question.limit = limit;
  return question;
}

Error error_from(const DaemonAddress& address, const Question& question) {
  asio::io_context io(1);
  Client client(io.get_executor(), address);
  return test::error_of([&] { test::await(io, client.ask(question)); });
}

TEST(ClientFaults, SayWhereNoDaemonIs) {
  const test::TestFolder folder;
  const std::string nowhere = "unix:" + (folder.path() / "s").string();
  const Error error = error_from(parse_daemon_address(nowhere), get("/"));
  EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
  EXPECT_STREQ(error.what(), "the daemon cannot be reached: No such file or directory");
  EXPECT_EQ(error.where(), nowhere);
  EXPECT_THAT(error.remedy(), HasSubstr("tinyhil daemon"));
}

TEST(ClientFaults, SayThatAPortIsClosed) {
  std::uint16_t port = 0;
  {
    const LiveServer server({});
    port = server.port();
  }
  const Error error = error_from(parse_daemon_address("http://127.0.0.1:" + std::to_string(port)), get("/"));
  EXPECT_STREQ(error.what(), "the daemon cannot be reached: Connection refused");
}

TEST(ClientFaults, AreFaultsOfTheBenchWhenTheAnswerIsNonsense) {
  for (const std::string& nonsense :
       {std::string("SSH-2.0-OpenSSH_9.2\r\n"), std::string("HTTP/1.1 abc OK\r\n\r\n"),
        std::string("\0\0\0", 3), std::string("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc"),
        std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n"),
        std::string("HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n"),
        "HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n",
        std::string("HTTP/1.1 100 Continue\r\n\r\n")}) {
    const Garbage server({nonsense}, Garbage::AtTheEnd::close);
    const Error error = error_from(server.address(), get("/"));
    EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
    EXPECT_STREQ(error.what(), "what answers is no HTTP, breaks off or is too large")
        << nonsense.substr(0, 80);
    EXPECT_EQ(error.where(), server.address().text);
  }
}

TEST(ClientFaults, SayThatTheDaemonClosed) {
  const Garbage server({""}, Garbage::AtTheEnd::close);
  EXPECT_STREQ(error_from(server.address(), get("/")).what(),
               "the daemon closed the connection and did not answer");
}

TEST(ClientFaults, EndAtTheLimitWhenTheDaemonStalls) {
  for (const char* begun : {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc"}) {
    const Garbage server({begun}, Garbage::AtTheEnd::keep);
    const Error error = error_from(server.address(), get("/", milliseconds(30)));
    EXPECT_EQ(error.kind(), ErrorKind::time_limit);
    EXPECT_STREQ(error.what(), "the daemon did not answer in time");
  }
}

TEST(ClientFaults, AreRefusalsWhateverTheirBodyIs) {
  for (const char* body : {"", "no JSON", "[1]", R"({"what": 7, "type": []})"}) {
    const std::string text = body;
    const Garbage server(
        {"HTTP/1.1 502 Bad\r\nContent-Length: " + std::to_string(text.size()) + "\r\n\r\n" + text},
        Garbage::AtTheEnd::close);
    const Error error = error_from(server.address(), get("/"));
    EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
    EXPECT_STREQ(error.what(), "the daemon refused with status 502 and said no more");
    EXPECT_EQ(error.where(), server.address().text);
  }
}

TEST(ClientFaults, SkipInterimResponses) {
  const Garbage server({"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"},
                       Garbage::AtTheEnd::close);
  asio::io_context io(1);
  Client client(io.get_executor(), server.address());
  EXPECT_EQ(test::await(io, client.ask(get("/"))).body, "{}");
}

const std::string kGood = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

TEST(ClientFaults, AskAgainWhenAKeptConnectionWasClosed) {
  const Garbage server({kGood, kGood}, Garbage::AtTheEnd::close);
  asio::io_context io(1);
  Client client(io.get_executor(), server.address());
  EXPECT_EQ(test::await(io, client.ask(get("/"))).status, 200);
  EXPECT_EQ(test::await(io, client.ask(get("/"))).status, 200);
}

// What comes unasked is no answer to the next question.
TEST(ClientFaults, DropAConnectionThatSaysMoreThanItWasAsked) {
  const std::string other = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]";
  const Garbage server({kGood + other, kGood}, Garbage::AtTheEnd::close);
  asio::io_context io(1);
  Client client(io.get_executor(), server.address());
  EXPECT_EQ(test::await(io, client.ask(get("/"))).body, "{}");
  EXPECT_EQ(test::await(io, client.ask(get("/"))).body, "{}");
}

TEST(ClientFaults, DoNotPostTwiceWithoutAKey) {
  const Garbage server({kGood, kGood}, Garbage::AtTheEnd::close);
  asio::io_context io(1);
  Client client(io.get_executor(), server.address());
  EXPECT_EQ(test::await(io, client.ask(get("/"))).status, 200);
  Question post = get("/");
  post.verb = Verb::post;
  EXPECT_STREQ(test::error_of([&] { test::await(io, client.ask(post)); }).what(),
               "the daemon closed the connection and did not answer");
}

TEST(ClientFaults, PostTwiceWithAKey) {
  const Garbage server({kGood, kGood}, Garbage::AtTheEnd::close);
  asio::io_context io(1);
  Client client(io.get_executor(), server.address());
  EXPECT_EQ(test::await(io, client.ask(get("/"))).status, 200);
  Question post = get("/");
  post.verb = Verb::post;
  post.headers = {{"Idempotency-Key", "job-1"}};
  EXPECT_EQ(test::await(io, client.ask(post)).status, 200);
}

TEST(ClientFaults, KeepQuestionsInTheirLines) {
  const DaemonAddress address = parse_daemon_address("unix:/nowhere");
  for (const char* path : {"", "no-slash", "/a b", "/a\r\nHost: b", "/\xc3\xa4"}) {
    EXPECT_THAT(error_from(address, get(path)).what(), HasSubstr("this is no path of a request"));
  }
  Question question = get("/");
  question.headers = {{"X", "a\r\nHost: b"}};
  EXPECT_THAT(error_from(address, question).what(), HasSubstr("does not fit into its line"));
}

TEST(DaemonAddress, IsASocketAPortOfThisMachineOrAHostOverTls) {
  EXPECT_EQ(parse_daemon_address("unix:/run/s").socket, "/run/s");
  EXPECT_EQ(parse_daemon_address("http://localhost:80/").host, "127.0.0.1");
  EXPECT_EQ(parse_daemon_address("http://[::1]:8080").host, "::1");
  EXPECT_EQ(parse_daemon_address("http://127.0.0.1:8080").port, 8080);
  EXPECT_EQ(parse_daemon_address("https://lab.example:8443").host, "lab.example");
  EXPECT_TRUE(parse_daemon_address("https://[2001:db8::1]:8443").is_tls);
  EXPECT_EQ(parse_daemon_address("https://[2001:db8::1]:8443").host, "2001:db8::1");
  for (const std::string& text :
       {std::string(), std::string("/run/s"), std::string("unix:"), "unix:/" + std::string(107, 'x'),
        std::string("https://lab.example"), std::string("https://a b:1"), std::string("https://evil@lab:1"),
        std::string("https://:1"), std::string("http://127.0.0.1"), std::string("http://127.0.0.1:0"),
        std::string("http://127.0.0.1:65536"), std::string("http://127.0.0.1:8x"),
        std::string("http://192.0.2.1:80"), std::string("http://evil@127.0.0.1:80")}) {
    EXPECT_NE(test::complaint([&] { parse_daemon_address(text); }), "accepted") << text;
  }
}

}  // namespace

}  // namespace tinyhil::daemon
