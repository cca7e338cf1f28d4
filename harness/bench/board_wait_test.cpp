// SPDX-License-Identifier: Apache-2.0
// Boards that somebody else holds: here another hold of the same process, which the kernel keeps out as well.
#include "board_wait.hpp"

#include <gmock/gmock.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <cstdlib>

#include "base/error.hpp"
#include "testing/await.hpp"
#include "testing/complaint.hpp"
#include "testing/folder.hpp"

namespace tinyhil::bench {
namespace {

using testing::HasSubstr;

HoldDeadline in_a_minute() { return std::chrono::steady_clock::now() + std::chrono::minutes(1); }
HoldDeadline at_once() { return std::chrono::steady_clock::now(); }

class BoardWait : public testing::Test {
 protected:
  BoardWait() { setenv("TINYHIL_LOCKS", folder_.path().c_str(), 1); }
  ~BoardWait() override { unsetenv("TINYHIL_LOCKS"); }

  static std::optional<BoardHold> take(const std::string& key) {
    std::string holder;
    return BoardHold::try_take(key, holder);
  }

  std::string key(const std::string& board) { return board_key(bench_.file, bench_.board(board)); }

  const test::TestFolder folder_;
  const Bench bench_ = parse_bench(
      "bench: desk\nboards: [{name: b, provenance: process, link: {driver: process, command: [cat]}},"
      " {name: a, provenance: process, link: {driver: process, command: [cat]}}]\n",
      "/desk/bench.yaml");
  const std::vector<const Board*> both_ = {&bench_.board("b"), &bench_.board("a")};
  asio::io_context io_{1};
};

TEST_F(BoardWait, HoldsAllThatAreFreeWithoutWaiting) {
  const std::vector<BoardHold> held = test::await(io_, hold_boards(bench_, both_, at_once()));
  EXPECT_EQ(held.size(), 2u);
  EXPECT_FALSE(take(key("a")));
  EXPECT_FALSE(take(key("b")));
}

TEST_F(BoardWait, LetsTheLoopServeOthersUntilTheBoardIsFree) {
  std::optional<BoardHold> other = take(key("b"));
  bool was_wanted = false;
  asio::post(io_, [&] {  // after it has asked once
    asio::post(io_, [&] {
      was_wanted = is_wanted(key("b"));
      other.reset();
    });
  });
  EXPECT_EQ(test::await(io_, hold_boards(bench_, both_, in_a_minute())).size(), 2u);
  EXPECT_TRUE(was_wanted);
  EXPECT_FALSE(is_wanted(key("b")));
}

TEST_F(BoardWait, NamesTheBoardAndItsHolderAtTheDeadlineAndHoldsNone) {
  const std::optional<BoardHold> other = take(key("b"));
  const Error error = test::error_of([&] { test::await(io_, hold_boards(bench_, both_, at_once())); });
  EXPECT_EQ(error.kind(), ErrorKind::no_lease);
  EXPECT_EQ(error.where(), "/desk/bench.yaml");
  EXPECT_THAT(error.what(), HasSubstr("board `b` is in use by process " + std::to_string(getpid())));
  EXPECT_TRUE(take(key("a")));
  EXPECT_FALSE(is_wanted(key("b")));
}

TEST_F(BoardWait, LetsNobodyPassWhoWaitsAlready) {
  const std::optional<BoardHold> queue = take(queue_key(key("a")));
  const Error error = test::error_of([&] { test::await(io_, hold_boards(bench_, both_, at_once())); });
  EXPECT_THAT(error.what(), HasSubstr("board `a` is in use by process "));
  EXPECT_THAT(error.what(), HasSubstr(", which waits for it"));
}

TEST_F(BoardWait, HoldsTheFirstThatIsFree) {
  const std::optional<BoardHold> other = take("one");
  const FreeBoard free =
      test::await(io_, hold_first_free({"one", "two", "three"}, in_a_minute(), "bench desk"));
  EXPECT_EQ(free.index, 1u);
  EXPECT_FALSE(take("two"));
  EXPECT_TRUE(take("three"));
  EXPECT_FALSE(is_wanted("one"));
}

TEST_F(BoardWait, NamesAllWhoHoldBoardsWhenNoneIsFree) {
  const std::optional<BoardHold> one = take("one");
  const std::optional<BoardHold> two = take(queue_key("two"));
  const Error error = test::error_of([&] {
    test::await(io_, hold_first_free({"one", "two"}, at_once(), "bench desk"));
  });
  EXPECT_EQ(error.kind(), ErrorKind::no_lease);
  EXPECT_EQ(error.where(), "bench desk");
  const std::string holder = "process " + std::to_string(getpid()) + " of user " + std::to_string(getuid());
  EXPECT_EQ(std::string(error.what()),
            "no board is free; in use by " + holder + ", " + holder + ", which waits for it");
}

TEST_F(BoardWait, ThatIsCancelledLeavesTheQueue) {
  const std::optional<BoardHold> other = take("one");
  asio::cancellation_signal cancel;
  bool has_failed = false;
  asio::co_spawn(io_, hold_first_free({"one"}, in_a_minute(), "bench desk"),
                 asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr thrown, FreeBoard) {
                   has_failed = thrown != nullptr;
                 }));
  io_.poll();
  EXPECT_TRUE(is_wanted("one"));
  cancel.emit(asio::cancellation_type::terminal);
  io_.run();
  EXPECT_TRUE(has_failed);
  EXPECT_FALSE(is_wanted("one"));
}

}  // namespace
}  // namespace tinyhil::bench
