// SPDX-License-Identifier: Apache-2.0
#include "run_origin.hpp"

#include <poll.h>
#include <pwd.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "base/error.hpp"
#include "transport/child_process.hpp"

namespace tinyhil::campaign {
namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::milliseconds;

constexpr Milliseconds kPatience{5'000};
constexpr Milliseconds kEndPatience{1'000};  // of a program that has closed its output
constexpr std::size_t kAnswerMax = 256;
constexpr std::size_t kDigestsHex[] = {40, 64};  // SHA-1, SHA-256
constexpr std::string_view kDirty = "-dirty";

// Closes what it holds.
struct Socket {
  int descriptor;
  ~Socket() { ::close(descriptor); }
};

// Until the program closes its output. Empty when that takes too long or there is too much of it.
std::string read_all(const Socket& socket) {
  const Clock::time_point end = Clock::now() + kPatience;
  std::string answer;
  std::array<char, kAnswerMax> part{};
  while (answer.size() < kAnswerMax) {
    const auto left = std::chrono::duration_cast<Milliseconds>(end - Clock::now()).count();
    pollfd readable{socket.descriptor, POLLIN, 0};
    if (left <= 0 || ::poll(&readable, 1, static_cast<int>(left)) != 1) return "";
    const ssize_t size = ::read(socket.descriptor, part.data(), part.size());
    if (size <= 0) return size == 0 ? answer : "";
    answer.append(part.data(), static_cast<std::size_t>(size));
  }
  return "";
}

std::string answer_of(const std::vector<std::string>& command) try {
  transport::ChildProcess program(command);
  const Socket socket{program.release_socket()};
  std::string answer = read_all(socket);
  program.outcome(kEndPatience);
  return program.has_succeeded() ? answer : "";
} catch (const Error&) {
  return "";  // a machine without Git runs campaigns as well
}

bool is_commit(std::string_view text) {
  if (text.ends_with(kDirty)) text.remove_suffix(kDirty.size());
  const bool has_length = std::ranges::find(kDigestsHex, text.size()) != std::end(kDigestsHex);
  return has_length && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

std::string machine_name() {
  utsname host{};
  return ::uname(&host) == 0 ? host.nodename : "";
}

std::string user_name() {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  const uid_t user = ::geteuid();
  const bool is_named = ::getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found) == 0 && found;
  return is_named ? entry.pw_name : "uid " + std::to_string(user);
}

// A repository's own settings must not make Git start programs, nor Git write into the repository.
std::string commit_of(const std::filesystem::path& folder) {
  const std::string place = folder.empty() ? "." : folder.string();
  std::string answer = answer_of({"git", "--no-optional-locks", "-c", "core.fsmonitor=false", "-C", place,
                                  "describe", "--always", "--abbrev=64", "--exclude=*", "--dirty"});
  while (answer.ends_with('\n')) answer.pop_back();
  return is_commit(answer) ? answer : "";
}

}  // namespace tinyhil::campaign
