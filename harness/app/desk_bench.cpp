// SPDX-License-Identifier: Apache-2.0
#include "desk_bench.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/visible.hpp"
#include "board_name.hpp"
#include "quoted.hpp"

namespace tinyhil::app {

namespace {

void find_probe(DeskBoard& board, const Desk& desk, const std::vector<Held>& held) {
  for (std::size_t i = 0; i < desk.probes.size(); ++i) {
    const bool is_proven = i < held.size() && held[i].port == board.port;
    const bool is_anothers = i < held.size() && held[i].port && !is_proven;
    const Tie tie = is_proven     ? Tie::proven
                    : is_anothers ? Tie::none
                                  : tie_of(desk.ports[board.port], desk.probes[i]);
    if (tie <= board.tie) continue;
    board.tie = tie;
    board.probe = i;
  }
}

std::string about_probe(const Desk& desk, const DeskBoard& board) {
  if (!board.probe) return "no probe is known to be this board's";
  const std::string probe = describe(desk.probes[*board.probe]);
  if (board.tie == Tie::proven)
    return "probe: " + probe + "; proven: the agent was silent while the probe held its core";
  return fmt::format("probe: {}; assumed, because port and probe have {}", probe, to_string(board.tie));
}

std::string board_text(const Desk& desk, const DeskBoard& board, const std::vector<Greeted>& greeted,
                       const GreetingSettings& settings) {
  std::string text =
      fmt::format("  # {}\n  # {}\n", describe(desk.ports[board.port]), about_probe(desk, board));
  text += "  - name: " + board.name + "\n";
  if (greeted.empty()) {
    text += "    provenance: real  # assumed: nobody was asked\n";
  } else {
    const BoardIdentity& identity = greeted[board.port].device->board;
    text += fmt::format("    provenance: {}\n", to_string(identity.provenance));
    if (!identity.serial.empty()) text += "    serial: " + quoted(visible_line(identity.serial)) + "\n";
  }
  return text + "    link: " + port_link(desk.ports[board.port], settings) + "\n";
}

}  // namespace

std::vector<DeskBoard> boards_on(const Desk& desk, const std::vector<Greeted>& greeted,
                                 const std::vector<Held>& held) {
  std::vector<DeskBoard> boards;
  std::set<std::string> used;
  for (std::size_t i = 0; i < desk.ports.size(); ++i) {
    const bool is_one = greeted.empty() ? desk.ports[i].device.has_value() : greeted[i].device.has_value();
    if (!is_one) continue;
    DeskBoard board;
    board.name =
        unused_name(greeted.empty() ? "board" : board_name_from(greeted[i].device->board.kind), used);
    board.port = i;
    find_probe(board, desk, held);
    boards.push_back(std::move(board));
  }
  return boards;
}

std::string bench_text(const Desk& desk, const std::vector<DeskBoard>& boards,
                       const std::vector<Greeted>& greeted, const GreetingSettings& settings) {
  std::string text =
      "# Written by tinyhil discover; `tinyhil boards` greets these boards.\n"
      "bench: desk\nboards:\n";
  for (const DeskBoard& board : boards) text += board_text(desk, board, greeted, settings);
  for (const DeskMeter& meter : desk.meters) {
    const std::string port = host::Machine{settings.root}.at(meter.meter.port.best_name()).string();
    text += fmt::format(
        "# A meter: {}. Give it to the board that it measures, with the voltage that this board bears:\n"
        "#   meter: {{driver: {}, port: {}, supply: 3.3 V}}\n",
        describe(meter.device), meter.meter.driver, quoted(port));
  }
  return text;
}

}  // namespace tinyhil::app
