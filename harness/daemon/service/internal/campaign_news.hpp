// SPDX-License-Identifier: Apache-2.0
// Who waits for something new of which campaign. Only they are woken: a host may run many campaigns, each of
// which has something new several times a second. One thread. Example:
//
//   co_await news.wait(id, deadline);  // whoever follows the campaign
//   news.tell(id);                     // its job, when it has read an event
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <map>

#include "daemon/campaigns/internal/campaign_record.hpp"

namespace tinyhil::daemon {

namespace asio = boost::asio;

class CampaignNews {
 public:
  explicit CampaignNews(asio::any_io_executor executor) : executor_(std::move(executor)) {}

  // Returns when something new of this campaign was told, or at the deadline. Cancelled as Asio cancels.
  asio::awaitable<void> wait(CampaignId id, std::chrono::steady_clock::time_point deadline);
  void tell(CampaignId id);

 private:
  asio::any_io_executor executor_;
  std::multimap<CampaignId, asio::steady_timer*> waiting_;  // lent by those that wait
};

}  // namespace tinyhil::daemon
