// SPDX-License-Identifier: Apache-2.0
// Which ports, probes and meters there are, which of them are one board's, and a bench file of it.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/visible.hpp"
#include "base/write_file.hpp"
#include "bench/board_access.hpp"
#include "commands.hpp"
#include "desk_bench.hpp"
#include "new_file.hpp"

namespace tinyhil::app {

namespace {

using Document = nlohmann::ordered_json;

struct Findings {
  Desk desk;
  std::vector<Greeted> greeted;  // of each port; empty: nobody was asked
  std::vector<Held> held;        // of each probe; likewise
  std::vector<DeskBoard> boards;
};

void add_device(Document& entry, const host::UsbDevice& device) {
  entry["usb"] = usb_ids(device);
  entry["name"] = device.name;
  entry["serial"] = device.serial;
  entry["place"] = device.place;
}

Document port_entry(const DeskPort& port) {
  Document entry{{"port", port.port.file}};
  if (!port.port.lasting.empty()) entry["lasting"] = port.port.lasting;
  if (port.device) add_device(entry, *port.device);
  return entry;
}

void add_greeting(Document& entry, const Greeted& greeted) {
  if (!greeted.device) {
    entry["problem"] = greeted.problem;
    return;
  }
  const BoardIdentity& board = greeted.device->board;
  entry["agent"] = {{"kind", visible_line(board.kind)},
                    {"serial", visible_line(board.serial)},
                    {"provenance", to_string(board.provenance)}};
}

Document document_of(const Findings& found) {
  Document document{{"ports", Document::array()},
                    {"probes", Document::array()},
                    {"meters", Document::array()},
                    {"boards", Document::array()}};
  for (std::size_t i = 0; i < found.desk.ports.size(); ++i) {
    Document entry = port_entry(found.desk.ports[i]);
    if (i < found.greeted.size()) add_greeting(entry, found.greeted[i]);
    document["ports"].push_back(std::move(entry));
  }
  for (std::size_t i = 0; i < found.desk.probes.size(); ++i) {
    Document entry{{"kind", found.desk.probes[i].kind.name}};
    add_device(entry, found.desk.probes[i].device);
    if (i < found.held.size()) entry["says"] = found.held[i].says;
    document["probes"].push_back(std::move(entry));
  }
  for (const DeskMeter& meter : found.desk.meters) {
    Document entry{{"driver", meter.meter.driver}, {"port", meter.meter.port.best_name()}};
    add_device(entry, meter.device);
    document["meters"].push_back(std::move(entry));
  }
  for (const DeskBoard& board : found.boards) {
    Document entry{{"name", board.name}, {"port", found.desk.ports[board.port].port.file}};
    entry["probe"] = board.probe ? Document(found.desk.probes[*board.probe].device.serial) : Document();
    entry["proven"] = board.tie == Tie::proven;
    entry["because"] = to_string(board.tie);
    document["boards"].push_back(std::move(entry));
  }
  return document;
}

void print_board(const Findings& found, const DeskBoard& board) {
  fmt::print("board  {}: {}", board.name, found.desk.ports[board.port].port.file);
  if (!board.probe) {
    fmt::print(", no probe known\n");
  } else if (board.tie == Tie::proven) {
    fmt::print(" and {}, proven\n", describe(found.desk.probes[*board.probe]));
  } else {
    fmt::print(" and {}, assumed: they have {}\n", describe(found.desk.probes[*board.probe]),
               to_string(board.tie));
  }
}

void print_lines(const Findings& found) {
  const Desk& desk = found.desk;
  for (std::size_t i = 0; i < desk.ports.size(); ++i) {
    fmt::print("port   {}\n", describe(desk.ports[i]));
    if (i >= found.greeted.size()) continue;
    const Greeted& greeted = found.greeted[i];
    if (!greeted.device) {
      fmt::print("       {}\n", visible_line(greeted.problem));
      continue;
    }
    const BoardIdentity& board = greeted.device->board;
    fmt::print("       an agent answers: {}, serial {}, {}\n", visible_line(board.kind),
               board.serial.empty() ? "none" : visible_line(board.serial), to_string(board.provenance));
  }
  for (std::size_t i = 0; i < desk.probes.size(); ++i) {
    fmt::print("probe  {} ({})\n", describe(desk.probes[i]), describe(desk.probes[i].device));
    if (i < found.held.size()) fmt::print("       {}\n", visible_line(found.held[i].says));
  }
  for (const DeskMeter& meter : desk.meters)
    fmt::print("meter  {} at {} ({})\n", meter.meter.driver, meter.meter.port.file, describe(meter.device));
  for (const DeskBoard& board : found.boards) print_board(found, board);
  if (desk.ports.empty() && desk.probes.empty() && desk.meters.empty())
    fmt::print("no port, probe or meter is plugged in; `tinyhil doctor` says what may hide one\n");
}

// Only the ports that were named.
void keep(Desk& desk, const std::vector<std::string>& names) {
  if (names.empty()) {
    std::erase_if(desk.ports, [](const DeskPort& each) { return !each.device; });
    return;
  }
  for (const std::string& name : names) {
    const bool is_there = std::ranges::any_of(desk.ports, [&](const DeskPort& each) {
      return each.port.file == name || each.port.lasting == name;
    });
    if (!is_there)
      throw Error(ErrorKind::usage, "there is no port `" + name + "` that may lead to a board", "--port",
                  "`tinyhil discover` lists the ports");
  }
  std::erase_if(desk.ports, [&](const DeskPort& each) {
    return std::ranges::find(names, each.port.file) == names.end() &&
           std::ranges::find(names, each.port.lasting) == names.end();
  });
}

void write_bench(const Findings& found, const std::filesystem::path& file, const GreetingSettings& settings) {
  if (found.boards.empty()) {
    throw Error(ErrorKind::bench_fault, "there is no board to write a bench file of", file.string(),
                "plug one in whose agent answers, or leave --greet out");
  }
  const std::string text = bench_text(found.desk, found.boards, found.greeted, settings);
  for (const Board& board : parse_bench(text, file).boards) bench::board_access(board);
  write_file(file, text);
}

}  // namespace

ExitCode discover_command(const DiscoverOptions& options) {
  if (options.write) refuse_to_overwrite(*options.write);
  GreetingSettings settings;
  settings.root = options.root;
  settings.baud = options.baud;
  settings.boot = options.boot;
  settings.probe_config = options.probe_config;
  Findings found;
  found.desk = survey(host::Machine{options.root});
  if (options.greet || !options.ports.empty()) keep(found.desk, options.ports);
  if (options.greet) {
    found.greeted = greet_ports(found.desk, settings);
    found.held = hold_cores(found.desk, found.greeted, settings);
  }
  const bool is_asked_in_vain = options.greet && found.greeted.empty();
  if (!is_asked_in_vain) found.boards = boards_on(found.desk, found.greeted, found.held);
  if (options.write) write_bench(found, *options.write, settings);
  if (options.json) {
    fmt::print("{}\n", document_of(found).dump(2));
  } else {
    print_lines(found);
    if (options.write) fmt::print("wrote  {}\n", options.write->string());
  }
  return ExitCode::pass;
}

}  // namespace tinyhil::app
