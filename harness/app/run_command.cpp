// SPDX-License-Identifier: Apache-2.0
// From campaign to verdict.
#include <fmt/format.h>

#include "base/clock.hpp"
#include "bench/board_hold.hpp"
#include "campaign/choose_run.hpp"
#include "campaign/mistakes.hpp"
#include "execute.hpp"
#include "publish.hpp"

namespace tinyhil {

namespace {

Bench choose_bench(const RunOptions& options, const Campaign& campaign) {
  if (options.bench) return load_bench(*options.bench);
  if (campaign.bench) return load_bench(*campaign.bench);
  throw Error(ErrorKind::usage, "no bench: neither --bench nor `bench` in the campaign",
              campaign.file.string(),
              "name a bench file: tinyhil run " + campaign.file.string() + " --bench bench.yaml");
}

std::vector<std::string> names_asked_for(const RunOptions& options, const Bench& bench) {
  if (!options.all_boards) return options.boards;
  std::vector<std::string> names;
  for (const Board& board : bench.boards) names.push_back(board.name);
  return names;
}

// Whoever asked to go on should not take another run's beginning for it.
void tell_what_resume_found(const std::optional<RunRecord>& last, const RunRecord& run,
                            const Campaign& campaign) {
  if (run.id != 0) return;
  if (!last) {
    fmt::print(stderr, "--resume: the store has no run of `{}`; a new one begins\n", campaign.name);
  } else if (last->campaign_digest != campaign.digest) {
    fmt::print(stderr, "--resume: the campaign file was another one in run {}; a new one begins\n", last->id);
  } else {
    fmt::print(stderr, "--resume: run {} has ended; a new one begins\n", last->id);
  }
}

}  // namespace

ExitCode run_command(const RunOptions& options) {
  const Inputs inputs = load_inputs(options.judge);
  const Bench bench = choose_bench(options, inputs.campaign);
  const Place place{&bench, choose_boards(bench, names_asked_for(options, bench))};
  refuse_mistakes(inputs, place);
  for (const Mistake& warning : inputs.warnings)
    fmt::print(stderr, "warning: {} ({}); {}\n", warning.what, warning.where, warning.remedy);
  const std::vector<BoardHold> held = hold_boards(bench, place.boards, options.wait);

  const std::unique_ptr<RunStore> store = open_store(options.judge.store, StoreAccess::read_write);
  const std::optional<RunRecord> last = store->latest_run(inputs.campaign.name);
  RunRecord run = choose_run(inputs, place, *store, options.resume ? Begin::where_it_stopped : Begin::anew);
  if (options.resume) tell_what_resume_found(last, run, inputs.campaign);
  execute(inputs, place.boards, {*store, run});

  const Judgement judgement = judge_run(*store, run.id, inputs, system_now());
  record_verdicts(judgement, inputs, *store);
  return publish(judgement, inputs, options.judge);
}

}  // namespace tinyhil
