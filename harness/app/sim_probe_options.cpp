// SPDX-License-Identifier: Apache-2.0
// The command line of `tinyhil sim probe`.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <map>

#include "base/quantity.hpp"
#include "bench/emulated_board.hpp"
#include "commands.hpp"
#include "option_amount.hpp"
#include "sim_options.hpp"

namespace tinyhil::app {

namespace {

const std::map<std::string, sim::ProbeKind> kKinds{{"st-link", sim::ProbeKind::st_link},
                                                   {"cmsis-dap", sim::ProbeKind::cmsis_dap},
                                                   {"jtag", sim::ProbeKind::jtag}};

const std::map<std::string, sim::FlashKind> kFlashes{{"none", sim::FlashKind::none},
                                                     {"sam-e54", sim::FlashKind::sam_e54}};

void add_board(CLI::App& command, SimProbeOptions& options) {
  command.add_option("--machine", options.bench.machine, "the board to emulate")
      ->required()
      ->check(CLI::IsMember(bench::emulated_machines()));
  command.add_option("--firmware", options.firmware,
                     "what is in its flash at the start: ELF, HEX, ... [nothing]");
  command
      .add_option("--flash", options.bench.flash,
                  "its code memory: sam-e54, for OpenOCD's driver atsame5, or none [sam-e54]")
      ->transform(CLI::CheckedTransformer(kFlashes))
      ->option_text("TEXT:{none,sam-e54}");
  command
      .add_option("--uart", options.uart,
                  "its serial port: on a pseudo-terminal or on a TCP port of 127.0.0.1")
      ->check(CLI::IsMember({"none", "pty", "tcp"}))
      ->capture_default_str();
  command.add_option("--uart-port", options.uart_port, "that TCP port [any]");
}

// It goes into a configuration file of OpenOCD and into an environment variable.
std::string refused_serial(const std::string& text) {
  const bool is_plain = std::ranges::all_of(
      text, [](unsigned char each) { return std::isalnum(each) != 0 || each == '-' || each == '_'; });
  const bool is_good = is_plain && !text.empty() && text.size() <= 31;
  return is_good ? "" : "`" + text + "` is not up to 31 letters, digits, - and _";
}

void add_probe(CLI::App& command, SimProbeOptions& options) {
  command.add_option("--as", options.bench.kind, "what the host sees")
      ->required()
      ->transform(CLI::CheckedTransformer(kKinds))
      ->option_text("TEXT:{st-link,cmsis-dap,jtag} REQUIRED");
  command.add_option("--serial", options.bench.serial, "its serial number")
      ->check(CLI::Validator(refused_serial, ""))
      ->capture_default_str();
  command.add_option("--port", options.bench.port,
                     "TCP port of 127.0.0.1 where hosts connect, but for cmsis-dap [any]");
  command.add_option("--openocd-config", options.openocd_config,
                     "write what OpenOCD 0.12 has to be told into this file");
}

void add_faults(CLI::App& command, sim::ProbeBench::Options& probe) {
  command.add_option("--wait-every", probe.faults.wait_every, "answer each N-th access to memory with WAIT");
  command.add_option("--waits", probe.faults.waits, "so often in a row")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command.add_option("--fault-every", probe.faults.fault_every,
                     "answer each N-th access to memory with FAULT");
  command.add_option("--idcode", probe.faults.id,
                     "the debug port's, such as 0x0bc11477, instead of the right one");
  command.add_flag("--locked", probe.is_locked,
                   "the flash's security bit is set: erasing the chip unlocks it");
  add_amount(command, "--reset-takes", probe.reset.takes,
             Amount{parse_duration, "until the core is back from a reset [nothing]", "2s"});
  command.add_flag("--stuck-reset", probe.reset.is_stuck, "a reset never ends");
  command.add_option("--unplug-after", probe.unplugging.after,
                     "pull the plug after so many answers to hosts, once");
  add_amount(command, "--replug-after", probe.unplugging.replugged_in,
             Amount{parse_duration, "and put it in again so long after [never]", "500ms"});
}

}  // namespace

void add_probe_command(CLI::App& sim, Action& action) {
  auto* command = sim.add_subcommand("probe", "a debug probe in front of an emulated board");
  auto options = std::make_shared<SimProbeOptions>();  // shared: lives as long as the parser's callbacks
  add_board(*command, *options);
  add_probe(*command, *options);
  add_faults(*command, options->bench);
  command->callback([options, &action] { action = [options] { return sim_probe_command(*options); }; });
}

}  // namespace tinyhil::app
