// SPDX-License-Identifier: Apache-2.0
// Where temporary files go, and a folder there for this process only, gone with the object.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace tinyhil {

std::filesystem::path temporary_place();  // throws Error(usage) when TMPDIR names no folder

class TemporaryFolder {
 public:
  TemporaryFolder();  // throws Error(bench_fault), and as temporary_place()
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();

  const std::filesystem::path& path() const { return path_; }

  // A file in it, with folders on its way. Throws Error(bench_fault).
  std::filesystem::path write(const std::string& name, std::string_view content) const;

 private:
  std::filesystem::path path_;
};

}  // namespace tinyhil
