// SPDX-License-Identifier: Apache-2.0
// From campaign to verdict.
#include <fmt/format.h>
#include <sys/utsname.h>

#include <algorithm>

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

std::vector<const Board*> choose_boards(const RunOptions& options, const Bench& bench) {
  std::vector<const Board*> boards;
  for (const Board& board : bench.boards) {
    if (options.all_boards || (options.boards.empty() && boards.empty())) boards.push_back(&board);
  }
  for (const std::string& name : options.boards) {
    if (std::ranges::find(boards, &bench.board(name)) != boards.end()) {
      throw Error(ExitCode::usage, "board `" + name + "` is named twice", bench.file.string(),
                  "name each board once");
    }
    boards.push_back(&bench.board(name));
  }
  return boards;
}

std::vector<std::string> names_of(const std::vector<const Board*>& boards) {
  std::vector<std::string> names;
  for (const Board* board : boards) names.push_back(board->name);
  return names;
}

RunRecord describe_run(const Inputs& inputs, const Bench& bench, const std::vector<const Board*>& boards) {
  RunRecord run;
  run.campaign = inputs.campaign.name;
  run.campaign_file = inputs.campaign.file.string();
  run.campaign_digest = inputs.campaign.digest;
  run.bench = bench.name;
  run.policy_digest = inputs.policy.digest;
  run.started_at = to_text(system_now());
  run.host = host_name();
  run.version = kVersion;
  if (boards.size() > 1) run.boards = names_of(boards);
  return run;
}

// Each board of several goes on with its share.
void check_same_boards(const RunRecord& run, const std::vector<const Board*>& boards, const Bench& bench) {
  if (run.boards.empty() ? boards.size() == 1 : run.boards == names_of(boards)) return;
  std::string options;
  for (const std::string& name : run.boards) options += " --board " + name;
  throw Error(ExitCode::usage, "run " + std::to_string(run.id) + " divided the vectors among other boards",
              bench.file.string(),
              options.empty() ? "take it up with one board, or start a new run, without --resume"
                              : "take it up with" + options + ", or start a new run, without --resume");
}

RunRecord begin_run(const Inputs& inputs, const Bench& bench, const std::vector<const Board*>& boards,
                    Store& store) {
  RunRecord run = describe_run(inputs, bench, boards);
  settle_order(inputs, store, run);
  run.id = store.begin_run(run);
  return run;
}

RunRecord choose_run(const RunOptions& options, const Inputs& inputs, const Bench& bench,
                     const std::vector<const Board*>& boards, Store& store) {
  if (options.resume) {
    const auto unfinished = store.unfinished_run(inputs.campaign.name, inputs.campaign.digest);
    if (unfinished) check_same_boards(*unfinished, boards, bench);
    if (unfinished) return *unfinished;
  }
  return begin_run(inputs, bench, boards, store);
}

}  // namespace

ExitCode run_command(const RunOptions& options) {
  const Inputs inputs = load_inputs(options.judge);
  const Bench bench = choose_bench(options, inputs.campaign);
  const std::vector<const Board*> boards = choose_boards(options, bench);

  Store store = Store::open(options.judge.store, Store::Access::read_write);
  const RunRecord run = choose_run(options, inputs, bench, boards, store);
  EarlyStop early(inputs, store, run);
  execute(inputs, boards, store, run.id, early);
  if (early.is_out_of_time()) {
    fmt::print(stderr, "the time on the device (`max_device_time`) is over; go on with --resume\n");
  }

  const Judgement judgement = judge_run(store, run.id, inputs, system_now());
  return publish(judgement, inputs, options.judge);
}

}  // namespace tinyhil
