// SPDX-License-Identifier: Apache-2.0
// Client and server over TLS.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "base/error.hpp"
#include "event_reader.hpp"
#include "testing/await.hpp"
#include "testing/certificates.hpp"
#include "testing/complaint.hpp"
#include "testing/eventually.hpp"
#include "testing/http_routes.hpp"
#include "testing/live_server.hpp"

namespace tinyhil::daemon {

namespace {

using test::Done;
using test::LiveServer;

const std::string kTlsToken = "a-token-of-enough-characters";

Question tls_question(const std::string& path, Verb verb = Verb::get) {
  Question question;
  question.verb = verb;
  question.path = path;
  if (verb == Verb::post) question.body = "{}";
  return question;
}

class TlsTest : public testing::Test {
 protected:
  TlsTest() { authority_.sign("server", "IP:127.0.0.1,DNS:localhost"); }

  ServerOptions options(const std::string& address = "127.0.0.1") const {
    ServerOptions options;
    options.tcp = TcpListener{};
    options.tcp->address = address;
    options.tcp->tls = TlsFiles{folder_.path() / "server.pem", folder_.path() / "server.key"};
    options.tcp->bearers = [](std::string_view token) {
      Bearer bearer;
      if (token == kTlsToken) bearer.caller = Caller{"ci", Role::user};
      return bearer;
    };
    return options;
  }
  DaemonAddress address_of(const LiveServer& server, const std::string& host = "127.0.0.1") const {
    DaemonAddress address = parse_daemon_address("https://" + host + ":" + std::to_string(server.port()));
    address.trusted = authority_.file();
    address.token = kTlsToken;
    return address;
  }
  Reply ask(Client& client, const Question& question) { return test::await(io_, client.ask(question)); }
  Error refusal(const DaemonAddress& address) {
    Client client(io_.get_executor(), address);
    return test::error_of([&] { ask(client, tls_question("/healthz")); });
  }

  test::TestFolder folder_;
  test::Authority authority_{folder_};
  Done done_;
  asio::io_context io_{1};
};

TEST_F(TlsTest, CarriesRequestsOnOneConnection) {
  LiveServer server(test::http_routes(done_), options());
  Client client(io_.get_executor(), address_of(server));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ask(client, tls_question("/api/v1/leases", Verb::post)).status, 201);
  EXPECT_EQ(ask(client, tls_question("/api/v1/large")).body.size(), 32UL * 1024 * 1024);
  EXPECT_EQ(server.connections(), 1U);
}

TEST_F(TlsTest, GoesOnAfterARequestThatWasWatchedForItsCallersDeparture) {
  done_.gate_is_open = true;
  LiveServer server(test::http_routes(done_), options());
  Client client(io_.get_executor(), address_of(server));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ask(client, tls_question("/api/v1/queue")).status, 200);
  EXPECT_EQ(server.connections(), 1U);
}

TEST_F(TlsTest, CancelsWhatOnlyWaitsWhenTheCallerLeaves) {
  LiveServer server(test::http_routes(done_), options());
  Client client(io_.get_executor(), address_of(server));
  Question question = tls_question("/api/v1/queue");
  question.limit = std::chrono::milliseconds(300);
  EXPECT_EQ(test::error_of([&] { ask(client, question); }).kind(), ErrorKind::time_limit);
  EXPECT_TRUE(test::eventually([&] { return done_.requests == 1 && done_.waiting == 0; }));
}

TEST_F(TlsTest, CarriesEvents) {
  LiveServer server(test::http_routes(done_), options());
  EventReader events(io_.get_executor(), address_of(server), tls_question("/api/v1/events?last=3"));
  for (const char* text : {"board 1", "board 2", "board 3"})
    EXPECT_EQ(test::await(io_, events.next())->text, text);
  EXPECT_FALSE(test::await(io_, events.next()));
}

TEST_F(TlsTest, TrustsOnlyTheAuthorityThatItIsTold) {
  LiveServer server(test::http_routes(done_), options());
  const test::Authority other(folder_, "other");
  DaemonAddress address = address_of(server);
  address.trusted = other.file();
  EXPECT_EQ(refusal(address).kind(), ErrorKind::bench_fault);
  EXPECT_THAT(refusal(address).what(), testing::HasSubstr("no TLS connection: "));
  address.trusted = "";
  EXPECT_THAT(refusal(address).what(), testing::HasSubstr("no TLS connection: "))
      << "the system knows it not";
}

