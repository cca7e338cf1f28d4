// SPDX-License-Identifier: Apache-2.0
// Boards that another tool knows, as a bench file of ours. What has no counterpart becomes a comment, so that
// nothing is lost unseen.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "desk.hpp"
#include "formats/section.hpp"

namespace tinyhil::app {

struct ImportedBoard {
  std::string name;    // as the other tool calls it; made one of ours when written
  std::string link{};  // in YAML's flow form; empty: notes say why there is none
  std::map<std::string, std::string> labels{};
  std::vector<std::string> notes{};  // a line each
};

// A hardware map of Zephyr's twister. Throws Error(usage) with file and line.
std::vector<ImportedBoard> import_twister(const std::filesystem::path& map);

// Places as labgrid's coordinator stores them. `exporter`: the configuration of this host's exporter, which
// says what the resources are; a USB port is found on `desk`. Throws Error(usage) with file and line.
std::vector<ImportedBoard> import_labgrid(const std::filesystem::path& places,
                                          const std::optional<std::filesystem::path>& exporter,
                                          const Desk& desk);

// Empty where the file has no such key, or nothing behind it: these tools write `null` for what is not known.
std::string text_if_any(const Section& section, const std::string& key);

// A board without a link stands in it as a comment. `origin`: what it was made of, for its first line.
std::string bench_text(const std::vector<ImportedBoard>& boards, const std::string& origin);

// Makes it a label, and says so in a note where something of it cannot be one.
void add_label(ImportedBoard& board, const std::string& key, const std::string& value);

std::string serial_link(const std::string& port, const std::optional<std::int64_t>& baud);

}  // namespace tinyhil::app
