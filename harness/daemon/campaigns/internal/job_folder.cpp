// SPDX-License-Identifier: Apache-2.0
#include "job_folder.hpp"

#include <algorithm>
#include <system_error>

#include "base/error.hpp"
#include "base/visible.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::size_t kPathMost = 512;
constexpr std::size_t kNameMostOfFile = 200;
constexpr std::size_t kDepthMost = 24;

bool is_name_of_file(const std::string& name) {
  const auto is_control = [](char character) {
    return static_cast<unsigned char>(character) < 0x20 || character == 0x7f;
  };
  return !name.empty() && name != "." && name != ".." && name.size() <= kNameMostOfFile &&
         std::none_of(name.begin(), name.end(), is_control);
}

}  // namespace

void check_sent_path(const std::string& path) {
  std::size_t depth = 0;
  std::size_t begin = 0;
  bool is_good = path.size() <= kPathMost;
  while (is_good && begin <= path.size()) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    is_good = is_name_of_file(path.substr(begin, end - begin)) && ++depth <= kDepthMost;
    begin = end + 1;
  }
  if (!is_good)
    throw Error(ErrorKind::usage,
                "`" + visible_line(path.substr(0, kPathMost)) + "` is no path below the campaign's folder",
                "files", "write relative paths with single slashes, without `.` and `..`");
}

void JobFolder::lay_out(const CampaignWish& wish, const BlobStore& blobs) const {
  for (const auto& [path, digest] : wish.files) blobs.link(digest, files() / path);
}

void JobFolder::remove() const {
  std::error_code error;
  std::filesystem::remove_all(path_, error);
  if (error)
    throw Error(ErrorKind::output, "the files of a campaign cannot be removed: " + error.message(),
                path_.string(), "remove them by hand");
}

}  // namespace tinyhil::daemon
