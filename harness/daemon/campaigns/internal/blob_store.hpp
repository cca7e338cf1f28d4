// SPDX-License-Identifier: Apache-2.0
// Files by their content: each is kept once, under its SHA-256, and is there whole or not at all. One thread
// at a time. Example:
//
//   BlobStore blobs("/var/lib/tinyhil/blobs", {});
//   BlobWriter writer = blobs.begin(digest);
//   writer.add(bytes);
//   writer.finish();  // throws when they have another digest
//   blobs.link(digest, job / "vectors.npz");
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "base/digest.hpp"

namespace tinyhil::daemon {

struct BlobBounds {
  std::uint64_t blob_most = std::uint64_t{1} << 30;    // bytes of one: as large as a vector file may be
  std::uint64_t total_most = std::uint64_t{16} << 30;  // of all that no campaign uses; the oldest go first
  std::size_t number_most = 100'000;
};

class BlobStore;

// One that is being written; gone unless it is finished. The store outlives it.
class BlobWriter {
 public:
  BlobWriter(BlobStore& store, const Digest& digest);
  BlobWriter(const BlobWriter&) = delete;
  BlobWriter& operator=(const BlobWriter&) = delete;
  ~BlobWriter();

  // Throws Error(usage) for more bytes than a blob may have, Error(output) when the disk does not take them.
  void add(std::string_view bytes);
  // On the disk from here on. Throws Error(usage) when the bytes have another digest. Once.
  void finish();

 private:
  void flush() const;

  BlobStore& store_;
  Digest digest_;
  std::filesystem::path file_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
  std::uint64_t unflushed_ = 0;
  Sha256 sum_;
};

class BlobStore {
 public:
  // Makes the folder. What was being written when a daemon was killed is removed. Throws Error(bench_fault).
  BlobStore(std::filesystem::path folder, const BlobBounds& bounds);

  bool has(const Digest& digest) const;
  // Where it is, if it is there: to be read only.
  std::filesystem::path file_of(const Digest& digest) const;
  std::vector<Digest> missing(std::span<const Digest> digests) const;
  // The file of that content at this place, with folders on its way: the same bytes on the disk, by a link.
  // One that is there already stays. Throws Error(usage) for a blob that is not there, Error(output) when it
  // cannot be linked.
  void link(const Digest& digest, const std::filesystem::path& place) const;
  // Those that no campaign has a link to, the oldest first, until the bounds hold.
  void drop_unused() const;

  const BlobBounds& bounds() const { return bounds_; }

 private:
  friend class BlobWriter;

  std::filesystem::path folder_;
  BlobBounds bounds_;
  std::uint64_t begun_ = 0;
};

}  // namespace tinyhil::daemon
