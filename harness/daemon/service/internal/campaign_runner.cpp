// SPDX-License-Identifier: Apache-2.0
#include "campaign_runner.hpp"

#include <boost/asio/co_spawn.hpp>
#include <utility>

#include "base/error.hpp"

namespace tinyhil::daemon {

namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kBeyondGrace{5};  // for a run that was killed to be reaped and written down

void check_files(const CampaignWish& wish, const BlobStore& blobs) {
  for (const auto& [path, digest] : wish.files) {
    check_sent_path(path);
    if (!blobs.has(digest))
      throw Error(ErrorKind::usage, "there is no upload " + digest.hex(), path,
                  "send it first: PUT /api/v1/blobs/" + digest.hex());
  }
}

}  // namespace

CampaignRunner::CampaignRunner(const RunnerParts& parts, BlobStore& blobs, RunnerPolicy policy)
    : parts_(parts), blobs_(blobs), policy_(std::move(policy)), news_(parts.executor) {}

void CampaignRunner::begin(CampaignId id) {
  auto& job = jobs_[id];
  if (!job) job = std::make_unique<CampaignJob>(parts_, policy_, id, [this, id] { news_.tell(id); });
  asio::co_spawn(parts_.executor, job->run(), [this, id](std::exception_ptr failure) { end(id, failure); });
}

// What could not be written down goes on at the next start.
void CampaignRunner::end(CampaignId id, const std::exception_ptr& failure) {
  try {
    if (failure) std::rethrow_exception(failure);
    drop_old();
  } catch (const std::exception& error) {
    policy_.log(name_of(id) + ": " + error.what());
  }
  jobs_.erase(id);
  news_.tell(id);
}

void CampaignRunner::drop_old() {
  for (const CampaignId old : parts_.book.forget_old()) folder(old).remove();
  blobs_.drop_unused();
}

void CampaignRunner::go_on() {
  for (const CampaignRecord& record : parts_.book.open()) {
    policy_.log(name_of(record.id) + " goes on");
    try {
      folder(record.id).lay_out(record.wish, blobs_);  // where the daemon was killed while it did
    } catch (const Error& error) {
      policy_.log(name_of(record.id) + ": " + error.what());  // its run says which file is missing
    }
    begin(record.id);
  }
}

CampaignRecord CampaignRunner::submit(CampaignWish wish) {
  check_files(wish, blobs_);
  take_back_refused();
  const std::string who = wish.owner;
  const CampaignRecord record = parts_.book.submit(wish, parts_.keeper.now());
  if (is_active(record.id) || is_over(record.state)) return record;
  try {
    folder(record.id).lay_out(wish, blobs_);
    auto job =
        std::make_unique<CampaignJob>(parts_, policy_, record.id, [this, id = record.id] { news_.tell(id); });
    job->ask_for_board();
    parts_.leases.note(
        {0, parts_.keeper.now(), who, "campaign.submit", name_of(record.id), record.wish.name});
    jobs_[record.id] = std::move(job);
  } catch (const Error&) {
    refused_.insert(record.id);
    take_back_refused();
    throw;
  }
  begin(record.id);
  return record;
}

// A disk that refuses the rest of a submission may refuse to forget it, too; then it is forgotten later.
void CampaignRunner::take_back_refused() {
  try {
    while (!refused_.empty()) {
      const CampaignId id = *refused_.begin();
      parts_.book.take_back(id);
      folder(id).remove();
      refused_.erase(id);
    }
  } catch (const Error& error) {
    policy_.log(std::string("a refused submission is still kept: ") + error.what() + " (" + error.where() +
                ")");
  }
}

asio::awaitable<CampaignRecord> CampaignRunner::cancel(CampaignId id, std::string who) {
  CampaignRecord record = parts_.book.campaign(id);
  if (is_over(record.state)) co_return record;
  parts_.leases.note({0, parts_.keeper.now(), who, "campaign.cancel", name_of(id), record.wish.name});
  const auto job = jobs_.find(id);
  if (job == jobs_.end()) co_return parts_.book.stop(id, parts_.keeper.now());
  job->second->cancel(who);
  const auto end = steady_clock::now() + policy_.grace + kBeyondGrace;
  while (is_active(id) && steady_clock::now() < end) co_await wait_for_news(id, end);
  co_return parts_.book.campaign(id);
}

CampaignRecord CampaignRunner::resume(CampaignId id, const std::string& who) {
  CampaignRecord before = parts_.book.campaign(id);
  if (is_active(id)) {
    if (!is_over(before.state)) return before;
    throw Error(ErrorKind::bench_fault, name_of(id) + " is just ending", name_of(id), "try again");
  }
  parts_.leases.note({0, parts_.keeper.now(), who, "campaign.resume", name_of(id), before.wish.name});
  const CampaignRecord record = parts_.book.resume(id);
  begin(id);
  return record;
}

BoardProgress CampaignRunner::progress(CampaignId id) const {
  const auto job = jobs_.find(id);
  return job == jobs_.end() ? BoardProgress{} : job->second->progress();
}

std::vector<RequestId> CampaignRunner::leases(CampaignId id) const {
  const auto job = jobs_.find(id);
  return job == jobs_.end() ? std::vector<RequestId>{} : job->second->leases();
}

asio::awaitable<void> CampaignRunner::stop() {
  for (const auto& [id, job] : jobs_) job->stop();
  const auto end = steady_clock::now() + policy_.grace + kBeyondGrace;
  while (!jobs_.empty() && steady_clock::now() < end) co_await wait_for_news(jobs_.begin()->first, end);
}

}  // namespace tinyhil::daemon
