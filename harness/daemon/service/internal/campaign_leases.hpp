// SPDX-License-Identifier: Apache-2.0
// The boards of one campaign: asked for in its owner's name, waited for, held and returned. One that asks for
// several begins with those that are free when it gets its first, and waits for no more: so nobody holds a
// board while waiting for another. Example:
//
//   CampaignLeases leases(keeper, book);
//   leases.ask(campaign);                              // throws when no board will ever do
//   const auto boards = co_await leases.acquire(campaign);
//   leases.beat();                                     // every now and then
#pragma once

#include <boost/asio/awaitable.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "daemon/campaigns/internal/campaign_record.hpp"
#include "daemon/service/internal/keeper.hpp"
#include "daemon/service/internal/lease_book.hpp"

namespace tinyhil::daemon {

struct CampaignBoards {
  std::filesystem::path bench;      // of all of them
  std::vector<std::string> boards;  // in the order of their shares
};

class CampaignLeases {
 public:
  CampaignLeases(Keeper& keeper, LeaseBook& book) : keeper_(keeper), book_(book) {}  // lent

  // For its first board. Leases that it has already, from before the daemon was started again, are these.
  // Throws as LeaseBook::ask().
  void ask(const CampaignRecord& campaign);
  // After ask(). One that has run on several boards gets the same ones again, in the order of their names.
  // Throws Error(lease_lost) when the wait is ended.
  asio::awaitable<CampaignBoards> acquire(CampaignRecord campaign);
  void beat();                            // throws Error(lease_lost)
  void end_wait(const std::string& who);  // acquire() throws then
  // Both may throw when some are ended; the others are still to be ended then.
  void give_back();
  // Something went wrong on them: each is checked before anybody has it.
  void give_back_for_check();

  std::vector<RequestId> ids() const;

 private:
  LeaseRecord ask_for(const CampaignRecord& campaign, const std::string& selector);
  asio::awaitable<void> wait_for(std::size_t lease);
  asio::awaitable<void> acquire_again(CampaignRecord campaign);
  void add_free_ones(const CampaignRecord& campaign);
  std::string selector_of(const CampaignRecord& campaign) const;  // of the attempt that it is at
  const InventoryBoard& board_of(const LeaseRecord& lease) const;
  CampaignBoards boards() const;
  void end_last();

  Keeper& keeper_;
  LeaseBook& book_;
  std::vector<LeaseRecord> leases_;
};

}  // namespace tinyhil::daemon
