// SPDX-License-Identifier: Apache-2.0
#include "archive.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>

#include "broken.hpp"

namespace tinyhil::evidence {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kNameMax = 100;
constexpr std::uint64_t kFileSizeMax = 077777777777;  // eleven octal digits

// Where the fields of a ustar header begin.
constexpr std::size_t kMode = 100, kUid = 108, kGid = 116, kSize = 124, kTime = 136, kChecksum = 148,
                      kType = 156, kMagic = 257, kVersion = 263;

using Header = std::array<char, kBlock>;

void put_octal(Header& header, std::size_t at, std::size_t digits, std::uint64_t value) {
  for (std::size_t i = digits; i > 0; --i) {
    header[at + i - 1] = static_cast<char>('0' + (value & 7));
    value >>= 3;
  }
}

void put_text(Header& header, std::size_t at, std::string_view text) {
  std::copy(text.begin(), text.end(), header.begin() + static_cast<std::ptrdiff_t>(at));
}

Header header_of(std::string_view name, std::uint64_t size) {
  Header header{};
  put_text(header, 0, name);
  put_octal(header, kMode, 7, 0644);
  put_octal(header, kUid, 7, 0);
  put_octal(header, kGid, 7, 0);
  put_octal(header, kSize, 11, size);
  put_octal(header, kTime, 11, 0);
  put_text(header, kChecksum, "        ");
  header[kType] = '0';
  put_text(header, kMagic, "ustar");
  put_text(header, kVersion, "00");
  std::uint64_t sum = 0;
  for (const char c : header) sum += static_cast<std::uint8_t>(c);
  put_octal(header, kChecksum, 6, sum);
  header[kChecksum + 6] = '\0';
  return header;
}

std::size_t padding_after(std::uint64_t size) { return (kBlock - size % kBlock) % kBlock; }

bool is_zero(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) { return c == '\0'; });
}

class Reader {
 public:
  explicit Reader(std::string_view archive) : archive_(archive) {}

  Files files() {
    Files files;
    while (!at_end()) {
      if (files.size() == kArchiveFilesMax) fail("more files than a bundle may have");
      read_file(files);
    }
    return files;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw broken("byte " + std::to_string(at_) + " of the archive", what);
  }

  std::string_view take(std::uint64_t size) {
    if (size > archive_.size() - at_) fail("the archive ends too early");
    const std::string_view bytes = archive_.substr(at_, size);
    at_ += size;
    return bytes;
  }

  bool at_end() {
    if (at_ == archive_.size()) fail("the archive ends too early");
    if (archive_[at_] != '\0') return false;
    if (!is_zero(take(2 * kBlock))) fail("the archive's end is not two zero blocks");
    if (at_ != archive_.size()) fail("something follows the archive's end");
    return true;
  }

  std::uint64_t size_in(std::string_view header) const {
    std::uint64_t size = 0;
    for (const char c : header.substr(kSize, 11)) {
      if (c < '0' || c > '7') fail("a file's size is no octal number");
      size = size * 8 + static_cast<std::uint64_t>(c - '0');
    }
    return size;
  }

  void read_file(Files& files) {
    const std::size_t begin = at_;
    const std::string_view header = take(kBlock);
    const std::string_view field = header.substr(0, kNameMax);
    const std::string name(field.substr(0, field.find('\0')));
    const std::uint64_t size = size_in(header);
    const Header expected = header_of(name, size);
    if (!is_archive_name(name) || header != std::string_view(expected.data(), kBlock)) {
      at_ = begin;
      fail("a file's header is not one that tinyhil writes");
    }
    if (!files.empty() && name <= files.rbegin()->first)
      throw broken(name, "files are not in order of names");
    if (size > archive_.size() - at_) throw broken(name, "the archive ends in the middle of the file");
    files.emplace_hint(files.end(), name, take(size));
    if (!is_zero(take(padding_after(size)))) throw broken(name, "bytes are hidden behind the file");
  }

  std::string_view archive_;
  std::size_t at_ = 0;
};

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == '-' || c == '/';
}

}  // namespace

bool is_archive_name(std::string_view name) {
  if (name.empty() || name.size() > kNameMax || name.back() == '/') return false;
  char before = '/';
  for (const char c : name) {
    if (!is_name_character(c) || (before == '/' && (c == '/' || c == '.'))) return false;
    before = c;
  }
  return true;
}

std::string write_archive(const Files& files) {
  std::string archive;
  for (const auto& [name, content] : files) {
    assert(is_archive_name(name) && content.size() <= kFileSizeMax);
    const Header header = header_of(name, content.size());
    archive.append(header.data(), kBlock);
    archive += content;
    archive.append(padding_after(content.size()), '\0');
  }
  return archive.append(2 * kBlock, '\0');
}

Files read_archive(std::string_view archive) {
  if (archive.size() > kArchiveSizeMax) throw broken("the archive", "it is larger than a bundle may be");
  return Reader(archive).files();
}

}  // namespace tinyhil::evidence
