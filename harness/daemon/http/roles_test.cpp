// SPDX-License-Identifier: Apache-2.0
// Nobody gets anything done for which the role is missing: every route of a table, asked by everybody.
#include <gmock/gmock.h>

#include <sys/stat.h>

#include <string>

#include "base/error.hpp"
#include "server.hpp"
#include "testing/complaint.hpp"
#include "testing/http_routes.hpp"
#include "testing/live_server.hpp"
#include "testing/raw_connection.hpp"

namespace tinyhil::daemon {

namespace {

using test::Done;
using test::LiveServer;
using test::RawConnection;

constexpr Role kRoles[] = {Role::nobody, Role::viewer, Role::runner, Role::user, Role::admin};
const std::string kToken = "a-token-of-enough-characters";

std::string verb_text(Verb verb) {
  switch (verb) {
    case Verb::get:
      return "GET";
    case Verb::post:
      return "POST";
    case Verb::put:
      return "PUT";
    case Verb::patch:
      return "PATCH";
    case Verb::remove:
      break;
  }
  return "DELETE";
}

std::string request_to(const Route& route, const std::string& headers = "") {
  const bool has_body = !route.documentation.request_schema.empty();
  const std::string body =
      has_body ? "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}" : "\r\n";
  return verb_text(route.verb) + " " + route.path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + body;
}

asio::awaitable<Reply> count(Done& done, const Request&) {
  ++done.requests;
  co_return Reply{};
}

// The paths, verbs, roles and bodies of the table, and handlers that count.
std::vector<Route> counting_routes(Done& done) {
  std::vector<Route> routes = test::http_routes(done);
  for (Route& route : routes) {
    route.handler = [&done](const Request& request) { return count(done, request); };
  }
  return routes;
}

ServerOptions everybody_is(Role role, const std::string& name) {
  ServerOptions options;
  options.tcp = TcpListener{};
  options.tcp->others = Caller{name, role};
  return options;
}

TEST(Roles, DecideOverEachRouteOfATable) {
  for (const Role role : kRoles) {
    for (const char* const name : {"", "ada"}) {
      Done done;
      const std::vector<Route> routes = counting_routes(done);
      const LiveServer server(routes, everybody_is(role, name));
      for (const Route& route : routes) {
        SCOPED_TRACE(verb_text(route.verb) + " " + route.path + " as " +
                     std::to_string(static_cast<int>(role)));
        done.requests = 0;
        RawConnection connection = server.connect_tcp();
        const int status = connection.ask(request_to(route)).status;
        const bool may = role >= route.least_role;
        EXPECT_EQ(status, may ? 200 : *name == 0 ? 401 : 403);
        EXPECT_EQ(done.requests, may ? 1 : 0);
      }
    }
  }
}

TEST(Roles, ARequestToChangeSomethingThatTheRoleDoesNotAllowIsTold) {
  Done done;
  std::vector<RefusedRequest> told;
  ServerOptions options = everybody_is(Role::viewer, "ada");
  options.on_refused = [&](const RefusedRequest& refused) { told.push_back(refused); };
  const LiveServer server(counting_routes(done), std::move(options));
  for (const Route& route : counting_routes(done)) {
    told.clear();
    RawConnection connection = server.connect_tcp();
    const bool is_refused = connection.ask(request_to(route)).status == 403;
    if (!is_refused || route.verb == Verb::get) {
      EXPECT_TRUE(told.empty()) << route.path;
    } else {
      ASSERT_EQ(told.size(), 1U) << route.path;
      EXPECT_EQ(told.front().who, "ada");
      EXPECT_EQ(told.front().request, verb_text(route.verb) + " " + route.path);
      EXPECT_EQ(told.front().status, 403);
    }
  }
}

TEST(Roles, AWrongTokenIsTold) {
  Done done;
  std::vector<RefusedRequest> told;
  ServerOptions options = everybody_is(Role::viewer, "");
  options.on_refused = [&](const RefusedRequest& refused) { told.push_back(refused); };
  const LiveServer server(counting_routes(done), std::move(options));
  RawConnection connection = server.connect_tcp();
  const std::string wrong = "Authorization: Bearer wrong\r\n\r\n";
  EXPECT_EQ(connection.ask("DELETE /api/v1/leases/1 HTTP/1.1\r\nHost: 127.0.0.1\r\n" + wrong).status, 401);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told.front().who, "");
  EXPECT_EQ(told.front().request.find("wrong"), std::string::npos);
}

class TokenTest : public testing::Test {
 protected:
  ServerOptions options(mode_t mode = 0600, const std::string& token = kToken + "\n") {
    const std::string file = folder_.write("token", token);
    ::chmod(file.c_str(), mode);
    ServerOptions options;
    options.tcp = TcpListener{};
    options.tcp->token_file = file;
    options.tcp->bearer = Caller{"ci", Role::user};
    return options;
  }
  int lease_with(const std::string& headers) {
    const LiveServer server(test::http_routes(done_), options());
    RawConnection connection = server.connect_tcp();
    return connection
        .ask(
            "POST /api/v1/leases HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            "Content-Length: 2\r\n" +
            headers + "\r\n{}")
        .status;
  }

