// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "commands.hpp"
#include "option_amount.hpp"
#include "sim/powershield.hpp"
#include "sim_meter.hpp"
#include "sim_meter_options.hpp"
#include "sim_options.hpp"

namespace tinyhil::app {

namespace {

constexpr double kLpm01aClockErrorMax = 1000;  // ppm

void add_lpm01a_faults(CLI::App& command, SimLpm01aOptions& options) {
  const auto add = [&options](const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
      const auto fault = sim::parse_powershield_fault(text);
      if (!fault) throw CLI::ValidationError("--fault", "`" + text + "` is not such as overflow@2:512");
      options.bench.settings.faults.push_back(*fault);
    }
  };
  command
      .add_option_function<std::vector<std::string>>(
          "--fault", add,
          "overflow@S:N (told) or loss@S:N (not told): N samples are lost S seconds after the start; "
          "bytes@S:N; "
          "overcurrent@S; power-down@S; stale: an earlier recording still runs; repeatable")
      ->type_name("KIND");
  add_amount(command, "--unplug", options.bench.unplug_at_s,
             Amount{parse_seconds, "pull the plug so long after the start", "2s"});
}

}  // namespace

ExitCode sim_lpm01a_command(const SimLpm01aOptions& options) {
  return simulate_meter<sim::PowershieldBench>(options.bench, options.activity, options.truth);
}

void add_lpm01a_command(CLI::App& sim, Action& action) {
  auto* command = sim.add_subcommand("lpm01a", "an ST X-NUCLEO-LPM01A that measures an emulated board");
  auto options = std::make_shared<SimLpm01aOptions>();  // shared: lives as long as the parser's callbacks
  sim::PowershieldSettings& settings = options->bench.settings;
  add_meter_place(*command, {options->bench.link, options->activity, options->truth});
  add_currents(*command, settings.currents);
  command->add_flag("--stlink", settings.is_stlink, "an STLINK-V3PWR instead");
  command->add_option("--gain", settings.gain, "of this unit, against the truth")
      ->check(CLI::Range(0.5, 1.5))
      ->capture_default_str();
  add_amount(*command, "--noise", settings.noise_a,
             Amount{parse_ampere, "standard deviation of a sample", "20nA"});
  command->add_option("--clock-ppm", settings.clock_ppm, "its clock is so much too fast")
      ->check(CLI::Range(-kLpm01aClockErrorMax, kLpm01aClockErrorMax));
  command->add_option("--seed", settings.seed, "of the noise")->capture_default_str();
  add_lpm01a_faults(*command, *options);
  command->callback([options, &action] { action = [options] { return sim_lpm01a_command(*options); }; });
}

}  // namespace tinyhil::app
