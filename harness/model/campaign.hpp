// SPDX-License-Identifier: Apache-2.0
// What a user wants tested: campaign.yaml.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "digest.hpp"

namespace tinyhil {

struct ModelFile {
  std::string name;  // "shipped"
  std::filesystem::path file;
  std::optional<std::string> golden;  // array of the vector file with the expected outputs
  std::vector<std::uint8_t> content;  // read at load, at most kModelSizeMax
  Digest digest;
};

inline constexpr std::size_t kModelSizeMax = 64u << 20;

struct Campaign {
  std::filesystem::path file;
  Digest digest;  // of the file's text
  std::string name;
  std::filesystem::path vectors;
  std::vector<ModelFile> models;  // every model named by baseline or candidates, in the file's order
  std::string baseline;
  std::vector<std::string> candidates;
  std::optional<std::filesystem::path> bench;  // default bench, overridden by --bench
  std::filesystem::path policy;                // gate.yaml
  int repeats = 1;
  std::chrono::milliseconds inference_timeout{10'000};  // longest wait for one result
  std::chrono::milliseconds time_limit{3'600'000};      // of the whole campaign

  const ModelFile& model(const std::string& name) const;  // asserts that it exists
};

// Reads and checks the file and the models it names. Throws Error(usage) with file and line.
Campaign load_campaign(const std::filesystem::path& file);

}  // namespace tinyhil
