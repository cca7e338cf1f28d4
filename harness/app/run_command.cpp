// SPDX-License-Identifier: Apache-2.0
// From campaign to verdict.
#include <fmt/format.h>
#include <sys/utsname.h>

#include "clock.hpp"
#include "early_stop.hpp"
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

RunRecord begin_run(const Inputs& inputs, const Bench& bench, Store& store) {
  RunRecord run = describe_run(inputs, bench);
  settle_order(inputs, store, run);
  run.id = store.begin_run(run);
  return run;
}

RunRecord choose_run(const RunOptions& options, const Inputs& inputs, const Bench& bench, Store& store) {
  if (options.resume) {
    const auto unfinished = store.unfinished_run(inputs.campaign.name, inputs.campaign.digest);
    if (unfinished) return *unfinished;
  }
  return begin_run(inputs, bench, store);
}

}  // namespace

ExitCode run_command(const RunOptions& options) {
  const Inputs inputs = load_inputs(options.judge);
  const Bench bench = choose_bench(options, inputs.campaign);
  const Board& board = options.board.empty() ? bench.boards.front() : bench.board(options.board);

  Store store = Store::open(options.judge.store, Store::Access::read_write);
  const RunRecord run = choose_run(options, inputs, bench, store);
  EarlyStop early(inputs, store, run);
  execute(inputs, board, store, run.id, early);
  if (early.is_out_of_time()) {
    fmt::print(stderr, "the time on the device (`max_device_time`) is over; go on with --resume\n");
  }

  const Judgement judgement = judge_run(store, run.id, inputs, system_now());
  return publish(judgement, inputs, options.judge);
}

}  // namespace tinyhil
