// SPDX-License-Identifier: Apache-2.0
// A folder for this process only, gone with the object.
#pragma once

#include <filesystem>
#include <string_view>

namespace tinyhil {

class TemporaryFolder {
 public:
  TemporaryFolder();  // throws Error(bench_fault)
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Through a file beside it that is renamed: whole or not at all. Makes the folder. Throws Error(bench_fault).
void write_whole_file(const std::filesystem::path& file, std::string_view content);

}  // namespace tinyhil
