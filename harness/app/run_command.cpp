// SPDX-License-Identifier: Apache-2.0
// From campaign to verdict.
#include <fmt/format.h>

#include "board_hold.hpp"
#include "choose_run.hpp"
#include "clock.hpp"
#include "early_stop.hpp"
#include "execute.hpp"
#include "publish.hpp"

namespace tinyhil {

namespace {

Bench choose_bench(const RunOptions& options, const Campaign& campaign) {
  if (options.bench) return load_bench(*options.bench);
  if (campaign.bench) return load_bench(*campaign.bench);
  throw Error(ExitCode::usage, "no bench: neither --bench nor `bench` in the campaign",
              campaign.file.string(),
              "name a bench file: tinyhil run " + campaign.file.string() + " --bench bench.yaml");
}

std::vector<std::string> names_asked_for(const RunOptions& options, const Bench& bench) {
  if (!options.all_boards) return options.boards;
  std::vector<std::string> names;
  for (const Board& board : bench.boards) names.push_back(board.name);
  return names;
}

}  // namespace

ExitCode run_command(const RunOptions& options) {
  const Inputs inputs = load_inputs(options.judge);
  const Bench bench = choose_bench(options, inputs.campaign);
  const std::vector<const Board*> boards = choose_boards(bench, names_asked_for(options, bench));
  const std::vector<BoardHold> held = hold_boards(bench, boards, options.wait);

  Store store = Store::open(options.judge.store, Store::Access::read_write);
  const RunRecord run =
      choose_run(inputs, bench, boards, store, options.resume ? Begin::where_it_stopped : Begin::anew);
  EarlyStop early(inputs, store, run);
  execute(inputs, boards, store, run.id, early);
  if (early.is_out_of_time()) {
    fmt::print(stderr, "the time on the device (`max_device_time`) is over; go on with --resume\n");
  }

  const Judgement judgement = judge_run(store, run.id, inputs, system_now());
  return publish(judgement, inputs, options.judge);
}

}  // namespace tinyhil
