// SPDX-License-Identifier: Apache-2.0
#include "probe_options.hpp"

#include <CLI/CLI.hpp>

#include "commands.hpp"

namespace tinyhil::app {

namespace {

constexpr std::uint32_t kMemoryMost = 64 * 1024;

struct Verb {
  const char* name;
  const char* words;
  ExitCode (*run)(const ProbeOptions&);
};

struct Added {
  CLI::App* command;
  std::shared_ptr<ProbeOptions> options;  // shared: lives as long as the parser's callbacks
};

Added add(CLI::App& app, std::function<ExitCode()>& action, const Verb& verb) {
  auto* command = app.add_subcommand(verb.name, verb.words);
  auto options = std::make_shared<ProbeOptions>();
  command->add_option("bench", options->bench, "bench file")->required()->envname("TINYHIL_BENCH");
  command->add_option("--board", options->board, "board of the bench [its first]")->envname("TINYHIL_BOARD");
  command->add_flag("--json", options->json, "one JSON document on stdout");
  command->add_flag("--held", options->is_held)->group("");  // for the daemon, which has the board's lock
  command->callback(
      [options, &action, run = verb.run] { action = [options, run] { return run(*options); }; });
  return {command, options};
}

}  // namespace

void add_probe_commands(CLI::App& app, std::function<ExitCode()>& action) {
  const Added flash =
      add(app, action,
          {"flash", "put an image on a board by its debug probe, unless it is there", flash_command});
  flash.command->add_option("--image", flash.options->image, "firmware file [the board's image]");
  flash.command->add_flag("--erase", flash.options->erases,
                          "erase all of its flash first; by a probe, the banks that the image belongs to");
  const Added reset = add(app, action, {"reset", "reset a board by its debug probe", reset_command});
  auto* halt =
      reset.command->add_flag("--halt", reset.options->halt, "and stop before its first instruction");
  reset.command
      ->add_flag("--probe", reset.options->resets_probe, "reset the probe's own USB device, not the board")
      ->excludes(halt);
  add(app, action,
      {"power-cycle", "switch a board's supply off and on, by what the bench names", power_cycle_command});
  const Added memory = add(
      app, action, {"memory", "read memory of a board by its debug probe, while it runs", memory_command});
  memory.command->add_option("address", memory.options->address, "such as 0x20000000")->required();
  memory.command->add_option("size", memory.options->size, "bytes")
      ->required()
      ->check(CLI::Range(1U, kMemoryMost));
  const Added core = add(
      app, action,
      {"core", "whether a board's core runs, its registers if it does not, and its faults", core_command});
  core.command->add_option(
      "--dump", core.options->dump,
      "write registers and stack to this file, for GDB; a core that runs is halted meanwhile");
}

}  // namespace tinyhil::app
