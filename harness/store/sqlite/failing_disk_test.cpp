// SPDX-License-Identifier: Apache-2.0
#include "failing_disk_test.hpp"

#include <algorithm>

namespace tinyhil::store {
namespace {

using Failure = FailingDisk::Failure;

struct File {
  sqlite3_file base;
  FailingDisk* disk;
};

FailingDisk& disk_of(sqlite3_file* file) { return *reinterpret_cast<File*>(file)->disk; }
sqlite3_file* real(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<File*>(file) + 1);
}
const sqlite3_io_methods& methods_of(sqlite3_file* file) { return *real(file)->pMethods; }

int close_file(sqlite3_file* file) { return methods_of(file).xClose(real(file)); }

int read_disk(sqlite3_file* file, void* bytes, int size, sqlite3_int64 offset) {
  if (disk_of(file).fails(Failure::read)) return SQLITE_IOERR_READ;
  return methods_of(file).xRead(real(file), bytes, size, offset);
}

int write_disk(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  FailingDisk& disk = disk_of(file);
  if (disk.fails(Failure::write)) return SQLITE_IOERR_WRITE;
  if (disk.fails(Failure::full)) return SQLITE_FULL;
  if (!disk.fails(Failure::torn)) return methods_of(file).xWrite(real(file), bytes, size, offset);
  methods_of(file).xWrite(real(file), bytes, size / 2, offset);
  return SQLITE_IOERR_WRITE;
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  if (disk_of(file).fails(Failure::truncate)) return SQLITE_IOERR_TRUNCATE;
  return methods_of(file).xTruncate(real(file), size);
}

// Never done for real: no power fails in a test, and it takes most of the time.
int sync_file(sqlite3_file* file, int) {
  return disk_of(file).fails(Failure::sync) ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

int size_file(sqlite3_file* file, sqlite3_int64* size) {
  return methods_of(file).xFileSize(real(file), size);
}

int lock_file(sqlite3_file* file, int kind) {
  if (disk_of(file).fails(Failure::lock)) return SQLITE_IOERR_LOCK;
  return methods_of(file).xLock(real(file), kind);
}

int unlock_file(sqlite3_file* file, int kind) { return methods_of(file).xUnlock(real(file), kind); }

int check_lock(sqlite3_file* file, int* locked) {
  return methods_of(file).xCheckReservedLock(real(file), locked);
}

int control_file(sqlite3_file* file, int what, void* argument) {
  return methods_of(file).xFileControl(real(file), what, argument);
}

int sector_size(sqlite3_file* file) { return methods_of(file).xSectorSize(real(file)); }

int characteristics(sqlite3_file* file) { return methods_of(file).xDeviceCharacteristics(real(file)); }

int map_shared(sqlite3_file* file, int region, int size, int extend, void volatile** memory) {
  if (disk_of(file).fails(Failure::map)) return SQLITE_IOERR_SHMMAP;
  return methods_of(file).xShmMap(real(file), region, size, extend, memory);
}

int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
  return methods_of(file).xShmLock(real(file), offset, count, flags);
}

void shared_barrier(sqlite3_file* file) { methods_of(file).xShmBarrier(real(file)); }

int unmap_shared(sqlite3_file* file, int remove) { return methods_of(file).xShmUnmap(real(file), remove); }

const sqlite3_io_methods kMethods = {
    2,           close_file,     read_disk,    write_disk,   truncate_file, sync_file,       size_file,
    lock_file,   unlock_file,    check_lock,   control_file, sector_size,   characteristics, map_shared,
    lock_shared, shared_barrier, unmap_shared, nullptr,      nullptr};

FailingDisk& disk_of(sqlite3_vfs* vfs) { return *static_cast<FailingDisk*>(vfs->pAppData); }

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  FailingDisk& disk = disk_of(vfs);
  file->pMethods = nullptr;
  if (disk.fails(Failure::open)) return SQLITE_CANTOPEN;
  reinterpret_cast<File*>(file)->disk = &disk;
  const int code = disk.real()->xOpen(disk.real(), name, real(file), flags, out_flags);
  if (real(file)->pMethods != nullptr) file->pMethods = &kMethods;
  return code;
}

int delete_file(sqlite3_vfs* vfs, const char* name, int sync) {
  FailingDisk& disk = disk_of(vfs);
  if (disk.fails(Failure::remove)) return SQLITE_IOERR_DELETE;
  return disk.real()->xDelete(disk.real(), name, sync);
}

}  // namespace

FailingDisk::FailingDisk() : real_(sqlite3_vfs_find(nullptr)), vfs_(*real_) {
  vfs_.zName = "failing";
  vfs_.szOsFile = static_cast<int>(sizeof(File)) + real_->szOsFile;
  vfs_.pAppData = this;
  vfs_.pNext = nullptr;
  vfs_.xOpen = open_file;
  vfs_.xDelete = delete_file;
  sqlite3_vfs_register(&vfs_, 1);
}

FailingDisk::~FailingDisk() {
  sqlite3_vfs_unregister(&vfs_);
  sqlite3_vfs_register(real_, 1);
}

void FailingDisk::fail(Failure failure, int call, Lasting lasting) {
  failure_ = failure;
  lasting_ = lasting;
  calls_left_ = call;
  has_failed_ = false;
}

void FailingDisk::recover() { calls_left_ = 0; }

bool FailingDisk::fails(Failure failure) {
  if (failure != failure_ || calls_left_ == 0 || --calls_left_ > 0) return false;
  if (lasting_ == Lasting::for_good) calls_left_ = 1;
  has_failed_ = true;
  return true;
}

}  // namespace tinyhil::store
