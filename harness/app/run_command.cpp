// SPDX-License-Identifier: Apache-2.0
// From campaign to verdict.
#include <fmt/format.h>
#include <sys/utsname.h>

#include "clock.hpp"
#include "execute.hpp"
#include "judgement.hpp"
#include "version.hpp"

namespace tinyhil {

namespace {

std::string host_name() {
  utsname host{};
  ::uname(&host);
  return std::string(host.sysname) + " " + host.release + " " + host.machine;
}

Bench choose_bench(const RunOptions& options, const Campaign& campaign) {
  if (options.bench) return load_bench(*options.bench);
  if (campaign.bench) return load_bench(*campaign.bench);
  throw Error(ExitCode::usage, "no bench: neither --bench nor `bench` in the campaign",
              campaign.file.string(),
              "name a bench file: tinyhil run " + campaign.file.string() + " --bench bench.yaml");
}

RunRecord describe_run(const Inputs& inputs, const Bench& bench) {
  RunRecord run;
  run.campaign = inputs.campaign.name;
  run.campaign_file = inputs.campaign.file.string();
  run.campaign_digest = inputs.campaign.digest;
  run.bench = bench.name;
  run.policy_digest = inputs.policy.digest;
  run.started_at = to_text(system_now());
  run.host = host_name();
  run.version = kVersion;
  return run;
}

std::int64_t choose_run(const RunOptions& options, const Inputs& inputs, const Bench& bench, Store& store) {
  if (options.resume) {
    const auto unfinished = store.unfinished_run(inputs.campaign.name, inputs.campaign.digest);
    if (unfinished) return unfinished->id;
  }
  return store.begin_run(describe_run(inputs, bench));
}

// `tinyhil plan` and `tinyhil simulate` know every kind of sampling; a board runs the whole set.
void refuse_early_stops(const Policy& policy) {
  if (policy.sampling.stop == StopRule::never && policy.sampling.order == DrawOrder::recorded &&
      !policy.sampling.max_vectors) {
    return;
  }
  throw Error(
      ExitCode::usage,
      "a campaign cannot be drawn in another order or end early yet: every vector is run, in the order "
      "of the vector file",
      policy.file.string(),
      "remove `sampling` from the policy, or write `sampling: {order: recorded, stop: never}`");
}

}  // namespace

ExitCode run_command(const RunOptions& options) {
  const Inputs inputs = load_inputs(options.judge);
  refuse_early_stops(inputs.policy);
  const Bench bench = choose_bench(options, inputs.campaign);
  const Board& board = options.board.empty() ? bench.boards.front() : bench.board(options.board);

  Store store = Store::open(options.judge.store, Store::Access::read_write);
  const std::int64_t run = choose_run(options, inputs, bench, store);
  execute(inputs, board, store, run);

  const Judgement judgement = judge_run(store, run, inputs, system_now());
  return publish(judgement, inputs, options.judge);
}

}  // namespace tinyhil
