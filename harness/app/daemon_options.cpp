// SPDX-License-Identifier: Apache-2.0
#include "daemon_options.hpp"

#include <unistd.h>

#include <cstdlib>
#include <memory>

#include "base/quantity.hpp"
#include "daemon/service/service_place.hpp"

namespace tinyhil::app {

namespace {

void add_duration(CLI::App& command, const std::string& name, std::chrono::milliseconds& target,
                  const std::string& help) {
  command.add_option_function<std::string>(
      name,
      [name, &target](const std::string& text) {
        const auto duration = parse_duration(text);
        if (!duration) throw CLI::ValidationError(name, "`" + text + "` is not such as 30s");
        target = std::chrono::duration_cast<std::chrono::milliseconds>(*duration);
      },
      help);
}

void add_listening(CLI::App& command, DaemonOptions& options) {
  auto* listen = command.add_option("--listen", options.listen,
                                    "listen there, too: 127.0.0.1:8080, or with TLS and tokens 0.0.0.0:8443");
  command
      .add_option("--token-file", options.token_file,
                  "who shows this file's content over --listen may lease boards [they may only look]")
      ->needs(listen);
  command
      .add_option("--tokens", options.tokens, "file of callers, each with a token; `tinyhil token` writes it")
      ->needs(listen);
  command
      .add_option("--oidc", options.oidc, "file of issuers whose tokens are taken, such as those of CI jobs")
      ->needs(listen);
  auto* certificate = command.add_option("--tls-certificate", options.tls.certificate,
                                         "PEM file, with those that lead to its root");
  auto* key = command.add_option("--tls-key", options.tls.key, "PEM file of its private key");
  certificate->needs(listen)->needs(key);
  key->needs(certificate);
}

void add_token(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("token", "make a token for a caller of the daemon, and print it");
  auto options = std::make_shared<TokenOptions>();
  command->add_option("name", options->name, "whose it is; leases are in this name")->required();
  command->add_option("--role", options->role, "viewer, runner, user or admin")
      ->check(CLI::IsMember({"viewer", "runner", "user", "admin"}))
      ->capture_default_str();
  command->add_option("--boards", options->boards, "selector of the boards that may be leased [all]");
  command->add_option("--file", options->file, "the daemon's --tokens, which gets a line more")->required();
  command->callback([options, &action] { action = [options] { return token_command(*options); }; });
}

void add_daemon_command(CLI::App& app, Action& action) {
  auto* command =
      app.add_subcommand("daemon", "own the boards of this host, and lease them to programs and people");
  auto options = std::make_shared<DaemonOptions>();  // shared: lives as long as the parser's callbacks
  options->benches = {"/etc/tinyhil/bench.d"};
  options->state = daemon::state_folder();
  options->socket = daemon::socket_file();
  command->add_option("--bench", options->benches, "bench file, or folder of them; may be repeated")
      ->allow_extra_args(false)
      ->capture_default_str();
  command->add_option("--state", options->state, "folder of its database")->capture_default_str();
  command->add_option("--socket", options->socket, "unix socket to listen on")->capture_default_str();
  command->add_option("--group", options->group,
                      "accounts of this group may lease boards [only root and the daemon's own account]");
  command->add_option("--runner-group", options->runner_group,
                      "accounts of this group, such as that of a coding agent, may lease boards and run the "
                      "campaigns that the daemon keeps [none]");
  command->add_option(
      "--campaigns", options->campaigns,
      "folder of campaigns that the daemon keeps, each a folder; models can be handed in [none]");
  add_listening(*command, *options);
  add_duration(*command, "--time-to-live", options->time_to_live,
               "a lease whose holder is not heard for so long is over [30s]");
  command->add_flag("!--no-checks", options->is_checking, "boards are taken as good without being greeted");
  command->callback([options, &action] { action = [options] { return daemon_command(*options); }; });
}

void add_address(CLI::App& command, std::string& address) {
  address = daemon_address();
  command.add_option("--daemon", address, "where it listens, such as unix:/run/tinyhil/daemon.sock")
      ->capture_default_str();
}

void add_lease(CLI::App& app, Action& action) {
  auto* command =
      app.add_subcommand("lease", "run a program with a board of the daemon's: lease SELECTOR -- CMD");
  auto options = std::make_shared<LeaseOptions>();
  add_address(*command, options->daemon);
  command
      ->add_option("selector", options->selector,
                   "which board will do, such as chip=stm32f4,!meter; '' for any")
      ->required();
  command->add_option("command", options->command, "the program and its arguments, after --")->required();
  add_duration(*command, "--wait", options->wait,
               "longest wait for a board, such as 10min [only what is free now]");
  command->add_option("--priority", options->priority, "low, normal or high")
      ->check(CLI::IsMember({"low", "normal", "high"}))
      ->capture_default_str();
  command->add_option("--purpose", options->purpose, "for others to read [the program's name]");
  command->add_option("--expects", options->expects,
                      "how long it is meant to take, such as 10min, for the queue");
  command->add_option("--longest", options->longest, "after which the board is taken back, such as 2h");
  command->add_flag("--remote,!--local", options->is_remote,
                    "the program reaches the board through the daemon [when that is asked over https]");
  command->add_option("--status-file", options->status_file,
                      "JSON file: whose exit code it was, and which board");
  command->callback([options, &action] { action = [options] { return lease_command(*options); }; });
}

// A command about one thing that the daemon knows.
struct Asking {
  const char* name;
  const char* help;
  const char* what;  // nullptr: about all of them
  const char* what_help;
  ExitCode (*run)(const AskDaemonOptions&);
};

void add_asking(CLI::App& app, Action& action, const Asking& asking) {
  auto* command = app.add_subcommand(asking.name, asking.help);
  auto options = std::make_shared<AskDaemonOptions>();
  add_address(*command, options->daemon);
  if (asking.what != nullptr) command->add_option(asking.what, options->what, asking.what_help)->required();
  if (asking.run == quarantine_command) command->add_option("--reason", options->reason, "why")->required();
  command->add_flag("--json", options->json, "one JSON document on stdout");
  command->callback(
      [options, run = asking.run, &action] { action = [options, run] { return run(*options); }; });
}

}  // namespace

std::string daemon_address() {
  const char* named = std::getenv("TINYHIL_DAEMON");
  return named != nullptr && *named != '\0' ? named : "unix:" + daemon::socket_file().string();
}

daemon::DaemonAddress address_of(const std::string& daemon) {
  return daemon::with_credentials(daemon::parse_daemon_address(daemon));
}

void add_daemon(CLI::App& app, Action& action) {
  add_daemon_command(app, action);
  add_token(app, action);
  add_lease(app, action);
  add_asking(
      app, action,
      {"leases", "who has which board of the daemon's, and who waits", nullptr, nullptr, leases_command});
  add_asking(app, action, {"why", "why a lease waits", "lease", "its number", why_command});
  add_asking(app, action,
             {"campaigns", "campaigns that the daemon runs or has run, the newest first", nullptr, nullptr,
              campaigns_command});
  add_asking(app, action,
             {"cancel", "stop a campaign of the daemon's; it may be resumed", "campaign", "its number",
              cancel_command});
  add_asking(app, action, {"release", "end a lease, or its wait", "lease", "its number", release_command});
  add_asking(app, action, {"quarantine", "give a board to nobody", "board", "its name", quarantine_command});
  add_asking(app, action,
             {"readmit", "check a board, and give it to others again when it passes", "board", "its name",
              readmit_command});
}

}  // namespace tinyhil::app
