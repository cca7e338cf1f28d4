// SPDX-License-Identifier: Apache-2.0
#include "desk_options.hpp"

#include <CLI/CLI.hpp>
#include <memory>

#include "base/quantity.hpp"
#include "commands.hpp"

namespace tinyhil::app {

namespace {

constexpr const char* kRootHelp = "folder that stands for / when /sys, /dev, /etc, /run and /proc are read";

void add_doctor(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand(
      "doctor", "what on this machine stands in the way of boards, probes and meters, and what mends it");
  auto options = std::make_shared<DoctorOptions>();  // shared: lives as long as the parser's callbacks
  command->add_option("--root", options->root, kRootHelp)->capture_default_str();
  command->add_flag("--json", options->json, "one JSON document on stdout");
  command->callback([options, &action] { action = [options] { return doctor_command(*options); }; });
}

void add_discover(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("discover", "list ports, probes and meters; write a bench file of them");
  auto options = std::make_shared<DiscoverOptions>();
  auto* greet = command->add_flag("--greet", options->greet,
                                  "ask who is at each port, and halt each probe's core to see whose it is");
  command->add_option("--port", options->ports, "only this port; may be repeated [those of USB devices]")
      ->allow_extra_args(false);
  command->add_option("--baud", options->baud, "rate of the agents")
      ->check(CLI::Range(300, 12'000'000))
      ->capture_default_str();
  command
      ->add_option_function<std::string>(
          "--boot",
          [options](const std::string& text) {
            const auto boot = parse_duration(text);
            if (!boot || *boot > std::chrono::minutes(10))
              throw CLI::ValidationError("--boot", "`" + text + "` is not such as 3s");
            options->boot = std::chrono::duration_cast<std::chrono::milliseconds>(*boot);
          },
          "longest from opening a port to its agent's answer [3s]")
      ->needs(greet);
  command
      ->add_option("--probe-config", options->probe_config,
                   "file for OpenOCD, in place of those for any Cortex-M; may be repeated")
      ->allow_extra_args(false)
      ->needs(greet);
  command->add_option("--write", options->write, "bench file to write; one that is there stays as it is");
  command->add_option("--root", options->root, kRootHelp)->capture_default_str();
  command->add_flag("--json", options->json, "one JSON document on stdout");
  command->callback([options, &action] { action = [options] { return discover_command(*options); }; });
}

}  // namespace

void add_desk(CLI::App& app, Action& action) {
  add_doctor(app, action);
  add_discover(app, action);
}

}  // namespace tinyhil::app
