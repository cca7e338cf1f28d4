// SPDX-License-Identifier: Apache-2.0
#include "secret_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"

namespace tinyhil::daemon {

void check_secrecy(const std::filesystem::path& file, const std::string& what) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return;  // reading it says why
  const bool ours = status.st_uid == ::geteuid() || status.st_uid == 0;
  if (ours && (status.st_mode & (S_IRWXG | S_IRWXO)) == 0) return;
  throw Error(ErrorKind::usage, "others may read or change " + what, file.string(),
              "make it yours alone: chmod 600, and chown to the daemon's user");
}

}  // namespace tinyhil::daemon
