// SPDX-License-Identifier: Apache-2.0
// The command line of `tinyhil sim ppk2`.
#include <CLI/CLI.hpp>

#include "commands.hpp"
#include "option_amount.hpp"
#include "sim/current_model.hpp"
#include "sim/ppk2_settings.hpp"
#include "sim_meter_options.hpp"
#include "sim_options.hpp"

namespace tinyhil::app {

namespace {

constexpr double kClockErrorMax = 1000;  // ppm
constexpr std::size_t kStaleMax = 1'000'000;

void add_losses(CLI::App& command, const std::string& name, std::vector<sim::Ppk2Loss>& losses,
                const std::string& help) {
  const auto add = [name, &losses](const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
      const auto loss = sim::parse_ppk2_loss(text);
      if (!loss) throw CLI::ValidationError(name, "`" + text + "` is not such as 512@1.5s");
      losses.push_back(*loss);
    }
  };
  command.add_option_function<std::vector<std::string>>(name, add, help + ", such as 512@1.5s; repeatable")
      ->type_name("N@T");
}

void add_board(CLI::App& command, sim::Ppk2Settings& settings) {
  add_currents(command, settings.currents);
  command.add_flag("!--unwired", settings.is_wired, "in ampere mode no other supply feeds the board");
}

void add_meter(CLI::App& command, SimPpk2Options& options) {
  sim::Ppk2Settings& settings = options.bench.settings;
  command.add_option("--trigger", settings.trigger_line, "number of the line at the board's trigger pin")
      ->check(CLI::Range(0, 7))
      ->capture_default_str();
  command.add_flag("--unit-errors", options.draws_errors,
                   "gain and offset are off, drawn by the seed within what its maker states");
  command.add_option("--noise", settings.noise, "times the usual")->check(CLI::Range(0.0, 1000.0));
  command.add_option("--dead-samples", settings.dead_samples, "that repeat the last, when the range changes")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  command.add_option("--clock-ppm", settings.clock_ppm, "its clock is so much too fast")
      ->check(CLI::Range(-kClockErrorMax, kClockErrorMax));
  command.add_option("--seed", settings.seed, "of noise, glitches, jitter and errors")->capture_default_str();
}

void add_meter_faults(CLI::App& command, SimPpk2Options& options) {
  sim::Ppk2Settings& settings = options.bench.settings;
  add_losses(command, "--lose", settings.lose, "so many samples are lost, so long after the start");
  add_losses(command, "--lose-bytes", settings.lose_bytes, "so many bytes (1 to 4) are lost");
  command.add_option("--stale", settings.stale, "bytes of an earlier run before the first answer")
      ->check(CLI::Range(std::size_t{0}, kStaleMax));
  add_amount(command, "--glitches", settings.glitches,
             Amount{parse_probability, "probability that the trigger line is wrong in a sample", "0.1%"});
  add_amount(command, "--jitter", options.bench.jitter_s,
             Amount{parse_seconds, "samples come so late at most", "5ms"});
  add_amount(command, "--unplug", options.bench.unplug_at_s,
             Amount{parse_seconds, "pull the plug so long after the start", "2s"});
}

}  // namespace

void add_ppk2_command(CLI::App& sim, Action& action) {
  auto* command = sim.add_subcommand("ppk2", "a Nordic PPK2 that measures an emulated board");
  auto options = std::make_shared<SimPpk2Options>();  // shared: lives as long as the parser's callbacks
  add_meter_place(*command, {options->bench.link, options->activity, options->truth});
  add_board(*command, options->bench.settings);
  add_meter(*command, *options);
  add_meter_faults(*command, *options);
  command->callback([options, &action] { action = [options] { return sim_ppk2_command(*options); }; });
}

}  // namespace tinyhil::app
