// SPDX-License-Identifier: Apache-2.0
#include "temporary_folder.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <string>
#include <system_error>

#include "model/error.hpp"

namespace tinyhil {

namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder() {
  std::string name = (fs::temp_directory_path() / "tinyhil-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    throw Error(ExitCode::bench_fault,
                "no temporary folder can be made: " + std::generic_category().message(errno), name,
                "free space there, or name another place in TMPDIR");
  }
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;  // what is left there does no harm
  fs::remove_all(path_, ignored);
}

void write_whole_file(const fs::path& file, std::string_view content) {
  std::error_code reason;
  if (file.has_parent_path()) fs::create_directories(file.parent_path(), reason);
  const fs::path part = file.string() + ".part-" + std::to_string(::getpid());
  std::ofstream stream(part, std::ios::binary | std::ios::trunc);
  stream.write(content.data(), static_cast<std::streamsize>(content.size()));
  stream.close();
  if (stream) fs::rename(part, file, reason);
  if (stream && !reason) return;
  std::error_code ignored;  // it may never have come to be
  fs::remove(part, ignored);
  throw Error(ExitCode::bench_fault,
              "the file cannot be written" + (reason ? ": " + reason.message() : std::string()),
              file.string(), "check the folder and the disk's free space, or name another file");
}

}  // namespace tinyhil
