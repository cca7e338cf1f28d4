// SPDX-License-Identifier: Apache-2.0
#include "plan_options.hpp"

#include <memory>

#include "assumptions.hpp"
#include "base/quantity.hpp"
#include "commands.hpp"

namespace tinyhil::app {

namespace {

// As typed; read when the command runs, so that a mistake is reported like any other.
struct Stated {
  std::string effect, discordance, per_vector;
};

void add_assumptions(CLI::App& command, JudgeOptions& campaign, AssumptionOptions& options, Stated& stated) {
  command.add_option("campaign", campaign.campaign, "campaign file")->required();
  command.add_option("--candidate", campaign.candidates, "only this candidate; may be repeated")
      ->allow_extra_args(false);
  command.add_option("--store", options.store, "results database")->capture_default_str();
  command.add_option("--effect", stated.effect,
                     "true difference candidate - baseline, such as --effect=-0.5% [as in the run]");
  command.add_option("--discordance", stated.discordance,
                     "share of vectors on which the models disagree, such as 3% [as in the run]");
  command.add_flag("--json", campaign.json, "one JSON document on stdout");
}

void read(const Stated& stated, AssumptionOptions& options) {
  if (!stated.effect.empty()) options.effect = parse_signed_ratio(stated.effect, "--effect");
  if (!stated.discordance.empty()) {
    const auto share = parse_ratio(stated.discordance);
    if (!share || *share <= 0 || *share > 1)
      throw Error(ErrorKind::usage, "`" + stated.discordance + "` is no share above 0 %", "--discordance",
                  "write for example --discordance 3%");
    options.discordance = share;
  }
  options.per_vector_given = !stated.per_vector.empty();
  if (options.per_vector_given) options.per_vector = parse_time(stated.per_vector, "--per-vector");
}

}  // namespace

void add_plan(CLI::App& app, Action& action) {
  auto* command =
      app.add_subcommand("plan", "vectors and board time until a verdict, before a board is taken");
  auto options = std::make_shared<PlanOptions>();
  auto stated = std::make_shared<Stated>();
  add_assumptions(*command, options->campaign, options->assumptions, *stated);
  command->add_option("--per-vector", stated->per_vector,
                      "time of one inference of one model [as in the latest run, else 20ms]");
  command->add_option("--baud", options->line.baud, "of the line to the board [the bench's, else 115200]")
      ->check(CLI::Range(300, 100'000'000));
  command->add_option("--model-slots", options->line.model_slots, "models that the board holds [all]")
      ->check(CLI::Range(1, 8));
  command->add_option("--vector-slots", options->line.vector_slots, "vector slots of the board [enough]")
      ->check(CLI::Range(1, 65535));
  command
      ->add_option("--vector-slot-size", options->line.vector_slot_size, "bytes of one, its record left out")
      ->check(CLI::Range(1, 1 << 30));
  command->add_option("--seed", options->seed, "of the simulation")->capture_default_str();
  command->callback([options, stated, &action] {
    action = [options, stated] {
      read(*stated, options->assumptions);
      return plan_command(*options);
    };
  });
}

void add_simulate(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand(
      "simulate", "how often the policy would pass, fail or not decide, if the truth were known");
  auto options = std::make_shared<SimulateOptions>();
  auto stated = std::make_shared<Stated>();
  add_assumptions(*command, options->campaign, options->assumptions, *stated);
  command->add_option("--from-run", options->assumptions.run,
                      "take effect and discordance from this stored run");
  command->add_option("--runs", options->runs, "campaigns to simulate, 1 to 1,000,000")
      ->capture_default_str()
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000}));
  command->add_option("--seed", options->seed, "of the simulation")->capture_default_str();
  command->callback([options, stated, &action] {
    action = [options, stated] {
      read(*stated, options->assumptions);
      return simulate_command(*options);
    };
  });
}

}  // namespace tinyhil::app
