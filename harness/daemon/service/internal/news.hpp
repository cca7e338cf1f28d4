// SPDX-License-Identifier: Apache-2.0
// Wakes those who wait for something new of a subject, such as one campaign. Example:
//
//   News<CampaignId> news(executor);
//   co_await news.wait(id, deadline);  // in a coroutine for each who waits
//   news.tell(id);                     // wakes all of them
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <map>
#include <utility>

namespace tinyhil::daemon {

namespace asio = boost::asio;

template <class Subject>
class News {
 public:
  explicit News(asio::any_io_executor executor) : executor_(std::move(executor)) {}
  News(const News&) = delete;
  News& operator=(const News&) = delete;
  // Those who wait may stay until the io_context goes.
  ~News() {
    for (auto& [subject, waiter] : waiting_) waiter->news = nullptr;
  }

  // Returns when something new of the subject was told, or at the deadline. Cancelled as Asio cancels.
  asio::awaitable<void> wait(Subject subject, std::chrono::steady_clock::time_point deadline) {
    Waiter waiter(*this, subject, deadline);
    boost::system::error_code told;
    co_await waiter.timer.async_wait(asio::redirect_error(asio::use_awaitable, told));
  }
  void tell(const Subject& subject) {
    const auto [first, behind] = waiting_.equal_range(subject);
    for (auto each = first; each != behind; ++each) each->second->timer.cancel();
  }

 private:
  struct Waiter {
    Waiter(News& of, const Subject& subject, std::chrono::steady_clock::time_point deadline)
        : news(&of), timer(of.executor_, deadline), place(of.waiting_.emplace(subject, this)) {}
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;
    ~Waiter() {  // also of a wait that is cancelled
      if (news != nullptr) news->waiting_.erase(place);
    }

    News* news;
    asio::steady_timer timer;
    typename std::multimap<Subject, Waiter*>::iterator place;
  };

  asio::any_io_executor executor_;
  std::multimap<Subject, Waiter*> waiting_;  // lent by those that wait
};

}  // namespace tinyhil::daemon
