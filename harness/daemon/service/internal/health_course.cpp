// SPDX-License-Identifier: Apache-2.0
#include "health_course.hpp"

#include <cstdlib>

namespace tinyhil::daemon {

namespace {

const char* words_of(Step step) {
  switch (step) {
    case Step::repeat:
      return "it is checked again";
    case Step::reset:
      return "it is reset";
    case Step::probe:
      return "its probe is reset";
    case Step::power:
      return "its supply is switched off and on";
    case Step::flash:
      return "its firmware is put back";
  }
  std::abort();
}

// False: it could not be cleaned, as `found` says then.
asio::awaitable<bool> clean(BoardCheck& check, const HealthTask& task, const HealthNews& news,
                            HealthCheck& found) {
  std::optional<Step> step = next_cleaning_step(found.steps, task.means);
  while (step) {
    news.doing(std::string("after an untrusted user ") + words_of(*step));
    StepTaken taken;
    taken.step = *step;
    taken.is_cleaning = true;
    taken.problem = co_await check.carry_out(*step, task.entry);
    found.steps.push_back(taken);
    news.taken(taken);
    if (!taken.problem.empty()) found.problem = "it could not be cleaned: " + taken.problem;
    step = next_cleaning_step(found.steps, task.means);
  }
  const bool is_done = is_clean(found.steps, task.means);
  if (is_done) found.problem.clear();
  co_return is_done;
}

// While the board fails and there is another step.
asio::awaitable<void> climb(BoardCheck& check, const HealthTask& task, const HealthNews& news,
                            HealthCheck& found) {
  std::vector<StepTaken> climbed;
  std::optional<Step> step = next_step(climbed, task.means);
  while (step && !found.problem.empty()) {
    news.doing("its check failed: " + found.problem + "; " + words_of(*step));
    StepTaken taken;
    taken.step = *step;
    taken.problem = co_await check.carry_out(*step, task.entry);
    if (taken.problem.empty()) {
      const CheckResult result = co_await check.greet(task.entry);
      found.problem = result.problem;
      found.firmware = result.firmware;
    }
    taken.seen = found.problem;
    climbed.push_back(taken);
    found.steps.push_back(taken);
    news.taken(taken);
    step = next_step(climbed, task.means);
  }
}

}  // namespace

asio::awaitable<HealthCheck> check_health(BoardCheck& check, HealthTask task, HealthNews news) {
  HealthCheck found;
  found.cause = task.cause;
  found.command = check.command(task.entry);
  bool is_good = true;
  if (task.cleans) is_good = co_await clean(check, task, news, found);
  found.was_cleaned = task.cleans && is_good;
  if (!is_good) {
    found.first_problem = found.problem;
    co_return found;
  }
  news.doing("it is checked");
  const CheckResult first = co_await check.greet(task.entry);
  found.first_problem = first.problem;
  found.problem = first.problem;
  found.firmware = first.firmware;
  if (task.climbs) co_await climb(check, task, news, found);
  co_return found;
}

}  // namespace tinyhil::daemon