  test::TestFolder folder_;
  Done done_;
};

TEST_F(TokenTest, TellsWhoCallsOverTcp) {
  EXPECT_EQ(lease_with("Authorization: Bearer " + kToken + "\r\n"), 201);
  EXPECT_EQ(lease_with("Authorization: bearer " + kToken + "\r\n"), 201);
  EXPECT_EQ(done_.requests, 2);
}

TEST_F(TokenTest, IsTheWholeOfItOrNothing) {
  const std::string shortened = kToken.substr(0, kToken.size() - 1);
  for (const std::string& headers :
       {std::string(), std::string("Authorization: Bearer\r\n"), std::string("Authorization: Bearer x\r\n"),
        "Authorization: Bearer " + shortened + "\r\n", "Authorization: Bearer " + kToken + "x\r\n",
        "Authorization: Basic " + kToken + "\r\n",
        "Authorization: Bearer " + kToken + "\r\nAuthorization: Bearer " + kToken + "\r\n"}) {
    EXPECT_EQ(lease_with(headers), 401) << headers;
  }
  EXPECT_EQ(done_.requests, 0);
}

TEST_F(TokenTest, IsReadFromAFileOfItsOwnerOnly) {
  for (const mode_t mode : {0640, 0604, 0620}) {
    EXPECT_THAT(test::complaint([&] { const LiveServer server({}, options(mode)); }),
                testing::HasSubstr("others may read or change the token"));
  }
}

TEST_F(TokenTest, IsLongEnoughAndVisible) {
  for (const std::string token : {"", "short", "with a space in the middle", "ümlauts-in-a-token-of-16"}) {
    EXPECT_THAT(test::complaint([&] { const LiveServer server({}, options(0600, token)); }),
                testing::HasSubstr("this is no token"));
  }
}

TEST(Loopback, AnswersToItsOwnNamesOnly) {
  Done done;
  const LiveServer server(test::http_routes(done));
  const auto status_for = [&](const std::string& host) {
    RawConnection connection = server.connect_tcp();
    return connection.ask("GET /healthz HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status;
  };
  const std::string port = std::to_string(server.port());
  for (const std::string& host : {std::string("127.0.0.1"), "127.0.0.1:" + port, "localhost:" + port,
                                  "LocalHost:" + port, "[::1]:" + port}) {
    EXPECT_EQ(status_for(host), 200) << host;
  }
  for (const std::string host :
       {"", "evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "[::1].evil"}) {
    EXPECT_EQ(status_for(host), 421) << host;
  }
}

TEST(Loopback, TakesTheDaemonsOwnPage) {
  Done done;
  const LiveServer server(test::http_routes(done));
  RawConnection connection = server.connect_tcp();
  EXPECT_EQ(
      connection.ask("GET /healthz HTTP/1.1\r\nHost: localhost:80\r\nOrigin: http://localhost:80\r\n\r\n")
          .status,
      200);
  EXPECT_EQ(
      connection.ask("GET /healthz HTTP/1.1\r\nHost: localhost:80\r\nOrigin: http://localhost:81\r\n\r\n")
          .status,
      403);
}

TEST(UnixSocketRole, ComesFromTheRule) {
  Done done;
  test::TestFolder folder;
  ServerOptions options;
  options.unix_socket =
      UnixSocket{folder.path() / "s", 0600, [](const PeerCredentials& peer) {
                   return Caller{peer.user, peer.uid == ::geteuid() && peer.pid == ::getpid() ? Role::viewer
                                                                                              : Role::nobody};
                 }};
  const LiveServer server(test::http_routes(done), std::move(options));
  RawConnection connection = RawConnection::to_unix(folder.path() / "s");
  EXPECT_EQ(connection.ask("GET /api/v1/boards HTTP/1.1\r\n\r\n").status, 200);
  EXPECT_EQ(connection.ask("DELETE /api/v1/leases/1 HTTP/1.1\r\n\r\n").status, 403);
}

TEST(ByGroup, MakesRolesOfAccounts) {
  const CallerRule rule = by_group("daemon", Role::viewer);
  const auto role_of = [&](uid_t uid, gid_t gid, std::vector<gid_t> groups) {
    return rule(PeerCredentials{1, uid, gid, std::move(groups), "ada"}).role;
  };
  const gid_t members = 1;  // of Debian's group `daemon`
  EXPECT_EQ(role_of(0, 5, {}), Role::admin);
  EXPECT_EQ(role_of(::geteuid(), 5, {}), Role::admin);
  EXPECT_EQ(role_of(4242, members, {}), Role::user);
  EXPECT_EQ(role_of(4242, 5, {7, members}), Role::user);
  EXPECT_EQ(role_of(4242, 5, {7}), Role::viewer);
  const CallerRule two = by_groups({{"daemon", Role::runner}, {"bin", Role::user}});
  EXPECT_EQ(two(PeerCredentials{1, 4242, members, {}, "ada"}).role, Role::runner);
  EXPECT_EQ(by_group("", Role::nobody)(PeerCredentials{1, 4242, 5, {}, "ada"}).role, Role::nobody);
  EXPECT_THAT(test::complaint([] { by_group("no-such-group-here"); }),
              testing::HasSubstr("there is no group"));
}

}  // namespace

}  // namespace tinyhil::daemon
