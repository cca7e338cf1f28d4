// SPDX-License-Identifier: Apache-2.0
#include "trace_options.hpp"

#include <CLI/CLI.hpp>
#include <memory>

#include "commands.hpp"
#include "option_amount.hpp"
#include "sim_meter_options.hpp"

namespace tinyhil::app {

namespace {

void add_show(CLI::App& trace, Action& action) {
  auto* command = trace.add_subcommand("show", "which meter, how long, what is missing, which windows");
  auto options = std::make_shared<TraceShowOptions>();  // shared: lives as long as the parser's callbacks
  command->add_option("trace", options->file, "recording, such as results/traces/run-7-m4-1.trace")
      ->required();
  command->add_option("--store", options->store, "results database that tells of its windows [none]");
  command->add_flag("--json", options->json, "one JSON document on stdout");
  command->callback([options, &action] { action = [options] { return trace_show_command(*options); }; });
}

void add_export(CLI::App& trace, Action& action) {
  auto* command = trace.add_subcommand("export", "write it in a form that other programs open");
  auto options = std::make_shared<TraceExportOptions>();
  command->add_option("trace", options->file, "recording")->required();
  auto* forms = command->add_option_group("form");
  forms->add_option("--csv", options->csv, "file to write: time_s,current_uA and digital lines");
  forms->add_option("--ppk2", options->ppk2, "file to write, for nRF Connect Power Profiler");
  forms->require_option(1);
  add_amount(*command, "--from", options->from_s,
             Amount{parse_seconds, "from this time of the recording on [its start]", "1.2s"});
  add_amount(*command, "--to", options->to_s, Amount{parse_seconds, "up to this time of it [its end]", "3s"});
  command->callback([options, &action] { action = [options] { return trace_export_command(*options); }; });
}

void add_import(CLI::App& trace, Action& action) {
  auto* command = trace.add_subcommand("import", "make a recording of another program's .ppk2 or .csv");
  auto options = std::make_shared<TraceImportOptions>();
  command->add_option("file", options->file, "file that it exported")->required();
  command->add_option("trace", options->to, "recording to write")->required();
  command->callback([options, &action] { action = [options] { return trace_import_command(*options); }; });
}

}  // namespace

void add_trace(CLI::App& app, Action& action) {
  auto* trace = app.add_subcommand("trace", "recordings of current meters: look at, export, import");
  trace->require_subcommand(1);
  add_show(*trace, action);
  add_export(*trace, action);
  add_import(*trace, action);
}

}  // namespace tinyhil::app
