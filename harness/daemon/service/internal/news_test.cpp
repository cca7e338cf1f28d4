// SPDX-License-Identifier: Apache-2.0
#include "news.hpp"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>

#include "daemon/campaigns/internal/campaign_record.hpp"

namespace tinyhil::daemon {
namespace {

using std::chrono::steady_clock;

constexpr CampaignId kFollowed{1};
constexpr CampaignId kElsewhere{2};

class NewsTest : public testing::Test {
 protected:
  void listen(CampaignId id, int& woken, steady_clock::time_point deadline) {
    asio::co_spawn(io_, news_.wait(id, deadline), [&](const std::exception_ptr&) { ++woken; });
  }
  void listen(CampaignId id, int& woken) { listen(id, woken, steady_clock::time_point::max()); }
  void settle() {
    io_.restart();
    io_.poll();
  }

  asio::io_context io_{1};
  News<CampaignId> news_{io_.get_executor()};
};

TEST_F(NewsTest, WakesAllThatWaitForTheSubjectAndNobodyElse) {
  int page = 0, terminal = 0, other = 0;
  listen(kFollowed, page);
  listen(kElsewhere, other);
  listen(kFollowed, terminal);
  settle();
  news_.tell(kFollowed);
  settle();
  EXPECT_EQ(page, 1);
  EXPECT_EQ(terminal, 1);
  EXPECT_EQ(other, 0);
  news_.tell(kElsewhere);
  settle();
  EXPECT_EQ(other, 1);
}

TEST_F(NewsTest, EndsAtTheDeadline) {
  int woken = 0;
  listen(kFollowed, woken, steady_clock::now());
  io_.run();
  EXPECT_EQ(woken, 1);
}

TEST_F(NewsTest, ForgetsWhoLeaves) {
  int gone = 0;
  asio::cancellation_signal left;
  asio::co_spawn(io_, news_.wait(kFollowed, steady_clock::time_point::max()),
                 asio::bind_cancellation_slot(left.slot(), [&](const std::exception_ptr&) { ++gone; }));
  settle();
  left.emit(asio::cancellation_type::terminal);
  settle();
  EXPECT_EQ(gone, 1);
  news_.tell(kFollowed);  // nobody is there
  settle();
  EXPECT_EQ(gone, 1);
}

// As at the end of a daemon whose pages still listen.
TEST(News, MayGoBeforeThoseWhoWait) {
  asio::io_context io{1};
  auto news = std::make_unique<News<CampaignId>>(io.get_executor());
  for (int page = 0; page < 3; ++page)
    asio::co_spawn(io, news->wait(kFollowed, steady_clock::time_point::max()), asio::detached);
  EXPECT_GT(io.poll(), 0U);
  news.reset();
}

}  // namespace
}  // namespace tinyhil::daemon
