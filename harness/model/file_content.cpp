// SPDX-License-Identifier: Apache-2.0
#include "file_content.hpp"

#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include "error.hpp"

namespace tinyhil {
namespace {

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

[[noreturn]] void unreadable(const std::filesystem::path& file, const std::string& noun, int error) {
  throw Error(ExitCode::usage, "the " + noun + " cannot be read: " + std::generic_category().message(error),
              file.string(), "make the file readable for this user");
}

}  // namespace

std::size_t check_file(const std::filesystem::path& file, std::size_t size_max, const std::string& noun) {
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (!std::filesystem::exists(status))
    throw Error(ExitCode::usage, "there is no such " + noun, file.string(),
                "create the file or correct the path; relative paths start at the folder of the file that "
                "names them");
  // A pipe could block for ever and a device never end.
  if (!std::filesystem::is_regular_file(status))
    throw Error(ExitCode::usage, "the " + noun + " is not a regular file", file.string(),
                "name a file rather than a folder, pipe or device");
  const auto size = std::filesystem::file_size(file, error);
  if (error) unreadable(file, noun, error.value());
  if (size > size_max)
    throw Error(ExitCode::usage,
                "the " + noun + " has " + std::to_string(size) + " bytes, more than the " +
                    std::to_string(size_max) + " allowed",
                file.string(), "check that this is the file you mean, or make it smaller");
  return size;
}

std::vector<std::uint8_t> read_file(const std::filesystem::path& file, std::size_t size_max,
                                    const std::string& noun) {
  std::vector<std::uint8_t> content(check_file(file, size_max, noun));
  const std::unique_ptr<std::FILE, Close> stream(std::fopen(file.c_str(), "rb"));
  if (!stream) unreadable(file, noun, errno);
  if (std::fread(content.data(), 1, content.size(), stream.get()) != content.size()) {
    const int error = std::ferror(stream.get()) ? errno : EIO;  // EIO: it shrank meanwhile
    unreadable(file, noun, error);
  }
  return content;
}

}  // namespace tinyhil
