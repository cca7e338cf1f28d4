// SPDX-License-Identifier: Apache-2.0
#include "file_content.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "error.hpp"
#include "nearby_file.hpp"

namespace tinyhil {
namespace {

[[noreturn]] void unreadable(const std::filesystem::path& file, const std::string& noun, int error) {
  throw Error(ErrorKind::usage, "the " + noun + " cannot be read: " + std::generic_category().message(error),
              file.string(), "make the file readable for this user");
}

[[noreturn]] void missing(const std::filesystem::path& file, const std::string& noun) {
  throw Error(ErrorKind::usage, "there is no such " + noun, file.string(),
              nearby_file_hint(file) +
                  "create the file or correct the path; relative paths start at the folder of the file that "
                  "names them");
}

// A regular file of bounded size, open for reading.
class OpenFile {
 public:
  OpenFile(const std::filesystem::path& file, std::size_t size_max, const std::string& noun)
      // Whoever opens a pipe would wait for its writer.
      : descriptor_(::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)) {
    if (descriptor_ < 0) {
      if (errno == ENOENT || errno == ENOTDIR) missing(file, noun);
      if (errno != ENXIO && errno != ENODEV) unreadable(file, noun, errno);  // those two: a socket, a device
    }
    struct stat status {};
    const bool known = descriptor_ >= 0 && ::fstat(descriptor_, &status) == 0;
    const bool regular = known && S_ISREG(status.st_mode);
    size_ = regular ? static_cast<std::size_t>(status.st_size) : 0;
    if (regular && size_ <= size_max) return;
    close();
    regular ? too_large(file, size_max, noun) : irregular(file, noun);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() { close(); }

  std::size_t size() const { return size_; }

  // 0, or what went wrong.
  int read(std::vector<std::uint8_t>& content) const {
    std::size_t done = 0;
    while (done < content.size()) {
      const ssize_t count = ::read(descriptor_, content.data() + done, content.size() - done);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return count < 0 ? errno : EIO;  // EIO: it shrank meanwhile
      done += static_cast<std::size_t>(count);
    }
    return 0;
  }

 private:
  void close() {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  }

  [[noreturn]] static void irregular(const std::filesystem::path& file, const std::string& noun) {
    throw Error(ErrorKind::usage, "the " + noun + " is not a regular file", file.string(),
                "name a file rather than a folder, pipe or device");
  }

  [[noreturn]] void too_large(const std::filesystem::path& file, std::size_t size_max,
                              const std::string& noun) const {
    throw Error(ErrorKind::usage,
                "the " + noun + " has " + std::to_string(size_) + " bytes, more than the " +
                    std::to_string(size_max) + " allowed",
                file.string(), "check that this is the file you mean, or make it smaller");
  }

  int descriptor_;
  std::size_t size_ = 0;
};

}  // namespace

std::size_t check_file(const std::filesystem::path& file, std::size_t size_max, const std::string& noun) {
  return OpenFile(file, size_max, noun).size();
}

std::vector<std::uint8_t> read_file(const std::filesystem::path& file, std::size_t size_max,
                                    const std::string& noun) {
  const OpenFile open(file, size_max, noun);
  std::vector<std::uint8_t> content(open.size());
  if (const int error = open.read(content); error != 0) unreadable(file, noun, error);
  return content;
}

}  // namespace tinyhil
