// SPDX-License-Identifier: Apache-2.0
#include "inventory.hpp"

#include <algorithm>
#include <system_error>

#include "base/error.hpp"
#include "bench/board_access.hpp"
#include "bench/board_hold.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::size_t kBenchFilesMost = 1000;

// In order of their names, so that what is said of two files does not depend on the file system.
std::vector<std::filesystem::path> bench_files(const std::filesystem::path& source) {
  std::error_code error;
  if (!std::filesystem::is_directory(source, error)) return {source};
  std::vector<std::filesystem::path> files;
  for (std::filesystem::directory_iterator entry(source, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::filesystem::path extension = entry->path().extension();
    if (extension == ".yaml" || extension == ".yml") files.push_back(entry->path());
    if (files.size() > kBenchFilesMost) break;
  }
  if (error)
    throw Error(ErrorKind::usage, "cannot list the bench files: " + error.message(), source.string(),
                "make the folder readable, or name another one");
  if (files.size() > kBenchFilesMost)
    throw Error(ErrorKind::usage, "there are more than 1,000 bench files", source.string(),
                "put more boards into each");
  std::sort(files.begin(), files.end());
  return files;
}

InventoryBoard entry_of(const std::filesystem::path& file, const Bench& bench, const Board& board) {
  InventoryBoard entry{std::filesystem::absolute(file), board, board.labels, bench::board_key(file, board)};
  entry.labels["board"] = board.name;
  entry.labels["bench"] = bench.name;
  entry.labels["driver"] = board.driver;
  entry.labels["provenance"] = to_string(board.provenance);
  return entry;
}

[[noreturn]] void refuse_twin(const InventoryBoard& one, const InventoryBoard& other) {
  const std::string where = other.bench.string();
  if (one.board.name == other.board.name)
    throw Error(ErrorKind::usage,
                "there is a board `" + one.board.name + "` in " + one.bench.string() + ", too", where,
                "rename one of the two: a host's boards have one name each");
  throw Error(ErrorKind::usage,
              "the boards `" + one.board.name + "` of " + one.bench.string() + " and `" + other.board.name +
                  "` are one: " + one.key,
              where, "describe each board once");
}

}  // namespace

std::vector<InventoryBoard> load_inventory(const std::vector<std::filesystem::path>& sources) {
  std::map<std::string, InventoryBoard> by_name;
  std::map<std::string, std::string> name_of_key;
  for (const std::filesystem::path& source : sources) {
    for (const std::filesystem::path& file : bench_files(source)) {
      const Bench bench = load_bench(file);
      for (const Board& board : bench.boards) {
        InventoryBoard entry = entry_of(file, bench, board);
        if (const auto twin = by_name.find(board.name); twin != by_name.end())
          refuse_twin(twin->second, entry);
        const auto [known, is_new] = name_of_key.emplace(entry.key, board.name);
        if (!is_new) refuse_twin(by_name.at(known->second), entry);
        by_name.emplace(board.name, std::move(entry));
      }
    }
  }
  std::vector<InventoryBoard> entries;
  entries.reserve(by_name.size());
  for (auto& [name, entry] : by_name) entries.push_back(std::move(entry));
  return entries;
}

std::map<std::string, std::string> lease_environment(const InventoryBoard& entry) {
  std::map<std::string, std::string> environment{{"TINYHIL_BENCH", entry.bench.string()},
                                                 {"TINYHIL_BOARD", entry.board.name}};
  const auto access = bench::board_access(entry.board);
  if (const auto port = access->port()) {
    environment["TINYHIL_PORT"] = port->string();
    environment["ESPPORT"] = port->string();
  }
  if (const auto probe = access->probe(); probe && !probe->serial.empty()) {
    environment["TINYHIL_PROBE"] = probe->serial;
    environment["PROBE_RS_PROBE"] = probe->serial;
  }
  return environment;
}

}  // namespace tinyhil::daemon
