// SPDX-License-Identifier: Apache-2.0
#include "board_hold.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/temporary_folder.hpp"
#include "bench/internal/whole_path.hpp"
#include "board_access.hpp"

namespace tinyhil::bench {

namespace {

constexpr const char* kUnknownHolder = "another process";

std::filesystem::path lock_folder() {
  if (const char* named = std::getenv("TINYHIL_LOCKS"); named != nullptr && *named != '\0') return named;
  if (::access("/run/lock", W_OK) == 0) return "/run/lock";
  return temporary_place();
}

// Only a plain file of our own is locked and written to: a second name of it could be somebody's data.
bool is_plain(int descriptor) {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_nlink == 1;
}

[[noreturn]] void refuse_other_than_lock(const std::filesystem::path& file) {
  throw Error(ErrorKind::bench_fault,
              "cannot lock the board: a link, folder, pipe or device lies where the lock belongs",
              file.string(),
              "remove it, or name another folder in TINYHIL_LOCKS, the same for all users of the board");
}

// Everybody may lock what anybody made. In a folder that all may write to, the kernel refuses O_CREAT on a
// file of somebody else, and a link could lead elsewhere.
int open_lock(const std::filesystem::path& file) {
  constexpr int kFlags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  int descriptor = ::open(file.c_str(), kFlags);
  if (descriptor < 0 && errno == ENOENT) {
    descriptor = ::open(file.c_str(), kFlags | O_CREAT | O_EXCL, 0666);
    if (descriptor >= 0) ::fchmod(descriptor, 0666);
    if (descriptor < 0 && errno == EEXIST) descriptor = ::open(file.c_str(), kFlags);
  }
  if (descriptor >= 0 && is_plain(descriptor)) return descriptor;
  const int error = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (descriptor >= 0 || error == ELOOP || error == EISDIR || error == ENXIO || error == ENODEV)
    refuse_other_than_lock(file);
  throw Error(
      ErrorKind::bench_fault, std::string("cannot lock the board: ") + std::strerror(error), file.string(),
      "make the folder writable, or name another one in TINYHIL_LOCKS, the same for all users of the board");
}

std::string read_holder(int descriptor) {
  std::array<char, 200> text{};
  const ssize_t size = ::pread(descriptor, text.data(), text.size(), 0);
  std::string holder(text.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  std::erase_if(holder, [](char c) { return c < ' ' || c > '~'; });
  return holder.empty() ? kUnknownHolder : holder;
}

// For whoever waits; a lock is held without it, too. What is not ours is left as it is.
void write_holder(int descriptor) {
  const std::string before = read_holder(descriptor);
  if (!before.starts_with("process ") && before != kUnknownHolder) return;
  const std::string text = "process " + std::to_string(::getpid()) + " of user " + std::to_string(::getuid());
  if (::ftruncate(descriptor, 0) != 0) return;
  const ssize_t written = ::pwrite(descriptor, text.data(), text.size(), 0);
  static_cast<void>(written);
}

}  // namespace

void BoardHold::Close::operator()(const int* descriptor) const {
  ::close(*descriptor);
  delete descriptor;
}

std::optional<BoardHold> BoardHold::try_take(const std::string& key, std::string& holder) {
  const std::span<const std::uint8_t> bytes(reinterpret_cast<const std::uint8_t*>(key.data()), key.size());
  const int descriptor =
      open_lock(lock_folder() / ("tinyhil-" + sha256(bytes).hex().substr(0, 24) + ".lock"));
  BoardHold hold(descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    holder = read_holder(descriptor);
    return std::nullopt;
  }
  write_holder(descriptor);
  return hold;
}

std::string board_key(const std::filesystem::path& bench, const Board& board) {
  const std::optional<std::string> key = board_access(board)->lock_key();
  return key ? *key : "bench " + whole_path(bench) + " " + board.name;
}

std::string queue_key(const std::string& board_key) { return "door " + board_key; }

bool is_wanted(const std::string& board_key) {
  std::string holder;
  return !BoardHold::try_take(queue_key(board_key), holder);
}

}  // namespace tinyhil::bench
