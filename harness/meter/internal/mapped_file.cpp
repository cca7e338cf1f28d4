// SPDX-License-Identifier: Apache-2.0
#include "mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace tinyhil::meter {
namespace {

[[noreturn]] void refuse_file(const std::string& detail, const std::filesystem::path& file) {
  throw Error(ErrorKind::usage, "the recording cannot be read: " + detail, file.string(),
              "name a file that tinyhil recorded");
}

struct OpenFile {
  int number = -1;
  ~OpenFile() {
    if (number >= 0) ::close(number);
  }
};

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& file) {
  const OpenFile open{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat status {};
  if (open.number < 0 || ::fstat(open.number, &status) != 0) refuse_file(std::strerror(errno), file);
  if (!S_ISREG(status.st_mode)) refuse_file("it is no regular file", file);
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size == 0) return;
  void* const begin = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, open.number, 0);
  if (begin == MAP_FAILED) refuse_file(std::strerror(errno), file);
  bytes_ = {static_cast<const std::uint8_t*>(begin), size};
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) ::munmap(const_cast<std::uint8_t*>(bytes_.data()), bytes_.size());
}

}  // namespace tinyhil::meter
