// SPDX-License-Identifier: Apache-2.0
#include "blob_store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "base/error.hpp"

namespace tinyhil::daemon {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kFlushEvery =
    8UL * 1024 * 1024;                  // bytes: so that no flush holds up the daemon for long
constexpr const char* kPart = ".part";  // ends the name of what is being written

[[noreturn]] void fail_to_write(const fs::path& file, const std::string& reason) {
  throw Error(ErrorKind::output, "an upload cannot be kept: " + reason, file.string(),
              "free space where the daemon's --state lies, and send it again");
}

struct Unused {
  fs::path file;
  fs::file_time_type written;
  std::uint64_t size;
};

}  // namespace

BlobWriter::BlobWriter(BlobStore& store, const Digest& digest)
    : store_(store),
      digest_(digest),
      file_(store.folder_ / (digest.hex() + '.' + std::to_string(++store.begun_) + kPart)),
      descriptor_(::open(file_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)) {
  if (descriptor_ < 0) fail_to_write(file_, std::strerror(errno));
}

BlobWriter::~BlobWriter() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  std::error_code ignored;  // removed at the next start, too
  fs::remove(file_, ignored);
}

void BlobWriter::flush() const {
  if (::fdatasync(descriptor_) != 0) fail_to_write(file_, std::strerror(errno));
}

void BlobWriter::add(std::string_view bytes) {
  size_ += bytes.size();
  if (size_ > store_.bounds_.blob_most)
    throw Error(ErrorKind::usage,
                "the upload is larger than " + std::to_string(store_.bounds_.blob_most) + " bytes",
                "blob " + digest_.short_hex(), "send smaller files");
  sum_.add(bytes);
  unflushed_ += bytes.size();
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail_to_write(file_, std::strerror(errno));
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  if (unflushed_ < kFlushEvery) return;
  flush();
  unflushed_ = 0;
}

void BlobWriter::finish() {
  const Digest found = sum_.finish();
  if (found != digest_)
    throw Error(ErrorKind::usage, "the bytes have the digest " + found.hex(), "blob " + digest_.hex(),
                "send them under their own SHA-256; they may have been changed on their way");
  flush();
  if (::rename(file_.c_str(), store_.file_of(digest_).c_str()) != 0)
    fail_to_write(file_, std::strerror(errno));
  ::close(std::exchange(descriptor_, -1));
  const int folder = ::open(store_.folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool is_kept = folder >= 0 && ::fsync(folder) == 0;
  const int reason = errno;
  if (folder >= 0) ::close(folder);
  if (!is_kept) fail_to_write(store_.folder_, std::strerror(reason));
}

BlobStore::BlobStore(fs::path folder, const BlobBounds& bounds)
    : folder_(std::move(folder)), bounds_(bounds) {
  std::error_code error;
  fs::create_directories(folder_, error);
  std::vector<fs::path> parts;
  for (fs::directory_iterator entry(folder_, error), end; !error && entry != end; entry.increment(error))
    if (entry->path().extension() == kPart) parts.push_back(entry->path());
  for (const fs::path& part : parts)
    if (!error) fs::remove(part, error);
  if (error)
    throw Error(ErrorKind::bench_fault, "the folder of uploads cannot be used: " + error.message(),
                folder_.string(), "make it writable, or name another place with --state");
}

fs::path BlobStore::file_of(const Digest& digest) const { return folder_ / digest.hex(); }

bool BlobStore::has(const Digest& digest) const {
  std::error_code error;  // one that cannot be looked at is sent again
  return fs::is_regular_file(file_of(digest), error);
}

std::vector<Digest> BlobStore::missing(std::span<const Digest> digests) const {
  std::vector<Digest> missing;
  for (const Digest& digest : digests)
    if (!has(digest) && std::find(missing.begin(), missing.end(), digest) == missing.end())
      missing.push_back(digest);
  return missing;
}

void BlobStore::link(const Digest& digest, const fs::path& place) const {
  if (!has(digest))
    throw Error(ErrorKind::usage, "there is no upload " + digest.hex(), place.filename().string(),
                "send it first: PUT /api/v1/blobs/" + digest.hex());
  std::error_code error;
  if (fs::exists(place, error)) return;
  fs::create_directories(place.parent_path(), error);
  if (!error) fs::create_hard_link(file_of(digest), place, error);
  if (error) fail_to_write(place, error.message());
}

void BlobStore::drop_unused() const {
  std::vector<Unused> unused;
  std::uint64_t total = 0;
  std::error_code error;  // a file may be gone by now; what cannot be looked at is kept
  for (fs::directory_iterator entry(folder_, error), end; !error && entry != end; entry.increment(error)) {
    const bool is_used = fs::hard_link_count(entry->path(), error) != 1;
    if (error || is_used || entry->path().extension() == kPart) continue;
    unused.push_back({entry->path(), entry->last_write_time(), entry->file_size()});
    total += unused.back().size;
  }
  std::sort(unused.begin(), unused.end(),
            [](const Unused& a, const Unused& b) { return a.written < b.written; });
  std::size_t left = unused.size();
  for (const Unused& each : unused) {
    if (total <= bounds_.total_most && left <= bounds_.number_most) break;
    fs::remove(each.file, error);
    total -= each.size;
    --left;
  }
}

}  // namespace tinyhil::daemon
