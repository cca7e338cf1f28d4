// SPDX-License-Identifier: Apache-2.0
// A disk on which the Nth call of a kind fails: SQLite's default VFS while it exists, in front of the real
// one.
#pragma once

#include <sqlite3.h>

#include <cstdint>

namespace tinyhil::store {

class FailingDisk {
 public:
  // full: a write for which there is no room. torn: a write of which only the first half reaches the file.
  enum class Failure { open, read, write, full, torn, sync, truncate, remove, map, lock };
  enum class Lasting { once, for_good };

  FailingDisk();
  FailingDisk(const FailingDisk&) = delete;
  FailingDisk& operator=(const FailingDisk&) = delete;
  ~FailingDisk();  // every connection is closed by then

  void fail(Failure failure, int call, Lasting lasting);  // the `call`th from now on, 1 being the next
  void recover();
  bool has_failed() const { return has_failed_; }

  // For the VFS: whether this call is to fail.
  bool fails(Failure failure);
  sqlite3_vfs* real() const { return real_; }

 private:
  sqlite3_vfs* real_;
  sqlite3_vfs vfs_;
  Failure failure_ = Failure::open;
  Lasting lasting_ = Lasting::once;
  int calls_left_ = 0;  // until one fails; 0: none will
  bool has_failed_ = false;
};

}  // namespace tinyhil::store
