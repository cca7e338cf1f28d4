// SPDX-License-Identifier: Apache-2.0
// From campaign to verdict.
#include <fmt/format.h>

#include "base/clock.hpp"
#include "campaign/choose_run.hpp"
#include "campaign/mistakes.hpp"
#include "execute.hpp"
#include "hold.hpp"
#include "model/campaign_within.hpp"
#include "publish.hpp"

namespace tinyhil::app {

namespace {

Bench choose_bench(const RunOptions& options, const Campaign& campaign) {
  if (options.bench) return load_bench(*options.bench);
  if (campaign.bench) return load_bench(*campaign.bench);
  throw Error(ErrorKind::usage, "no bench: neither --bench nor `bench` in the campaign",
              campaign.file.string(),
              "name a bench file: tinyhil run " + campaign.file.string() + " --bench bench.yaml");
}

// That one, whatever the bench file names.
void take_image(const RunOptions& options, const Campaign& campaign, Bench& bench) {
  if (!options.image) return;
  if (campaign.compares_images()) {
    throw Error(ErrorKind::usage, "--image names one firmware, but the campaign compares firmware images",
                campaign.file.string(),
                "leave --image out: each of the campaign's images is put on the board in turn");
  }
  for (Board& board : bench.boards) {
    board.image = std::filesystem::absolute(*options.image);
    board.is_put = true;
  }
}

std::vector<std::string> names_asked_for(const RunOptions& options, const Bench& bench) {
  if (!options.all_boards) return options.boards;
  std::vector<std::string> names;
  for (const Board& board : bench.boards) names.push_back(board.name);
  return names;
}

campaign::Inputs inputs_of(const RunOptions& options) {
  if (!options.within) return load_inputs(options.judge);
  return campaign::load_inputs(load_campaign_within(options.judge.campaign, *options.within),
                               options.judge.candidates);
}

// To draw another order of vectors that these models have run would be a second chance: whoever knows of it,
// says so.
void take_seed(const RunOptions& options, const campaign::Inputs& inputs, RunRecord& run) {
  if (!options.seed || run.id != 0 || !run.sampling || inputs.policy.sampling.seed) return;
  run.order_seed = *options.seed;
  run.seed_origin = SeedOrigin::chosen;
}

// A new run has them from its beginning.
void take_failed_attempts(const RunOptions& options, store::RunStore& store, RunRecord& run) {
  if (run.id != 0) store.add_new_attempts(run.id, options.failed_attempts);
  if (options.failed_attempts.size() > run.failed_attempts.size())
    run.failed_attempts = options.failed_attempts;
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
  const campaign::Inputs inputs = inputs_of(options);
  Bench bench = choose_bench(options, inputs.campaign);
  take_image(options, inputs.campaign, bench);
  const campaign::Place place{&bench, campaign::choose_boards(bench, names_asked_for(options, bench))};
  campaign::refuse_mistakes(inputs, place);
  for (const gate::Mistake& warning : inputs.warnings)
    fmt::print(stderr, "warning: {} ({}); {}\n", warning.what, warning.where, warning.remedy);
  const std::vector<bench::BoardHold> held = hold(bench, place.boards, options.wait);

  const std::unique_ptr<store::RunStore> store =
      store::open_store(options.judge.store, store::StoreAccess::read_write);
  const std::optional<RunRecord> last = store->latest_run(inputs.campaign.name);
  RunRecord run = campaign::choose_run(
      inputs, place, *store, options.resume ? campaign::Begin::where_it_stopped : campaign::Begin::anew);
  if (options.resume) tell_what_resume_found(last, run, inputs.campaign);
  take_seed(options, inputs, run);
  take_failed_attempts(options, *store, run);
  std::optional<EventLog> log;
  if (options.events) log.emplace(*options.events);
  execute({inputs, place.boards, {*store, run}}, log ? &*log : nullptr);

  const campaign::Judgement judgement = campaign::judge_run(*store, run.id, inputs, system_now());
  campaign::record_verdicts(judgement, inputs, *store);
  return publish(judgement, inputs, options.judge);
}

}  // namespace tinyhil::app
