// SPDX-License-Identifier: Apache-2.0
// Client and server together.
#include "client.hpp"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>

#include "event_reader.hpp"
#include "problem.hpp"
#include "testing/await.hpp"
#include "testing/http_routes.hpp"
#include "testing/live_server.hpp"

namespace tinyhil::daemon {

namespace {

using test::Done;
using test::LiveServer;

Question question_of(Verb verb, const std::string& path, const std::string& body = "") {
  Question question;
  question.verb = verb;
  question.path = path;
  question.body = body;
  return question;
}

class ClientTest : public testing::Test {
 protected:
  Reply ask(Client& client, const Question& question) { return test::await(io_, client.ask(question)); }

  Done done_;
  LiveServer server_{test::http_routes(done_)};
  asio::io_context io_{1};
};

TEST_F(ClientTest, AsksOverTheUnixSocket) {
  Client client(io_.get_executor(), server_.unix_address());
  const Reply reply = ask(client, question_of(Verb::post, "/api/v1/leases", R"({"board": "ada"})"));
  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(reply.body, R"({"board": "ada"})");
}

TEST_F(ClientTest, AsksOverLoopback) {
  Client client(io_.get_executor(), server_.tcp_address());
  EXPECT_EQ(ask(client, question_of(Verb::get, "/api/v1/boards?state=held")).status, 200);
}

TEST_F(ClientTest, KeepsItsConnection) {
  Client client(io_.get_executor(), server_.unix_address());
  for (int i = 0; i < 3; ++i) ask(client, question_of(Verb::get, "/api/v1/boards"));
  EXPECT_EQ(server_.connections(), 1U);
  EXPECT_EQ(done_.requests, 3);
}

TEST_F(ClientTest, ThrowsWhatTheServerThrew) {
  Client client(io_.get_executor(), server_.unix_address());
  try {
    ask(client, question_of(Verb::get, "/api/v1/fails/fault"));
    FAIL() << "nothing was thrown";
  } catch (const Refused& error) {
    EXPECT_EQ(error.status(), 503);
    EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
    EXPECT_STREQ(error.what(), "port is gone");
    EXPECT_EQ(error.where(), "/dev/ttyACM0");
    EXPECT_EQ(error.remedy(), "plug it in");
  }
  EXPECT_EQ(ask(client, question_of(Verb::get, "/api/v1/boards")).status, 200);
}

TEST(Problem, TellsWhoAskedWhichKindOfErrorItWas) {
  const std::pair<ErrorKind, int> kinds[] = {{ErrorKind::usage, 400},      {ErrorKind::no_lease, 409},
                                             {ErrorKind::lease_lost, 410}, {ErrorKind::queue_full, 429},
                                             {ErrorKind::not_found, 404},  {ErrorKind::not_allowed, 403}};
  for (const auto& [kind, status] : kinds) {
    const Reply reply = problem(Error(kind, "lease 7 is over", "lease 7", "ask again"));
    EXPECT_EQ(reply.status, status);
    const Refused error = refused(reply, "unix:/x");
    EXPECT_EQ(error.kind(), kind) << status;
    EXPECT_STREQ(error.what(), "lease 7 is over");
  }
}

TEST_F(ClientTest, ReadsAStreamOfEventsToItsEnd) {
  EventReader events(io_.get_executor(), server_.unix_address(),
                     question_of(Verb::get, "/api/v1/events?last=2"));
  const std::optional<Event> first = test::await(io_, events.next());
  ASSERT_TRUE(first);
  EXPECT_EQ(first->id, "1");
  EXPECT_EQ(first->name, "board");
  EXPECT_EQ(first->text, "board 1");
  EXPECT_EQ(test::await(io_, events.next())->text, "board 2");
  EXPECT_FALSE(test::await(io_, events.next()));
}

}  // namespace

}  // namespace tinyhil::daemon
