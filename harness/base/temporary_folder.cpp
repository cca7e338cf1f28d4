// SPDX-License-Identifier: Apache-2.0
#include "temporary_folder.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <string>
#include <system_error>

#include "error.hpp"

namespace tinyhil {

namespace fs = std::filesystem;

fs::path temporary_place() {
  std::error_code reason;
  fs::path place = fs::temp_directory_path(reason);
  if (!reason) return place;
  const char* named = std::getenv("TMPDIR");
  throw Error(ErrorKind::usage, "there is no folder for temporary files: " + reason.message(),
              named == nullptr ? "/tmp" : named, "name a folder that you may write to in TMPDIR");
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (temporary_place() / "tinyhil-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    throw Error(ErrorKind::bench_fault,
                "no temporary folder can be made: " + std::generic_category().message(errno), name,
                "free space there, or name another place in TMPDIR");
  }
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;  // what is left there does no harm
  fs::remove_all(path_, ignored);
}

fs::path TemporaryFolder::write(const std::string& name, std::string_view content) const {
  fs::path file = path_ / name;
  std::error_code reason;
  fs::create_directories(file.parent_path(), reason);
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream.write(content.data(), static_cast<std::streamsize>(content.size()));
  stream.close();
  if (stream && !reason) return file;
  throw Error(ErrorKind::bench_fault, "a temporary file cannot be written", file.string(),
              "free space there, or name another place in TMPDIR");
}

}  // namespace tinyhil
