// SPDX-License-Identifier: Apache-2.0
// What is on the desk: bench.yaml. Boards and how to reach them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "digest.hpp"
#include "section.hpp"

namespace tinyhil {

enum class Provenance { real = 1, emulated = 2, process = 3 };  // as thil_provenance on the wire

const char* to_string(Provenance provenance);

struct Board {
  std::string name;                            // "m4", unique in the bench
  Provenance provenance;                       // what the user says it is; the device's own word must agree
  std::optional<std::filesystem::path> image;  // firmware that must be running
  std::string driver;                          // of the link: "serial", "tcp", "process", "emulated"
  Section link;                                // the driver's own keys, read by the driver
};

struct Bench {
  std::filesystem::path file;
  std::string name;
  std::vector<Board> boards;

  const Board& board(const std::string& name) const;  // throws Error(usage) listing the boards there are
};

Bench load_bench(const std::filesystem::path& file);
// The same from text; `file` is for messages, and its folder is where relative paths start.
Bench parse_bench(const std::string& yaml, const std::filesystem::path& file);

}  // namespace tinyhil
