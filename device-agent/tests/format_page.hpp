// SPDX-License-Identifier: Apache-2.0
// The worked examples of docs/formats: each fenced block ```hex NAME, of which every line is "bytes | what".
#pragma once

#include <cstdint>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

// Of a golden file's text.
inline std::vector<std::uint8_t> from_hex(const std::string& hex) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<std::uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

using Examples = std::map<std::string, std::vector<std::uint8_t>>;

inline std::vector<std::uint8_t> bytes_before_the_bar(const std::string& line) {
  std::vector<std::uint8_t> bytes;
  std::istringstream words(line.substr(0, line.find('|')));
  for (std::string word; words >> word;) {
    bytes.push_back(static_cast<std::uint8_t>(std::stoi(word, nullptr, 16)));
  }
  return bytes;
}

// `page`: "frame.md".
inline Examples examples_of(const std::string& page) {
  const std::string kFence = "```hex ";
  std::ifstream file(std::string(TINYHIL_SOURCE_DIR) + "/docs/formats/" + page);
  Examples examples;
  std::string name;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(kFence)) {
      name = line.substr(kFence.size());
    } else if (line == "```") {
      name.clear();
    } else if (!name.empty()) {
      const std::vector<std::uint8_t> bytes = bytes_before_the_bar(line);
      examples[name].insert(examples[name].end(), bytes.begin(), bytes.end());
    }
  }
  return examples;
}