TEST_F(TlsTest, InsistsOnTheHostsName) {
  LiveServer server(test::http_routes(done_), options());
  Client by_name(io_.get_executor(), address_of(server, "localhost"));
  EXPECT_EQ(ask(by_name, tls_question("/healthz")).status, 200);
  authority_.sign("server", "DNS:another.example");
  server.in_loop([&] { server.server().reload_tls(); });
  EXPECT_THAT(refusal(address_of(server)).what(), testing::HasSubstr("no TLS connection: "));
}

TEST_F(TlsTest, TakesANewCertificateAndKeepsTheOldOneWhenItIsNone) {
  LiveServer server(test::http_routes(done_), options());
  const test::Authority next(folder_, "next");
  next.sign("server", "IP:127.0.0.1");
  server.in_loop([&] { server.server().reload_tls(); });
  DaemonAddress address = address_of(server);
  EXPECT_THAT(refusal(address).what(), testing::HasSubstr("no TLS connection: "));
  address.trusted = next.file();
  folder_.write("server.pem", "nonsense");
  server.in_loop(
      [&] { EXPECT_EQ(test::error_of([&] { server.server().reload_tls(); }).kind(), ErrorKind::usage); });
  Client client(io_.get_executor(), address);
  EXPECT_EQ(ask(client, tls_question("/healthz")).status, 200);
}

TEST_F(TlsTest, GivesAnEndToWhoSpeaksNoTls) {
  LiveServer server(test::http_routes(done_), options());
  EXPECT_THAT(server.connect_tcp().ask("GET /healthz HTTP/1.1\r\n\r\n").status, 0);
  EXPECT_TRUE(test::eventually([&] { return server.connections() == 0; }));
}

TEST_F(TlsTest, DoesNotWaitForAHandshakeThatNeverComes) {
  ServerOptions quick = options();
  quick.limits.request = std::chrono::milliseconds(50);
  LiveServer server(test::http_routes(done_), std::move(quick));
  test::RawConnection connection = server.connect_tcp();
  EXPECT_EQ(connection.read_to_end(), "");
}

TEST_F(TlsTest, OnOtherAddressesWhoShowsNothingIsNobody) {
  LiveServer server(test::http_routes(done_), options("0.0.0.0"));
  DaemonAddress address = address_of(server);
  Client known(io_.get_executor(), address);
  EXPECT_EQ(ask(known, tls_question("/api/v1/boards")).status, 200);
  address.token = "";
  Client unknown(io_.get_executor(), address);
  EXPECT_EQ(ask(unknown, tls_question("/healthz")).status, 200);
  EXPECT_EQ(test::error_of([&] { ask(unknown, tls_question("/api/v1/boards")); }).kind(), ErrorKind::usage);
}

TEST_F(TlsTest, IsNeededWithCallersWhereOtherHostsCanConnect) {
  ServerOptions plain = options("0.0.0.0");
  plain.tcp->tls.reset();
  EXPECT_THAT(test::complaint([&] { LiveServer server(test::http_routes(done_), std::move(plain)); }),
              testing::HasSubstr("only with TLS and tokens"));
  ServerOptions nobody = options("0.0.0.0");
  nobody.tcp->bearers = {};
  EXPECT_THAT(test::complaint([&] { LiveServer server(test::http_routes(done_), std::move(nobody)); }),
              testing::HasSubstr("only with TLS and tokens"));
}

TEST_F(TlsTest, RefusesFilesThatAreNoCertificateAndItsKey) {
  const auto complaint = [&] {
    return test::complaint([&] { LiveServer server(test::http_routes(done_), options()); }, folder_.path());
  };
  ::chmod((folder_.path() / "server.key").c_str(), 0644);
  EXPECT_THAT(complaint(), testing::HasSubstr("others may read or change the key"));
  authority_.sign("another", "IP:127.0.0.1");
  std::filesystem::rename(folder_.path() / "another.key", folder_.path() / "server.key");
  EXPECT_THAT(complaint(), testing::HasSubstr("key"));
  std::filesystem::remove(folder_.path() / "server.pem");
  EXPECT_THAT(complaint(), testing::HasSubstr("this is no certificate"));
}

}  // namespace

}  // namespace tinyhil::daemon
