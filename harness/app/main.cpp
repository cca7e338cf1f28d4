// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <csignal>
#include <optional>
#include <span>
#include <sstream>

#include "base/quantity.hpp"
#include "campaign/version.hpp"
#include "check_options.hpp"
#include "command_tree.hpp"
#include "commands.hpp"
#include "console.hpp"
#include "daemon_options.hpp"
#include "desk_options.hpp"
#include "error_report.hpp"
#include "import_command.hpp"
#include "new_options.hpp"
#include "plan_options.hpp"
#include "probe_options.hpp"
#include "run_by_daemon.hpp"
#include "sim_options.hpp"
#include "stored_options.hpp"
#include "trace_options.hpp"
#include "unknown_word.hpp"

namespace tinyhil::app {

namespace {

void add_judge_options(CLI::App& command, JudgeOptions& options) {
  command.add_option("campaign", options.campaign, "campaign file")->required();
  command.add_option("--store", options.store, "results database")->capture_default_str();
  command.add_option("--candidate", options.candidates, "only this candidate; may be repeated")
      ->allow_extra_args(false);
  command.add_option("--report", options.report, "folder for the reports [results/reports/<campaign>]");
  command.add_flag("--json", options.json, "one JSON document on stdout");
}

void add_waived_ok(CLI::App& command, JudgeOptions& options) {
  command.add_flag("--waived-ok", options.waived_ok, "exit code 0, not 5, when all that failed is waived");
}

void add_thumbnails(CLI::App& command, JudgeOptions& options) {
  command.add_flag("--thumbnails", options.thumbnails,
                   "draw the inputs of failed vectors into report.html, which shows what was recorded");
}

void add_run(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("run", "run a campaign on one board or several, judge it, report");
  auto options = std::make_shared<RunOptions>();  // shared: lives as long as the parser's callbacks
  add_judge_options(*command, options->judge);
  add_waived_ok(*command, options->judge);
  add_thumbnails(*command, options->judge);
  command->add_option("--bench", options->bench, "bench file [the campaign's]")->envname("TINYHIL_BENCH");
  auto* boards = command->add_option("--board", options->boards,
                                     "board of the bench [its first]; several divide the vectors");
  boards->envname("TINYHIL_BOARD");
  boards->allow_extra_args(false);
  command->add_flag("--all-boards", options->all_boards, "all boards of the bench divide the vectors")
      ->excludes(boards);
  command
      ->add_option_function<double>(
          "--wait",
          [options](double seconds) {
            options->wait = std::chrono::milliseconds(std::llround(seconds * 1000));
          },
          "longest wait for a board that somebody else holds, in seconds [0]")
      ->check(CLI::Range(0.0, 1e6));
  command->add_option("--image", options->image,
                      "firmware that the boards run, in place of the bench's; put on those that have a debug "
                      "probe, and read back");
  command->add_flag("--resume", options->resume,
                    "go on with the campaign's unfinished run, if there is one, at its first missing result");
  add_run_by_daemon(*command, *options);
  command->callback([options, &action] {
    action = [options] {
      choose_daemon(*options);
      return options->daemon.empty() ? run_command(*options) : run_by_daemon(*options);
    };
  });
}

// A command that reads a stored run.
struct Judging {
  const char* name;
  const char* help;
  ExitCode (*run)(const JudgeOptions&);
};

void add_judging(CLI::App& app, Action& action, const Judging& judging) {
  auto* command = app.add_subcommand(judging.name, judging.help);
  auto options = std::make_shared<JudgeOptions>();
  add_judge_options(*command, *options);
  if (judging.run == judge_command) add_waived_ok(*command, *options);
  if (judging.run != compare_command) add_thumbnails(*command, *options);
  command->add_option("--run", options->run, "number of the stored run [the campaign's latest]");
  command->callback(
      [options, run = judging.run, &action] { action = [options, run] { return run(*options); }; });
}

void add_prove(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("prove", "plant faults into stored results: which rule catches which");
  auto options = std::make_shared<JudgeOptions>();
  command->add_option("campaign", options->campaign, "campaign file")->required();
  command->add_option("--store", options->store, "results database, only read")->capture_default_str();
  command->add_option("--candidate", options->candidates, "this one [the first that passes]")
      ->allow_extra_args(false);
  command->add_option("--run", options->run, "number of the stored run [the campaign's latest]");
  command->add_flag("--json", options->json, "one JSON document on stdout");
  command->callback([options, &action] { action = [options] { return prove_command(*options); }; });
}

void add_boards(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("boards", "greet every board of a bench, or list those of the daemon");
  auto options = std::make_shared<BoardsOptions>();
  command->add_option("bench", options->bench, "bench file [the daemon's boards]")->envname("TINYHIL_BENCH");
  command->add_option("--board", options->board, "only this board")->envname("TINYHIL_BOARD");
  command->add_flag("--json", options->json, "one JSON document on stdout");
  command->callback([options, &action] { action = [options] { return boards_command(*options); }; });
}

void add_console(CLI::App& app, Action& action) {
  auto* command =
      app.add_subcommand("console", "show what a board says: text, log messages, frames; sends nothing");
  auto options = std::make_shared<ConsoleOptions>();
  command->add_option("bench", options->bench, "bench file")->required()->envname("TINYHIL_BENCH");
  command->add_option("--board", options->board, "board of the bench [its first]")->envname("TINYHIL_BOARD");
  command->add_flag("--hello", options->hello, "ask its agent who it is, which begins a new session");
  command->add_option_function<std::string>(
      "--for",
      [options](const std::string& text) {
        options->limit = parse_duration(text);
        if (!options->limit) throw CLI::ValidationError("--for", "`" + text + "` is not such as 10s");
      },
      "end after so long [when it is interrupted], such as 10s");
  command->add_option("--lines", options->lines, "end after so many lines")->capture_default_str();
  command->callback([options, &action] { action = [options] { return console_command(*options); }; });
}

// Not for people: it is left out of the help.
void add_board_line(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("board-line", "a board's line on standard input and output");
  command->group("");
  auto options = std::make_shared<ConsoleOptions>();
  command->add_option("bench", options->bench, "bench file")->required();
  command->add_option("--board", options->board, "board of the bench")->required();
  command->callback([options, &action] { action = [options] { return board_line_command(*options); }; });
}

void add_policy(CLI::App& app, Action& action) {
  auto* policy = app.add_subcommand("policy", "compare policies");
  policy->require_subcommand(1);
  auto* command = policy->add_subcommand("diff", "what a new policy loosens; exit code 1 when anything is");
  auto options = std::make_shared<PolicyDiffOptions>();
  command->add_option("old", options->before, "policy file as it was")->required();
  command->add_option("new", options->after, "policy file as it is to be")->required();
  command->add_flag("--json", options->json, "one JSON document on stdout");
  command->callback([options, &action] { action = [options] { return policy_diff_command(*options); }; });
}

void add_bundle(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("bundle", "put all evidence of a stored run into one file");
  auto options = std::make_shared<BundleOptions>();
  command->add_option("campaign", options->judge.campaign, "campaign file")->required();
  command->add_option("--store", options->judge.store, "results database")->capture_default_str();
  command->add_option("--candidate", options->judge.candidates, "only this candidate; may be repeated")
      ->allow_extra_args(false);
  command->add_option("--run", options->judge.run, "number of the stored run [the campaign's latest]");
  command->add_option("--key", options->key, "Ed25519 private key (PEM) that signs [the bundle is unsigned]");
  command->add_option("--out", options->out, "file to write [results/reports/<campaign>/evidence.tar]");
  command->add_option("--accept", options->accept,
                      "accept.yaml that the bundle has to hold to; else none is written");
  command->callback([options, &action] { action = [options] { return bundle_command(*options); }; });
}

void add_verify(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("verify", "check a bundle and compute its verdicts again, offline");
  auto options = std::make_shared<VerifyOptions>();
  command->add_option("bundle", options->bundle, "file that `tinyhil bundle` wrote")->required();
  auto* key = command->add_option("--key", options->key, "Ed25519 public key (PEM) that must have signed");
  auto* accept = command->add_option("--accept", options->accept,
                                     "accept.yaml that the bundle has to hold to; as --require-pass, too");
  accept->needs(key);
  command
      ->add_flag("--allow-unsigned", options->allow_unsigned,
                 "exit code 0, not 3, when nobody is proven to have signed")
      ->excludes(key);
  command->add_flag("--verdicts-only", options->verdicts_only,
                    "exit code 0, not 3, when another version made the pages, so that they are not verified");
  command->add_flag("--require-pass", options->require_pass,
                    "exit with the verdict's code when the bundle is genuine");
  command->add_option("--policy", options->policy,
                      "gate file, or its SHA-256, that must have judged; exit code 1 for another one");
  command->add_flag("--json", options->json, "one JSON document on stdout");
  command->callback([options, &action] { action = [options] { return verify_command(*options); }; });
}

void add_key(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("key", "keys that sign bundles");
  command->require_subcommand(1);
  auto* make = command->add_subcommand("new", "make a pair: FILE, for its owner only, and FILE.pub");
  auto file = std::make_shared<std::filesystem::path>();
  make->add_option("file", *file, "file for the private key")->required();
  make->callback([file, &action] { action = [file] { return key_new_command(*file); }; });
}

struct CommandLine {
  const CLI::App& app;
  std::span<const char* const> arguments;  // without the program's name
  bool json = false;
};

// Help, version, or what is wrong with the command line.
ExitCode explain(const CommandLine& line, const CLI::ParseError& error) {
  std::ostringstream help;
  std::ostringstream complaint;
  const int code = line.app.exit(error, help, complaint);
  fmt::print("{}", help.str());
  if (code == 0) return ExitCode::pass;
  if (const std::optional<Error> unknown = unknown_word(line.app, line.arguments)) {
    report_error(*unknown, line.json);
  } else {
    fmt::print(stderr, "{}", complaint.str());
    report_usage_error(error.what(), line.json);
  }
  return ExitCode::usage;
}

ExitCode run_main(int argc, char** argv) {
  CLI::App app("tinyhil proves on the device that the next model is fit to ship.");
  app.set_version_flag("--version", campaign::kVersion);
  app.require_subcommand(1);
  Action action;
  const bool json = asks_for_json(argc, argv);
  add_new(app, action);
  add_run(app, action);
  add_judging(app, action, {"judge", "judge stored results again, report", judge_command});
  add_judging(app, action, {"report", "write the reports of stored results", report_command});
  add_judging(app, action, {"compare", "the candidates' numbers beside the baseline's", compare_command});
  add_stored(app, action);
  add_prove(app, action);
  add_bundle(app, action);
  add_verify(app, action);
  add_key(app, action);
  add_desk(app, action);
  add_import(app, action);
  add_boards(app, action);
  add_console(app, action);
  add_board_line(app, action);
  add_probe_commands(app, action);
  add_check(app, action);
  add_plan(app, action);
  add_simulate(app, action);
  add_policy(app, action);
  add_sim(app, action);
  add_trace(app, action);
  add_daemon(app, action);
  add_completion(app, action);
  try {
    app.parse(argc, argv);
    return action();
  } catch (const CLI::ParseError& error) {
    return explain({app, std::span(argv, static_cast<std::size_t>(argc)).subspan(1), json}, error);
  } catch (const Error& error) {
    report_error(error, json);
    return exit_code(error.kind());
  } catch (const std::exception& error) {
    report_internal_error(error.what(), json);
    return ExitCode::bench_fault;
  }
}

// A caller that was to read standard output must not take what is missing there for an answer.
ExitCode with_output(ExitCode code) {
  if (console::close()) return code;
  report_error(
      Error(ErrorKind::output, "the result could not be written: " + console::reason(), "standard output",
            "free space where it is redirected to, or read it to its end; the exit code would have been " +
                std::to_string(static_cast<int>(code))),
      false);
  std::fflush(stderr);
  return ExitCode::output;
}

}  // namespace

}  // namespace tinyhil::app

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a line that ends is a fault we report, not our end
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is one, too: `ulimit -f`
  tinyhil::app::console::open();
  return static_cast<int>(tinyhil::app::with_output(tinyhil::app::run_main(argc, argv)));
}
