// SPDX-License-Identifier: Apache-2.0
#include "npz.hpp"

#include <zip.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/error.hpp"
#include "base/utf8.hpp"

namespace tinyhil {
namespace {

constexpr std::uint64_t kUnpackedMax = std::uint64_t{1} << 30;
constexpr zip_int64_t kArraysMax = 1000;
constexpr std::uint64_t kDeflateRatioMax = 1032;  // https://zlib.net/zlib_tech.html
constexpr std::string_view kSuffix = ".npy";

struct CloseEntry {
  void operator()(zip_file_t* entry) const { zip_fclose(entry); }
};

struct ErrorText {
  zip_error_t error;
  ErrorText() { zip_error_init(&error); }
  ~ErrorText() { zip_error_fini(&error); }
  ErrorText(const ErrorText&) = delete;
  ErrorText& operator=(const ErrorText&) = delete;
  std::string text() { return zip_error_strerror(&error); }
};

}  // namespace

void Npz::Discard::operator()(::zip* archive) const { zip_discard(archive); }

void Npz::damaged(const std::string& detail) const {
  throw Error(ErrorKind::usage, "not a readable .npz file: " + detail, file_,
              "save it again with np.savez or np.savez_compressed");
}

Npz::Npz(std::vector<std::uint8_t> content, std::string file)
    : file_(std::move(file)), content_(std::move(content)) {
  ErrorText error;
  zip_source_t* const source =
      zip_source_buffer_create(content_.data(), content_.size(), /*freep=*/0, &error.error);
  if (source == nullptr) damaged(error.text());
  archive_.reset(zip_open_from_source(source, ZIP_RDONLY, &error.error));
  if (!archive_) {
    zip_source_free(source);
    damaged(error.text());
  }
  index_entries();
}

void Npz::index_entries() {
  const zip_int64_t count = zip_get_num_entries(archive_.get(), 0);
  if (count <= 0) damaged("it holds no arrays");
  if (count > kArraysMax) damaged("it has " + std::to_string(count) + " arrays, more than 1,000");
  std::uint64_t total = 0;
  for (zip_int64_t i = 0; i < count; ++i) {
    zip_stat_t stat;
    zip_stat_init(&stat);
    const bool known = zip_stat_index(archive_.get(), static_cast<zip_uint64_t>(i), 0, &stat) == 0 &&
                       (stat.valid & ZIP_STAT_NAME) != 0 && (stat.valid & ZIP_STAT_SIZE) != 0;
    if (!known) damaged("entry " + std::to_string(i) + " has no name or size");
    const std::string name = stat.name;
    if (!is_utf8(name) || !name.ends_with(kSuffix)) damaged("an entry's name does not end in .npy");
    names_.push_back(name.substr(0, name.size() - kSuffix.size()));
    if (std::find(names_.begin(), names_.end() - 1, names_.back()) != names_.end() - 1)
      damaged("array `" + names_.back() + "` is there twice");
    sizes_.push_back(stat.size);
    if (stat.size > kUnpackedMax - total) damaged("it unpacks to more than 1 GiB");
    if (stat.size > content_.size() * kDeflateRatioMax)
      damaged("array `" + names_.back() + "` announces more than the file can hold");
    total += stat.size;
  }
}

bool Npz::has(const std::string& name) const {
  return std::find(names_.begin(), names_.end(), name) != names_.end();
}

NpyArray Npz::require(const std::string& name) const {
  if (!has(name)) refuse_missing(name);
  return read(name);
}

void Npz::refuse_missing(const std::string& name) const {
  ArrayPlace{file_, name}.refuse("is missing", "add it: np.savez(..., " + name + "=...)");
}

NpyArray Npz::read(const std::string& name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  assert(found != names_.end());
  const auto index = static_cast<std::size_t>(found - names_.begin());
  const std::unique_ptr<zip_file_t, CloseEntry> entry(zip_fopen_index(archive_.get(), index, 0));
  if (!entry) damaged("array `" + name + "`: " + zip_strerror(archive_.get()));
  std::vector<std::uint8_t> content(sizes_[index]);
  const zip_int64_t got = zip_fread(entry.get(), content.data(), content.size());
  std::uint8_t beyond = 0;  // reading to the end is what makes libzip compare the CRC
  const bool whole =
      got == static_cast<zip_int64_t>(content.size()) && zip_fread(entry.get(), &beyond, 1) == 0;
  if (!whole) damaged("array `" + name + "` is damaged: " + zip_file_strerror(entry.get()));
  return parse_npy(std::move(content), {file_, name});
}

}  // namespace tinyhil
