// SPDX-License-Identifier: Apache-2.0
#include "campaign_job.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <utility>

#include "base/error.hpp"
#include "base/write_file.hpp"
#include "daemon/campaigns/internal/campaign_json.hpp"
#include "daemon/service/internal/campaign_documents.hpp"
#include "daemon/service/internal/campaign_retry.hpp"
#include "daemon/service/internal/run_outcome.hpp"
#include "model/exit_code.hpp"
#include "model/failure_class.hpp"

namespace tinyhil::daemon {

namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLookEvery{100};  // at the child's events, and at its leases
constexpr std::chrono::milliseconds kWrittenAgainAfter{1'000};

CampaignProblem problem_of(const Error& error) {
  const std::optional<FailureClass> of = failure_class(error.kind());
  return {static_cast<int>(exit_code(error.kind())), error.what(), error.where(), error.remedy(),
          of ? to_string(*of) : ""};
}

}  // namespace

CampaignJob::CampaignJob(const RunnerParts& parts, const RunnerPolicy& policy, CampaignId id,
                         std::function<void()> told)
    : parts_(parts),
      policy_(policy),
      id_(id),
      folder_(policy.jobs, id),
      told_(std::move(told)),
      leases_(parts.keeper, parts.leases),
      tail_(folder_.events(), 0),
      tick_(parts.executor) {}

void CampaignJob::ask_for_board() { leases_.ask(parts_.book.campaign(id_)); }

asio::awaitable<void> CampaignJob::run() {
  std::optional<CampaignProblem> problem;
  try {
    tell(parts_.book.campaign(id_));
    co_await run_to_end();
  } catch (const Error& error) {
    problem = problem_of(error);
  }
  if (problem && !is_cancelled_ && !is_stopping_)
    policy_.log(name_of(id_) + ": " + problem->what + " (" + problem->where + ")");
  if (problem) {
    const std::function<void()> end = [this, &problem] { conclude_without(*problem); };
    co_await write_down(end);
  }
  const std::function<void()> give_back = [this] { leases_.give_back(); };
  if (!is_stopping_) co_await write_down(give_back);
}

void CampaignJob::conclude_without(const CampaignProblem& problem) {
  if (is_cancelled_) {
    tell(parts_.book.stop(id_, parts_.keeper.now()));
  } else if (!is_stopping_) {
    tell(parts_.book.fail(id_, problem, parts_.keeper.now()));
  }
}

// What the disk does not take is tried again, until it does or the daemon stops: without its end a campaign
// would be running for as long as the daemon does.
asio::awaitable<void> CampaignJob::write_down(std::function<void()> change) {
  bool is_told = false;
  while (true) {
    try {
      change();
      co_return;
    } catch (const Error& error) {
      const bool may_pass = error.kind() == ErrorKind::bench_fault || error.kind() == ErrorKind::output;
      if (!may_pass || is_stopping_) throw;
      if (!std::exchange(is_told, true))
        policy_.log(name_of(id_) + " ends as soon as that can be written down: " + error.what() + " (" +
                    error.where() + ")");
    }
    co_await pause(kWrittenAgainAfter);
  }
}

asio::awaitable<void> CampaignJob::pause(std::chrono::milliseconds longest) {
  tick_.expires_after(longest);
  boost::system::error_code woken;
  co_await tick_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
}

asio::awaitable<void> CampaignJob::run_to_end() {
  bool is_over = false;
  while (!is_over) is_over = co_await attempt();
}

// False: it is tried again.
asio::awaitable<bool> CampaignJob::attempt() {
  leases_.ask(parts_.book.campaign(id_));
  CampaignRecord record = parts_.book.campaign(id_);
  CampaignBoards boards = co_await leases_.acquire(std::move(record));
  if (is_cancelled_) throw Error(ErrorKind::interrupted, "cancelled", name_of(id_), "resume it");
  if (is_stopping_) co_return true;
  tell(parts_.book.start(id_, boards.boards, parts_.keeper.now()));
  const std::vector<std::string> names = boards.boards;
  const int code = co_await run_child(std::move(boards));
  read_events();
  const CampaignEnd end = run_outcome(folder_, code);
  const std::optional<CampaignProblem> why = reason_to_try_again(end);
  if (why) {
    FailedAttempt failed{names, *why};
    co_await try_again(std::move(failed));
    co_return false;
  }
  const std::function<void()> conclusion = [this, &end] { conclude(end); };
  co_await write_down(conclusion);
  co_return true;
}

std::optional<CampaignProblem> CampaignJob::reason_to_try_again(const CampaignEnd& end) const {
  if (is_cancelled_ || is_stopping_ || lost_) return std::nullopt;
  return reason_to_retry(end, parts_.book.campaign(id_));
}

asio::awaitable<void> CampaignJob::try_again(FailedAttempt failed) {
  policy_.log(name_of(id_) + ": is tried again: " + failed.problem.what + " (" + failed.problem.where + ")");
  CampaignRecord record;
  const std::function<void()> note = [&] { record = parts_.book.try_again(id_, failed); };
  co_await write_down(note);
  const std::function<void()> list = [&] {
    write_file(folder_.attempts(), json_of(record.end.failed_attempts).dump());
  };
  co_await write_down(list);
  progress_ = CampaignProgress();
  const std::function<void()> give_back = [this] { leases_.give_back_for_check(); };
  co_await write_down(give_back);
  tell(record);
}

std::vector<std::string> CampaignJob::words(const CampaignBoards& boards) const {
  const CampaignWish wish = parts_.book.campaign(id_).wish;
  std::vector<std::string> words{policy_.program.string(),
                                 "run",
                                 (folder_.files() / wish.campaign).string(),
                                 "--within",
                                 folder_.files().string(),
                                 "--bench",
                                 boards.bench.string(),
                                 "--store",
                                 folder_.store().string(),
                                 "--report",
                                 folder_.report().string(),
                                 "--events",
                                 folder_.events().string(),
                                 "--json",
                                 "--wait",
                                 "60"};
  for (const std::string& board : boards.boards) words.insert(words.end(), {"--board", board});
  for (const std::string& candidate : wish.candidates) words.insert(words.end(), {"--candidate", candidate});
  if (!wish.image.empty()) words.insert(words.end(), {"--image", (folder_.files() / wish.image).string()});
  if (wish.seed) words.insert(words.end(), {"--seed", std::to_string(*wish.seed)});
  if (std::filesystem::exists(folder_.attempts()))
    words.insert(words.end(), {"--failed-attempts", folder_.attempts().string()});
  if (std::filesystem::exists(folder_.store())) words.emplace_back("--resume");
  return words;
}

asio::awaitable<int> CampaignJob::run_child(CampaignBoards boards) {
  const JobCommand command{words(boards), folder_.output(), folder_.log()};
  JobProcess process(parts_.executor, command);
  std::optional<int> code;
  asio::co_spawn(parts_.executor, process.ended(), [&](std::exception_ptr /*none*/, int ended) {
    code = ended;
    tick_.cancel();
  });
  while (!code) {
    look(process);
    co_await pause(kLookEvery);
  }
  co_return *code;
}

void CampaignJob::look(const JobProcess& process) {
  read_events();
  try {
    if (!lost_) leases_.beat();
  } catch (const Error& error) {
    lost_ = problem_of(error);
  }
  if (lost_ || is_cancelled_ || is_stopping_) end_child(process);
}

// As Ctrl-C does it; a run that does not stop then has the time that it was given.
void CampaignJob::end_child(const JobProcess& process) {
  const auto now = steady_clock::now();
  if (!told_to_end_) process.send(SIGINT);
  if (!told_to_end_) told_to_end_ = now;
  if (now - *told_to_end_ >= policy_.grace) process.send(SIGKILL);
}

void CampaignJob::read_events() {
  if (progress_.read(tail_)) told_();
}

// A verdict counts, also where somebody wanted to stop it meanwhile.
void CampaignJob::conclude(CampaignEnd end) {
  const Moment now = parts_.keeper.now();
  if (end.problem && is_stopping_) return;
  if (!end.problem) {
    end.may_go_on = progress_.is_out_of_time();
    tell(parts_.book.finish(id_, std::move(end), now));
  } else if (is_cancelled_) {
    tell(parts_.book.stop(id_, now));
  } else {
    tell(parts_.book.fail(id_, lost_.value_or(*end.problem), now));
  }
}

void CampaignJob::tell(const CampaignRecord& record) {
  try {
    append_event(folder_.events(), state_event(record, progress()));
    read_events();
  } catch (const Error& error) {
    policy_.log(name_of(id_) + ": " + error.what() + " (" + error.where() + ")");
  }
  told_();
}

void CampaignJob::cancel(const std::string& who) {
  is_cancelled_ = true;
  leases_.end_wait(who);
  tick_.cancel();
}

void CampaignJob::stop() {
  is_stopping_ = true;
  tick_.cancel();
}

}  // namespace tinyhil::daemon
