// SPDX-License-Identifier: Apache-2.0
// What is on the bench, as each board introduces itself.
#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <map>
#include <nlohmann/json.hpp>

#include "campaign/board_line.hpp"
#include "campaign/identity_check.hpp"
#include "campaign/open_device.hpp"
#include "commands.hpp"
#include "daemon_options.hpp"
#include "transport/run_to_end.hpp"

namespace tinyhil::app {

namespace {

// What it says of itself, also when it is not the board that the bench describes.
void describe(nlohmann::ordered_json& entry, const DeviceIdentity& device) {
  if (device.board.kind.empty()) return;
  entry["kind"] = device.board.kind;
  entry["serial"] = device.board.serial;
  entry["provenance"] = to_string(device.board.provenance);
  entry["engine"] = device.board.engine;
  entry["checks_models"] = device.checks_models;
  entry["build"] = device.board.build;
  entry["image_sha256"] = device.board.image.hex();
  entry["clock"] = device.board.clock;
  entry["clock_hz"] = device.board.clock_hz;
  entry["model_slot_bytes"] = device.models.size;
  entry["arena_bytes"] = device.arena_size;
  entry["vector_bytes"] = std::uint64_t{device.vectors.size} * device.vectors.count;
}

// Every board of the bench, greeted and checked as a run does it. A board that is refused is one line of the
// answer, not the end of it.
class Round {
 public:
  nlohmann::ordered_json visit(const Board& board) {
    nlohmann::ordered_json entry{{"name", board.name}, {"driver", board.driver}};
    try {
      asio::io_context io(1);
      campaign::BoardLine line(board, [&] { return campaign::open_here(io.get_executor(), board); });
      try {
        transport::run_to_end(io, line.greet());
      } catch (const Error&) {
        describe(entry, line.identity());
        throw;
      }
      describe(entry, line.identity());
      note_serial(line.identity().board);
    } catch (const Error& error) {
      entry["error"] = std::string(error.what()) + "; " + error.remedy();
      if (code_ == ExitCode::pass) code_ = exit_code(error.kind());
    }
    return entry;
  }

  ExitCode code() const { return code_; }  // of the first that was refused

 private:
  void note_serial(const BoardIdentity& board) {
    if (board.serial.empty()) return;
    const auto [known, is_new] = board_of_serial_.emplace(board.serial, board.name);
    if (!is_new) throw campaign::same_serial(known->second, board, "board " + board.name);
  }

  std::map<std::string, std::string> board_of_serial_;
  ExitCode code_ = ExitCode::pass;
};

void print_line(const nlohmann::ordered_json& entry) {
  const std::string name = entry["name"];
  if (entry.contains("error")) {
    fmt::print("{:<12} {}\n", name, entry["error"].get<std::string>());
    return;
  }
  const std::string serial = entry["serial"];
  fmt::print("{:<12} {:<12} serial {:<12} {:<9} engine {:<10} firmware {}  clock {} at {} Hz{}\n", name,
             entry["kind"].get<std::string>(), serial.empty() ? "none" : serial,
             entry["provenance"].get<std::string>(), entry["engine"].get<std::string>(),
             entry["image_sha256"].get<std::string>().substr(0, 12), entry["clock"].get<std::string>(),
             entry["clock_hz"].get<std::uint32_t>(),
             entry["checks_models"].get<bool>() ? "" : "  (a malformed model may crash it)");
}

}  // namespace

ExitCode boards_command(const BoardsOptions& options) {
  if (options.bench.empty())
    return daemon_boards_command({daemon_address(), options.board, "", options.json});
  const Bench bench = load_bench(options.bench);
  nlohmann::ordered_json boards = nlohmann::ordered_json::array();
  Round round;
  const Board* only = options.board.empty() ? nullptr : &bench.board(options.board);
  for (const Board& board : bench.boards) {
    if (only != nullptr && &board != only) continue;
    boards.push_back(round.visit(board));
    if (!options.json) print_line(boards.back());
  }
  if (options.json) fmt::print("{}\n", boards.dump(2));
  return round.code();
}

}  // namespace tinyhil::app
