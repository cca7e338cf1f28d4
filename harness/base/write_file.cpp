// SPDX-License-Identifier: Apache-2.0
#include "write_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <random>
#include <string>
#include <system_error>
#include <utility>

#include "error.hpp"

namespace tinyhil {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const fs::path& file, const std::string& reason) {
  throw Error(ErrorKind::output, "the file cannot be written: " + reason, file.string(),
              "check the folder and the disk's free space, or name another file");
}

[[noreturn]] void fail(const fs::path& file, int error) {
  fail(file, std::generic_category().message(error));
}

void refuse_irregular(const fs::path& file) {
  std::error_code unknown;
  const fs::file_status status = fs::symlink_status(file, unknown);
  if (!fs::exists(status) || fs::is_regular_file(status)) return;
  throw Error(ErrorKind::usage, "a link, folder, pipe or device is there, which is not replaced by a file",
              file.string(), "name another file, or remove what is there");
}

// The file as it grows: gone unless it was put in its place.
class Part {
 public:
  explicit Part(const fs::path& file) : file_(file) {
    std::random_device random;
    do {
      path_ = file.string() + ".part-" + std::to_string(random()) + std::to_string(random());
      descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    } while (descriptor_ < 0 && errno == EEXIST);
    if (descriptor_ < 0) fail(file_, errno);
  }
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;
  ~Part() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!path_.empty()) ::unlink(path_.c_str());
  }

  void write(std::string_view content) {
    while (!content.empty()) {
      const ssize_t count = ::write(descriptor_, content.data(), content.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) fail(file_, count < 0 ? errno : ENOSPC);
      content.remove_prefix(static_cast<std::size_t>(count));
    }
  }

  void put_in_place() {
    if (::fsync(descriptor_) != 0) fail(file_, errno);
    if (::close(std::exchange(descriptor_, -1)) != 0) fail(file_, errno);
    if (::rename(path_.c_str(), file_.c_str()) != 0) fail(file_, errno);
    path_.clear();
  }

 private:
  const fs::path& file_;
  fs::path path_;
  int descriptor_ = -1;
};

}  // namespace

void write_file(const fs::path& file, std::string_view content) {
  std::error_code reason;
  if (file.has_parent_path()) fs::create_directories(file.parent_path(), reason);
  if (reason) fail(file, reason.message());
  refuse_irregular(file);
  Part part(file);
  part.write(content);
  part.put_in_place();
}

}  // namespace tinyhil
