// SPDX-License-Identifier: Apache-2.0
// What is on the bench, as each board introduces itself.
#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "link/agent_link.hpp"
#include "model/bench.hpp"
#include "open_board.hpp"

namespace tinyhil {

namespace {

constexpr std::chrono::seconds kPatience{5};

Result<DeviceIdentity> greet(const Board& board) {
  asio::io_context io(1);
  AgentLink link(open_board(io.get_executor(), board));
  Result<DeviceIdentity> identity = Fault{FaultKind::timeout, "no answer", {}};
  std::exception_ptr failure;
  asio::co_spawn(io, link.hello(kPatience), [&](std::exception_ptr thrown, Result<DeviceIdentity> answer) {
    failure = thrown;
    identity = std::move(answer);
  });
  io.run();
  if (failure) std::rethrow_exception(failure);
  return identity;
}

// A board that cannot even be opened is one line of the answer, not the end of it.
nlohmann::ordered_json describe(const Board& board) {
  nlohmann::ordered_json entry{{"name", board.name}, {"driver", board.driver}};
  try {
    const Result<DeviceIdentity> device = greet(board);
    if (!device) {
      entry["error"] = device.error().what;
      return entry;
    }
    entry["kind"] = device->board.kind;
    entry["serial"] = device->board.serial;
    entry["provenance"] = to_string(device->board.provenance);
    entry["engine"] = device->board.engine;
    entry["build"] = device->board.build;
    entry["image_sha256"] = device->board.image.hex();
    entry["clock"] = device->board.clock;
    entry["clock_hz"] = device->board.clock_hz;
    entry["model_slot_bytes"] = device->models.size;
    entry["arena_bytes"] = device->arena_size;
    entry["vector_bytes"] = std::uint64_t{device->vectors.size} * device->vectors.count;
  } catch (const Error& error) {
    entry["error"] = std::string(error.what()) + "; " + error.remedy();
  }
  return entry;
}

void print_line(const nlohmann::ordered_json& entry) {
  const std::string name = entry["name"];
  if (entry.contains("error")) {
    fmt::print("{:<12} {}\n", name, entry["error"].get<std::string>());
    return;
  }
  fmt::print("{:<12} {:<12} {:<9} engine {:<10} firmware {}  clock {} at {} Hz\n", name,
             entry["kind"].get<std::string>(), entry["provenance"].get<std::string>(),
             entry["engine"].get<std::string>(), entry["image_sha256"].get<std::string>().substr(0, 12),
             entry["clock"].get<std::string>(), entry["clock_hz"].get<std::uint32_t>());
}

}  // namespace

ExitCode boards_command(const BoardsOptions& options) {
  const Bench bench = load_bench(options.bench);
  nlohmann::ordered_json boards = nlohmann::ordered_json::array();
  bool silent = false;
  for (const Board& board : bench.boards) {
    boards.push_back(describe(board));
    silent = silent || boards.back().contains("error");
    if (!options.json) print_line(boards.back());
  }
  if (options.json) fmt::print("{}\n", boards.dump(2));
  return silent ? ExitCode::bench_fault : ExitCode::pass;
}

}  // namespace tinyhil
