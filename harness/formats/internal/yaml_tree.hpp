// SPDX-License-Identifier: Apache-2.0
// YAML text as a tree with line numbers. Internal to section.cpp: everything else reads a Section.
//
// Bounds: 32 levels, 10,000 nodes. Refused: aliases, tags, duplicate keys, keys that are not text, several
// documents, text that is not UTF-8.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tinyhil {

struct ConfigFile {
  std::string name;  // as in messages
  std::filesystem::path folder;
};

struct ConfigNode {
  enum class Kind { null, scalar, list, mapping };

  Kind kind = Kind::null;
  int line = 0;
  std::string text;                  // of a scalar
  std::vector<std::string> keys;     // of a mapping, in the file's order, as many as children
  std::vector<int> key_lines;        // of a mapping
  std::vector<ConfigNode> children;  // of a list or mapping
  const ConfigFile* file = nullptr;  // lives as long as the tree

  std::string place() const { return file->name + ':' + std::to_string(line); }
};

// The root, never a null node. Throws Error(usage) with name and line.
std::shared_ptr<const ConfigNode> parse_yaml(std::string_view yaml, ConfigFile file);

}  // namespace tinyhil
