// SPDX-License-Identifier: Apache-2.0
#include "nearby_file.hpp"

#include <algorithm>
#include <system_error>
#include <vector>

#include "nearest.hpp"

namespace tinyhil {
namespace {

constexpr std::size_t kFilesMax = 2'000;

// In order: what a folder gives first depends on the disk.
std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  std::error_code failure;
  std::filesystem::directory_iterator entry(folder.empty() ? "." : folder, failure);
  for (; !failure && entry != std::filesystem::directory_iterator() && names.size() < kFilesMax;
       entry.increment(failure))
    names.push_back(entry->path().filename().string());
  std::ranges::sort(names);
  return names;
}

}  // namespace

std::string nearby_file_hint(const std::filesystem::path& missing) {
  const auto near = nearest(missing.filename().string(), names_in(missing.parent_path()));
  return near ? "did you mean `" + *near + "`? " : "";
}

}  // namespace tinyhil
