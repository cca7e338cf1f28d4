// SPDX-License-Identifier: Apache-2.0
#include "idempotency.hpp"

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

KeyedRequest keyed_request(const std::string& key, const std::string& body = "{}",
                           const std::string& caller = "ada") {
  return {caller, key, sha256(body)};
}

RememberedReply remembered(const std::string& body) { return {201, "application/json", body, {}}; }

IdempotencyKeys::Time at(int second) { return IdempotencyKeys::Time(std::chrono::seconds(second)); }

void do_it(RememberedReplies& replies, const std::string& key, const std::string& body, int second) {
  ASSERT_TRUE(std::holds_alternative<KeyIsNew>(replies.begin(keyed_request(key), at(second))));
  replies.finish(keyed_request(key), remembered(body), at(second));
}

std::string body_for(RememberedReplies& replies, const std::string& key, int second) {
  const KeyOutcome outcome = replies.begin(keyed_request(key), at(second));
  const auto* reply = std::get_if<RememberedReply>(&outcome);
  if (!reply) replies.forget(keyed_request(key));
  return reply ? reply->body : "none";
}

TEST(RememberedReplies, AnswerTheSameRequestAgain) {
  RememberedReplies replies;
  do_it(replies, "a", "first", 0);
  EXPECT_EQ(body_for(replies, "a", 1), "first");
  EXPECT_EQ(body_for(replies, "b", 1), "none");
}

TEST(RememberedReplies, KeepTheKeysOfCallersApart) {
  RememberedReplies replies;
  do_it(replies, "a", "first", 0);
  EXPECT_TRUE(std::holds_alternative<KeyIsNew>(replies.begin(keyed_request("a", "{}", "bob"), at(0))));
}

TEST(RememberedReplies, KnowAKeyThatAnotherRequestHas) {
  RememberedReplies replies;
  EXPECT_TRUE(std::holds_alternative<KeyIsNew>(replies.begin(keyed_request("a"), at(0))));
  EXPECT_TRUE(std::holds_alternative<KeyIsTaken>(replies.begin(keyed_request("a", "[]"), at(0))));
  replies.finish(keyed_request("a"), remembered("x"), at(0));
  EXPECT_TRUE(std::holds_alternative<KeyIsTaken>(replies.begin(keyed_request("a", "[]"), at(0))));
}

TEST(RememberedReplies, KnowARequestThatRuns) {
  RememberedReplies replies;
  EXPECT_TRUE(std::holds_alternative<KeyIsNew>(replies.begin(keyed_request("a"), at(0))));
  EXPECT_TRUE(std::holds_alternative<KeyIsRunning>(replies.begin(keyed_request("a"), at(100'000'000))));
  replies.forget(keyed_request("a"));
  EXPECT_TRUE(std::holds_alternative<KeyIsNew>(replies.begin(keyed_request("a"), at(0))));
}

TEST(RememberedReplies, ForgetTheOldestFirst) {
  RememberedReplies replies({.number = 2});
  do_it(replies, "a", "1", 0);
  do_it(replies, "b", "2", 1);
  do_it(replies, "c", "3", 2);
  EXPECT_EQ(body_for(replies, "b", 3), "2");
  EXPECT_EQ(body_for(replies, "c", 3), "3");
  EXPECT_EQ(body_for(replies, "a", 3), "none");
}

TEST(RememberedReplies, AreBoundedInBytes) {
  RememberedReplies replies({.bytes = 10});
  do_it(replies, "a", "123456", 0);
  do_it(replies, "b", "123456", 1);
  EXPECT_EQ(body_for(replies, "a", 1), "none");
  EXPECT_EQ(body_for(replies, "b", 1), "123456");
  do_it(replies, "c", "12345678901", 2);
  EXPECT_EQ(body_for(replies, "c", 2), "none");
}

TEST(RememberedReplies, AreBoundedInAge) {
  RememberedReplies replies({.age = std::chrono::seconds(10)});
  do_it(replies, "a", "1", 0);
  EXPECT_EQ(body_for(replies, "a", 9), "1");
  EXPECT_EQ(body_for(replies, "a", 10), "none");
}

TEST(RememberedReplies, DropNothingThatRuns) {
  RememberedReplies replies({.number = 1});
  EXPECT_TRUE(std::holds_alternative<KeyIsNew>(replies.begin(keyed_request("a"), at(0))));
  EXPECT_TRUE(std::holds_alternative<NoRoom>(replies.begin(keyed_request("b"), at(0))));
  replies.finish(keyed_request("a"), remembered("1"), at(1));
  EXPECT_EQ(body_for(replies, "a", 1), "1");
}

std::string post(const std::string& path, const std::string& key, const std::string& body = "{}") {
  return "POST " + path + " HTTP/1.1\r\nContent-Type: application/json\r\nIdempotency-Key: " + key +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

TEST(IdempotencyKey, HasARequestDoneOnce) {
  Done done;
  const LiveServer server(test::http_routes(done));
  for (int i = 0; i < 3; ++i) {
    RawConnection connection = server.connect();  // a caller whose connection was lost asks on another one
    const Reply reply = connection.ask(post("/api/v1/leases", "job-1"));
    EXPECT_EQ(reply.status, 201);
    EXPECT_THAT(reply.headers, testing::Contains(testing::Field(&Header::value, "1")));
  }
  EXPECT_EQ(done.requests, 1);
}

TEST(IdempotencyKey, BelongsToOneRequest) {
  Done done;
  const LiveServer server(test::http_routes(done));
  RawConnection connection = server.connect();
  EXPECT_EQ(connection.ask(post("/api/v1/leases", "job-1")).status, 201);
  EXPECT_EQ(connection.ask(post("/api/v1/leases", "job-1", "[]")).status, 422);
  EXPECT_EQ(connection.ask(post("/api/v1/small", "job-1")).status, 422);
  EXPECT_EQ(connection.ask(post("/api/v1/small", "job-2")).status, 201);
  EXPECT_EQ(done.requests, 2);
}

TEST(IdempotencyKey, IsAConflictWhileTheFirstRuns) {
  Done done;
  const LiveServer server(test::http_routes(done));
  RawConnection first = server.connect();
  RawConnection second = server.connect();
  first.send(post("/api/v1/waits", "job-1"));
  ASSERT_TRUE(test::eventually([&] { return done.requests == 1; }));
  EXPECT_EQ(second.ask(post("/api/v1/waits", "job-1")).status, 409);
  done.gate_is_open = true;
  EXPECT_EQ(first.reply().status, 200);
  EXPECT_EQ(second.ask(post("/api/v1/waits", "job-1")).status, 200);
  EXPECT_EQ(done.requests, 1);
}

}  // namespace

}  // namespace tinyhil::daemon
