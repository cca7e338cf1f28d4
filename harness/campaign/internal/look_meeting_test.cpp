// SPDX-License-Identifier: Apache-2.0
#include "look_meeting.hpp"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <stdexcept>
#include <vector>

#include "testing/runner_fixture.hpp"

namespace tinyhil::campaign {
namespace {

asio::awaitable<void> visit(LookMeeting& meeting, std::vector<std::uint64_t> looks,
                            std::vector<Settled>& heard) {
  for (const std::uint64_t look : looks) heard.push_back(co_await meeting.arrive(look));
}

TEST(LookMeeting, DecidesOnceWhenAllHaveComeAndTellsThemAll) {
  asio::io_context io(1);
  std::vector<std::uint64_t> asked;
  LookMeeting meeting(io.get_executor(), 3, [&](std::uint64_t look) {
    asked.push_back(look);
    return test::decided(look == 64 ? Settled{} : Settled{"slim"});
  });
  std::vector<Settled> a, b, c;
  asio::co_spawn(io, visit(meeting, {64, 68}, a), asio::detached);
  asio::co_spawn(io, visit(meeting, {64, 68}, b), asio::detached);
  io.poll();
  EXPECT_TRUE(a.empty());
  asio::co_spawn(io, visit(meeting, {64, 68}, c), asio::detached);
  io.restart();
  io.poll();
  EXPECT_EQ(asked, (std::vector<std::uint64_t>{64, 68}));
  const std::vector<Settled> expected{{}, {"slim"}};
  EXPECT_EQ(a, expected);
  EXPECT_EQ(b, expected);
  EXPECT_EQ(c, expected);
}

TEST(LookMeeting, GathersWithoutADecision) {
  asio::io_context io(1);
  LookMeeting meeting(io.get_executor(), 2,
                      [](std::uint64_t) -> asio::awaitable<Settled> { throw std::logic_error("asked"); });
  int gone = 0;
  const auto leave = [&](std::exception_ptr thrown) { gone += thrown ? 100 : 1; };
  asio::co_spawn(io, meeting.gather(), leave);
  io.poll();
  EXPECT_EQ(gone, 0);
  asio::co_spawn(io, meeting.gather(), leave);
  io.restart();
  io.poll();
  EXPECT_EQ(gone, 2);
}

TEST(LookMeeting, LetsABoardGoThatIsCancelled) {
  asio::io_context io(1);
  LookMeeting meeting(io.get_executor(), 2, [](std::uint64_t) { return test::decided({}); });
  std::vector<Settled> heard;
  asio::cancellation_signal cancel;
  std::exception_ptr failure;
  asio::co_spawn(
      io, visit(meeting, {64}, heard),
      asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr thrown) { failure = thrown; }));
  io.poll();
  cancel.emit(asio::cancellation_type::terminal);
  io.restart();
  io.poll();
  EXPECT_NE(failure, nullptr);
  EXPECT_TRUE(heard.empty());
}

TEST(LookMeeting, GoesOnWithoutABoardThatLeaves) {
  asio::io_context io(1);
  int asked = 0;
  LookMeeting meeting(io.get_executor(), 3, [&](std::uint64_t) {
    ++asked;
    return test::decided({"slim"});
  });
  std::vector<Settled> a, b;
  asio::co_spawn(io, visit(meeting, {64, 68}, a), asio::detached);
  asio::co_spawn(io, visit(meeting, {64, 68}, b), asio::detached);
  io.poll();
  EXPECT_EQ(asked, 0);
  meeting.leave();
  io.restart();
  io.poll();
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(a, (std::vector<Settled>{{"slim"}, {"slim"}}));
  EXPECT_EQ(b, a);
}

TEST(LookMeeting, PassesOnWhatTheDecisionThrew) {
  asio::io_context io(1);
  LookMeeting meeting(io.get_executor(), 1,
                      [](std::uint64_t) -> asio::awaitable<Settled> { throw std::runtime_error("full"); });
  std::vector<Settled> heard;
  std::exception_ptr failure;
  asio::co_spawn(io, visit(meeting, {64}, heard), [&](std::exception_ptr thrown) { failure = thrown; });
  io.poll();
  EXPECT_THROW(std::rethrow_exception(failure), std::runtime_error);
}

}  // namespace
}  // namespace tinyhil::campaign
