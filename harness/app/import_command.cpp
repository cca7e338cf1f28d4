// SPDX-License-Identifier: Apache-2.0
// A bench file of the boards that another tool knows.
#include "import_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/write_file.hpp"
#include "bench/board_access.hpp"
#include "imported_bench.hpp"
#include "new_file.hpp"

namespace tinyhil::app {

namespace {

struct ImportOptions {
  std::filesystem::path file;
  std::optional<std::filesystem::path> exporter;
  std::filesystem::path root = "/";
  std::optional<std::filesystem::path> write;
};

ExitCode give(const std::vector<ImportedBoard>& boards, const ImportOptions& options) {
  if (options.write) refuse_to_overwrite(*options.write);
  const auto usable = std::ranges::count_if(boards, [](const auto& board) { return !board.link.empty(); });
  const std::string text = bench_text(boards, options.file.filename().string());
  if (!options.write) {
    fmt::print("{}", text);
    return ExitCode::pass;
  }
  if (usable == 0) {
    throw Error(ErrorKind::usage, "none of its boards has a line that a bench file can name",
                options.file.string(), "leave --write out to see what is missing of each");
  }
  for (const Board& board : parse_bench(text, *options.write).boards) bench::board_access(board);
  write_file(*options.write, text);
  fmt::print("wrote {}: {} of {} boards; the others stand in it as comments\n", options.write->string(),
             usable, boards.size());
  return ExitCode::pass;
}

ExitCode import_twister_command(const ImportOptions& options) {
  return give(import_twister(options.file), options);
}

ExitCode import_labgrid_command(const ImportOptions& options) {
  return give(import_labgrid(options.file, options.exporter, survey(host::Machine{options.root})), options);
}

void add_write(CLI::App& command, ImportOptions& options) {
  command.add_option("--write", options.write,
                     "bench file to write; one that is there stays as it is [standard output]");
}

}  // namespace

void add_import(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("import", "make a bench file of the boards that another tool knows");
  command->require_subcommand(1);
  auto options = std::make_shared<ImportOptions>();  // shared: lives as long as the parser's callbacks
  auto* twister = command->add_subcommand("twister", "Zephyr's hardware map");
  twister->add_option("map", options->file, "file of twister --generate-hardware-map")->required();
  add_write(*twister, *options);
  twister->callback([options, &action] { action = [options] { return import_twister_command(*options); }; });
  auto* labgrid = command->add_subcommand("labgrid", "places of a labgrid coordinator");
  labgrid->add_option("places", options->file, "the coordinator's places.yaml")->required();
  labgrid->add_option("--exporter", options->exporter, "configuration of this host's exporter");
  labgrid->add_option("--root", options->root, "tree whose /sys and /dev are looked at")
      ->capture_default_str();
  add_write(*labgrid, *options);
  labgrid->callback([options, &action] { action = [options] { return import_labgrid_command(*options); }; });
}

}  // namespace tinyhil::app
