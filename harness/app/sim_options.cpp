// SPDX-License-Identifier: Apache-2.0
#include "sim_options.hpp"

#include <CLI/CLI.hpp>

#include "base/quantity.hpp"
#include "bench/emulated_board.hpp"
#include "commands.hpp"
#include "option_amount.hpp"
#include "sim/line_faults.hpp"
#include "sim/line_text.hpp"

namespace tinyhil::app {

namespace {

constexpr std::uint32_t kMaxBaud = 12'000'000;  // of any adapter
constexpr double kMaxBitErrors = 0.5;           // noise; more would be a signal

std::optional<double> parse_bit_errors(std::string_view text) {
  const auto rate = parse_number(text);
  return rate && *rate >= 0 && *rate <= kMaxBitErrors ? rate : std::nullopt;
}

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  const auto number = parse_integer(text);
  if (number) return *number >= 0 ? std::optional(static_cast<std::uint64_t>(*number)) : std::nullopt;
  return parse_byte_count(text);
}

void add_ends(CLI::App& command, SimLineOptions& options) {
  auto* pty = command.add_flag("--pty", options.pty,
                               "near end: a pseudo-terminal, named on stdout [stdin and stdout]");
  command.add_option("--link", options.link, "symbolic link to the pseudo-terminal")->needs(pty);
  command
      .add_option("--listen", options.listen, "near end: this TCP port of 127.0.0.1; 0: any, named on stdout")
      ->excludes(pty);
  auto* serial = command.add_option("--serial", options.serial, "far end: a serial port");
  command.add_option("--far-baud", options.far_baud, "its rate")
      ->needs(serial)
      ->check(CLI::Range(300U, kMaxBaud))
      ->capture_default_str();
  auto* tcp = command.add_option("--tcp", options.tcp, "far end: HOST:PORT")->excludes(serial);
  command.add_option("command", options.command, "far end: after --, a program with stdin and stdout")
      ->excludes(serial)
      ->excludes(tcp);
}

void add_line(CLI::App& command, SimLineOptions& options) {
  command
      .add_option("--baud", options.baud,
                  "bits a second, ten of them a byte; 0: unpaced [0; with --pty what the host sets]")
      ->check(CLI::Range(0U, kMaxBaud));
  command.add_option("--max-baud", options.line.max_baud, "garble everything above this rate");
  add_amount(command, "--latency", options.latency,
             Amount{parse_duration, "the adapter's latency timer; 0ms: none [16ms; unpaced: none]", "16ms"});
  command.add_option("--chunk", options.line.gather, "bytes that the adapter hands over at once")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
}

void add_faults(CLI::App& command, SimLineOptions& options) {
  sim::LineFaults& faults = options.line.faults;
  const auto add_chance = [&](const std::string& name, double& chance, const std::string& help) {
    add_amount(command, name, chance, Amount{parse_probability, help, "0.5%"});
  };
  add_amount(command, "--bit-errors", faults.bit_errors,
             Amount{parse_bit_errors, "probability per bit", "1e-5"});
  add_chance("--drop", faults.drop, "probability that a chunk is lost");
  add_chance("--duplicate", faults.duplicate, "probability that a chunk comes twice");
  add_chance("--burst", faults.burst, "probability that a burst of noise hits a chunk");
  add_chance("--stall", faults.stall, "probability that the line stalls before a chunk");
  add_amount(command, "--stall-for", faults.stall_for,
             Amount{parse_duration, "how long it stalls [200ms]", "200ms"});
  add_chance("--disconnect", faults.disconnect, "probability that the plug is pulled before a chunk");
  add_amount(command, "--disconnect-after", faults.disconnect_after,
             Amount{parse_bytes, "pull the plug after so many bytes of a direction, once", "20000"});
  command.add_option("--fault-chunk", faults.chunk, "bytes of a chunk")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
  command.add_option("--burst-max", faults.burst_max, "bytes of the longest burst")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
  command.add_option("--faults-in", options.faults_in, "direction that they happen in")
      ->check(CLI::IsMember({"both", "to-device", "to-host"}))
      ->capture_default_str();
  command.add_option("--seed", options.seed, "of every fault; equal seeds damage equally")
      ->capture_default_str();
}

// What a user writes ends as a terminal's lines do.
void add_text_option(CLI::App& command, const std::string& name, std::string& text, const std::string& help) {
  command.add_option_function<std::string>(
      name, [&text](const std::string& given) { text = given + "\r\n"; }, help);
}

void add_text(CLI::App& command, sim::PrintedText& printed) {
  command.add_option("--print-before", printed.before, "the board prints a line before each N-th frame");
  command.add_option("--print-inside", printed.inside, "the board prints a line inside each N-th frame");
  add_text_option(command, "--print-line", printed.line, "that line [one of a log, with a number]");
  add_text_option(command, "--banner", printed.banner, "the board prints this when it is switched on");
  add_amount(command, "--boot", printed.boot,
             Amount{parse_duration, "the board hears nothing for so long, and what it says waits", "3s"});
}

void add_line_command(CLI::App& sim, Action& action) {
  auto* command = sim.add_subcommand("line", "a UART cable with a USB adapter: paced, gathering, faulty");
  auto options = std::make_shared<SimLineOptions>();  // shared: lives as long as the parser's callbacks
  add_ends(*command, *options);
  add_line(*command, *options);
  add_faults(*command, *options);
  add_text(*command, options->line.printed);
  command->add_option("--stats", options->stats, "count what happened in this JSON file");
  command->callback([options, &action] { action = [options] { return sim_line_command(*options); }; });
}

void add_board_command(CLI::App& sim, Action& action) {
  auto* command = sim.add_subcommand("board", "an emulated board; its serial port on stdin and stdout");
  auto options = std::make_shared<SimBoardOptions>();
  command->add_option("--machine", options->machine, "what to emulate")
      ->required()
      ->check(CLI::IsMember(bench::emulated_machines()));
  command->add_option("--image", options->image, "firmware, an ELF file")->required();
  auto* tcp = command->add_option("--tcp", options->tcp, "serial port on this TCP port of 127.0.0.1");
  command->add_flag("--pty", options->pty, "serial port on a pseudo-terminal, which the emulator names")
      ->excludes(tcp);
  command->callback([options, &action] { action = [options] { return sim_board_command(*options); }; });
}

}  // namespace

void add_sim(CLI::App& app, Action& action) {
  auto* sim = app.add_subcommand("sim", "parts of a simulated bench")->require_subcommand(1);
  add_board_command(*sim, action);
  add_line_command(*sim, action);
  add_lpm01a_command(*sim, action);
  add_ppk2_command(*sim, action);
  add_probe_command(*sim, action);
}

}  // namespace tinyhil::app
