// SPDX-License-Identifier: Apache-2.0
// One campaign on its way: it gets its boards, `tinyhil run` runs it on them as a child process, and what
// becomes of it goes into the book. What may block or crash is not in the daemon.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "daemon/campaigns/internal/campaign_book.hpp"
#include "daemon/campaigns/internal/event_tail.hpp"
#include "daemon/campaigns/internal/job_folder.hpp"
#include "daemon/campaigns/internal/job_process.hpp"
#include "daemon/service/internal/campaign_leases.hpp"
#include "daemon/service/internal/campaign_progress.hpp"

namespace tinyhil::daemon {

struct RunnerPolicy {
  std::filesystem::path jobs;                                  // folder of the campaigns' files
  std::filesystem::path program;                               // of tinyhil
  std::chrono::milliseconds grace = std::chrono::seconds(10);  // of a run that is told to stop
  std::function<void(const std::string&)> log = [](const std::string& /*line*/) {};
};

// What campaigns are run with. All of it is lent.
struct RunnerParts {
  asio::any_io_executor executor;
  Keeper& keeper;
  LeaseBook& leases;
  CampaignBook& book;
};

class CampaignJob {
 public:
  // `told` is called when there is something new of it.
  CampaignJob(const RunnerParts& parts, const RunnerPolicy& policy, CampaignId id,
              std::function<void()> told);

  void ask_for_board();  // throws as CampaignLeases::ask()
  // Once. Returns when it is over, or when the daemon stops; then it goes on at the next start. An end that
  // the disk does not take is written down as soon as it does. Throws Error only when the daemon stops
  // before.
  asio::awaitable<void> run();
  void cancel(const std::string& who);  // its run stops as on Ctrl-C, and may be resumed
  void stop();                          // the daemon stops

  std::vector<RequestId> leases() const { return leases_.ids(); }
  BoardProgress progress() const { return progress_.boards(); }

 private:
  asio::awaitable<void> run_to_end();
  asio::awaitable<bool> attempt();
  std::optional<CampaignProblem> reason_to_try_again(const CampaignEnd& end) const;
  asio::awaitable<void> try_again(FailedAttempt failed);
  asio::awaitable<int> run_child(CampaignBoards boards);
  std::vector<std::string> words(const CampaignBoards& boards) const;
  void look(const JobProcess& process);
  void end_child(const JobProcess& process);
  void read_events();
  void conclude(CampaignEnd end);
  void conclude_without(const CampaignProblem& problem);
  asio::awaitable<void> write_down(std::function<void()> change);
  asio::awaitable<void> pause(std::chrono::milliseconds longest);
  void tell(const CampaignRecord& record);

  RunnerParts parts_;
  const RunnerPolicy& policy_;
  CampaignId id_;
  JobFolder folder_;
  std::function<void()> told_;
  CampaignLeases leases_;
  EventTail tail_;
  asio::steady_timer tick_;
  CampaignProgress progress_;
  bool is_cancelled_ = false;
  bool is_stopping_ = false;
  std::optional<CampaignProblem> lost_{};  // its boards
  std::optional<std::chrono::steady_clock::time_point> told_to_end_{};
};

}  // namespace tinyhil::daemon
