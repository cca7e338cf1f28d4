// SPDX-License-Identifier: Apache-2.0
#include "choose_run.hpp"

#include <sys/random.h>
#include <sys/utsname.h>

#include <algorithm>

#include "base/clock.hpp"
#include "campaign/internal/run_origin.hpp"
#include "campaign/internal/settle_order.hpp"
#include "version.hpp"

namespace tinyhil::campaign {

namespace {

std::string host_system() {
  utsname host{};
  ::uname(&host);
  return std::string(host.sysname) + " " + host.release + " " + host.machine;
}

std::vector<std::string> names_of(const std::vector<const Board*>& boards) {
  std::vector<std::string> names;
  for (const Board* board : boards) names.push_back(board->name);
  return names;
}

RunRecord describe_run(const Inputs& inputs, const Place& place) {
  RunRecord run;
  run.campaign = inputs.campaign.name;
  run.campaign_file = inputs.campaign.file.string();
  run.campaign_digest = inputs.campaign.digest;
  run.bench = place.bench->name;
  run.policy_digest = inputs.policy.digest;
  run.started_at = to_text(system_now());
  run.host = host_system();
  run.version = kVersion;
  run.machine = machine_name();
  state_who_begins(run, inputs.campaign);
  if (place.boards.size() > 1) run.boards = names_of(place.boards);
  run.vectors_digest = inputs.vectors.digest;
  for (const ModelFile& model : inputs.campaign.models)
    run.models.push_back({model.name, model.digest, model.name != inputs.campaign.baseline});
  return run;
}

// From the system's randomness; small enough to be written into a policy.
std::uint64_t draw_seed() {
  std::uint64_t seed = 0;
  if (::getrandom(&seed, sizeof seed, 0) != sizeof seed)
    throw Error(ErrorKind::bench_fault, "the system gives no random numbers", "getrandom", "try again");
  return seed >> 11;
}

// The store knows the models' digests by now (settle_order.hpp): nobody can make one for an order that does
// not exist yet.
void draw_order_of(RunRecord& run, const std::optional<KnownSeed>& known) {
  if (!run.sampling) return;
  run.order_seed = known ? known->seed : draw_seed();
  run.seed_origin = known ? known->origin : SeedOrigin::drawn;
}

// Boards share vectors, so that some of them can go on alone. Where each changes its firmware, each has a
// part of its own.
bool can_take_up(const RunRecord& run, const Campaign& campaign, const Place& place) {
  if (run.boards.empty()) return place.boards.size() == 1;
  const std::vector<std::string> names = names_of(place.boards);
  if (campaign.compares_images()) return run.boards == names;
  return std::ranges::all_of(names, [&](const std::string& name) {
    return std::ranges::find(run.boards, name) != run.boards.end();
  });
}

void check_same_boards(const RunRecord& run, const Campaign& campaign, const Place& place) {
  if (can_take_up(run, campaign, place)) return;
  std::string options;
  for (const std::string& name : run.boards) options += " --board " + name;
  throw Error(ErrorKind::usage, "run " + std::to_string(run.id) + " divided the vectors among other boards",
              place.bench->file.string(),
              options.empty() ? "take it up with one board, or start a new run, without --resume"
                              : "take it up with" + options + ", or start a new run, without --resume");
}

}  // namespace

std::vector<const Board*> choose_boards(const Bench& bench, const std::vector<std::string>& names) {
  std::vector<const Board*> boards;
  if (names.empty()) boards.push_back(&bench.boards.front());
  for (const std::string& name : names) {
    if (std::ranges::find(boards, &bench.board(name)) != boards.end()) {
      throw Error(ErrorKind::usage, "board `" + name + "` is named twice", bench.file.string(),
                  "name each board once");
    }
    boards.push_back(&bench.board(name));
  }
  return boards;
}

void state_who_begins(RunRecord& run, const Campaign& campaign) {
  run.user = user_name();
  run.commit = commit_of(campaign.file.parent_path());
}

std::optional<KnownSeed> known_seed(const Inputs& inputs, store::RunStore& store) {
  RunRecord run;
  return settle_order(inputs, store, run);
}

RunRecord choose_run(const Inputs& inputs, const Place& place, store::RunStore& store, Begin begin) {
  if (begin == Begin::where_it_stopped) {
    const auto unfinished = store.unfinished_run(inputs.campaign.name, inputs.campaign.digest);
    if (unfinished) check_same_boards(*unfinished, inputs.campaign, place);
    if (unfinished) store.require_intact(unfinished->id);
    if (unfinished) return *unfinished;
  }
  RunRecord run = describe_run(inputs, place);
  draw_order_of(run, settle_order(inputs, store, run));
  return run;
}

}  // namespace tinyhil::campaign
