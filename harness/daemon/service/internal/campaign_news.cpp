// SPDX-License-Identifier: Apache-2.0
#include "campaign_news.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>

namespace tinyhil::daemon {

asio::awaitable<void> CampaignNews::wait(CampaignId id, std::chrono::steady_clock::time_point deadline) {
  asio::steady_timer timer(executor_, deadline);
  auto entry = waiting_.emplace(id, &timer);
  const auto forget = [this](decltype(entry)* at) { waiting_.erase(*at); };
  const std::unique_ptr<decltype(entry), decltype(forget)> guard(&entry,
                                                                 forget);  // also when it is cancelled
  boost::system::error_code error;                                         // there is news
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
}

void CampaignNews::tell(CampaignId id) {
  const auto [first, behind] = waiting_.equal_range(id);
  for (auto waiter = first; waiter != behind; ++waiter) waiter->second->cancel();
}

}  // namespace tinyhil::daemon
