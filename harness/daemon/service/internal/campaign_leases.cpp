// SPDX-License-Identifier: Apache-2.0
#include "campaign_leases.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "daemon/service/internal/campaign_retry.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::chrono::milliseconds kBeatWhileWaiting{1'000};
constexpr std::size_t kLeasePurposeMost = 200;

// Of a run that was divided: each board goes on with its share.
bool is_divided(const CampaignRecord& campaign) { return campaign.boards.size() > 1; }

std::string only(const std::string& board) { return "board=" + board; }

}  // namespace

LeaseRecord CampaignLeases::ask_for(const CampaignRecord& campaign, const std::string& selector) {
  LeaseWish wish;
  wish.owner = campaign.wish.owner;
  wish.selector = selector;
  wish.priority = campaign.wish.priority;
  wish.purpose = (name_of(campaign.id) + ": " + campaign.wish.name).substr(0, kLeasePurposeMost);
  wish.key = name_of(campaign.id) + ", board " + std::to_string(leases_.size());
  return book_.ask(std::move(wish), keeper_.now());
}

void CampaignLeases::ask(const CampaignRecord& campaign) {
  if (!leases_.empty()) return;
  const std::string first = is_divided(campaign)
                                ? only(*std::min_element(campaign.boards.begin(), campaign.boards.end()))
                                : selector_of(campaign);
  leases_.push_back(ask_for(campaign, first));
  keeper_.settle();
}

asio::awaitable<void> CampaignLeases::wait_for(std::size_t lease) {
  const std::chrono::milliseconds pause =
      std::min(kBeatWhileWaiting,
               std::chrono::duration_cast<std::chrono::milliseconds>(book_.policy().time_to_live) / 3);
  while (leases_[lease].board.empty()) {
    if (keeper_.is_stopping())
      throw Error(ErrorKind::interrupted, "the daemon stops", "daemon", "start it again");
    LeaseRecord now = co_await keeper_.wait(leases_[lease].id, pause);
    leases_[lease] = std::move(now);
    if (!leases_[lease].ended_at) beat();
    if (leases_[lease].ended_at)
      throw Error(ErrorKind::lease_lost, "its wait for a board was ended",
                  "lease " + std::to_string(leases_[lease].id.value), "resume it, or submit it again");
  }
}

// In one order, whoever asks: two of them cannot wait for each other.
asio::awaitable<void> CampaignLeases::acquire_again(CampaignRecord campaign) {
  std::vector<std::string> names = campaign.boards;
  std::sort(names.begin(), names.end());
  for (std::size_t i = 1; i < names.size(); ++i) {
    leases_.push_back(ask_for(campaign, only(names[i])));
    keeper_.settle();
    co_await wait_for(i);
  }
}

const InventoryBoard& CampaignLeases::board_of(const LeaseRecord& lease) const {
  if (const InventoryBoard* board = keeper_.board(lease.board)) return *board;
  throw Error(ErrorKind::lease_lost, "the board is in no bench file any more", "board " + lease.board,
              "add it again, or submit the campaign for another");
}

void CampaignLeases::add_free_ones(const CampaignRecord& campaign) {
  const InventoryBoard& first = board_of(leases_.front());
  const std::string wanted = selector_of(campaign);
  const std::string selector = wanted + (wanted.empty() ? "" : ",") + "bench=" + first.labels.at("bench");
  while (leases_.size() < campaign.wish.boards) {
    const LeaseRecord lease = ask_for(campaign, selector);
    if (!lease.board.empty() && board_of(lease).bench == first.bench) {
      leases_.push_back(lease);
      continue;
    }
    book_.end(lease.id, lease.board.empty() ? LeaseEnd::cancelled : LeaseEnd::released, keeper_.now(),
              campaign.wish.owner);
    break;
  }
  keeper_.settle();
}

asio::awaitable<CampaignBoards> CampaignLeases::acquire(CampaignRecord campaign) {
  co_await wait_for(0);
  if (is_divided(campaign)) {
    co_await acquire_again(campaign);
  } else {
    add_free_ones(campaign);
  }
  CampaignBoards acquired = boards();
  if (is_divided(campaign)) acquired.boards = campaign.boards;
  co_return acquired;
}

CampaignBoards CampaignLeases::boards() const {
  CampaignBoards held;
  for (const LeaseRecord& lease : leases_) {
    const InventoryBoard& board = board_of(lease);
    if (held.bench.empty()) held.bench = board.bench;
    if (held.bench != board.bench)
      throw Error(ErrorKind::usage, "the boards of the campaign are in two bench files by now",
                  "board " + lease.board, "put them into one, or submit the campaign again");
    held.boards.push_back(lease.board);
  }
  return held;
}

void CampaignLeases::beat() {
  for (const LeaseRecord& lease : leases_) book_.beat(lease.id, lease.epoch, keeper_.now());
}

void CampaignLeases::end_wait(const std::string& who) {
  for (const LeaseRecord& lease : leases_)
    if (lease.board.empty()) book_.end(lease.id, LeaseEnd::cancelled, keeper_.now(), who);
  keeper_.settle();
}

std::string CampaignLeases::selector_of(const CampaignRecord& campaign) const {
  std::vector<BoardEntry> boards;
  for (const BoardStatus& status : book_.boards()) boards.push_back(status.entry);
  return selector_of_attempt(campaign, boards);
}

void CampaignLeases::give_back_for_check() {
  while (!leases_.empty()) {
    const std::string board = leases_.back().board;
    end_last();
    if (!board.empty()) keeper_.check(board);
  }
  keeper_.settle();
}

void CampaignLeases::give_back() {
  while (!leases_.empty()) end_last();
  keeper_.settle();
}

void CampaignLeases::end_last() {
  const LeaseRecord& lease = leases_.back();
  book_.end(lease.id, lease.board.empty() ? LeaseEnd::cancelled : LeaseEnd::released, keeper_.now());
  leases_.pop_back();
}

std::vector<RequestId> CampaignLeases::ids() const {
  std::vector<RequestId> ids;
  for (const LeaseRecord& lease : leases_) ids.push_back(lease.id);
  return ids;
}

}  // namespace tinyhil::daemon
