// SPDX-License-Identifier: Apache-2.0
// The campaigns that were submitted and are not over: each has a CampaignJob. Example:
//
//   CampaignRunner runner({executor, keeper, leases, book}, blobs, policy);
//   runner.go_on();                                        // with those of a daemon before this one
//   const CampaignRecord mine = runner.submit(wish);
//   co_await runner.wait_for_news(mine.id, deadline);
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "daemon/campaigns/internal/blob_store.hpp"
#include "daemon/service/internal/campaign_job.hpp"
#include "daemon/service/internal/news.hpp"

namespace tinyhil::daemon {

class CampaignRunner {
 public:
  // All but the policy is lent, and outlives it.
  CampaignRunner(const RunnerParts& parts, BlobStore& blobs, RunnerPolicy policy);

  // Takes up all that wait or run by the book. Once, when the boards are known.
  void go_on();

  // Asked again with the same key, it is the same one. Throws Error(usage): a file was not sent, or no board
  // of the host will ever do; Error(queue_full). Then nothing was submitted.
  CampaignRecord submit(CampaignWish wish);
  // Returns when it is over, or after the grace of its run. It stays as it is when it is over already.
  asio::awaitable<CampaignRecord> cancel(CampaignId id, std::string who);
  CampaignRecord resume(CampaignId id, const std::string& who);

  bool is_active(CampaignId id) const { return jobs_.contains(id); }
  BoardProgress progress(CampaignId id) const;         // of an active one
  std::vector<RequestId> leases(CampaignId id) const;  // likewise
  JobFolder folder(CampaignId id) const { return {policy_.jobs, id}; }

  // Returns when there is something new of this campaign, or at the deadline.
  asio::awaitable<void> wait_for_news(CampaignId id, std::chrono::steady_clock::time_point deadline) {
    return news_.wait(id, deadline);
  }
  // Runs stop; they go on at the next start. Returns when they have, or after the grace.
  asio::awaitable<void> stop();

 private:
  void begin(CampaignId id);
  void end(CampaignId id, const std::exception_ptr& failure);
  void drop_old();
  void take_back_refused();

  RunnerParts parts_;
  BlobStore& blobs_;
  const RunnerPolicy policy_;
  News<CampaignId> news_;
  std::map<CampaignId, std::unique_ptr<CampaignJob>> jobs_;
  std::set<CampaignId> refused_;  // submissions that could not be taken back yet
};

}  // namespace tinyhil::daemon
