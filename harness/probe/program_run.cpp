// SPDX-License-Identifier: Apache-2.0
#include "program_run.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "base/visible.hpp"
#include "transport/child_process.hpp"

namespace tinyhil::probe {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kWordsMost = 2048;  // of what it said, the end
constexpr milliseconds kLook{20};         // between two looks whether it has ended

struct Descriptor {
  int number;
  explicit Descriptor(int descriptor) : number(descriptor) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { ::close(number); }
};

// What there is to read now; false at its end.
bool drain(int descriptor, std::string& words) {
  std::array<char, 4096> chunk{};
  while (true) {
    const ssize_t size = ::read(descriptor, chunk.data(), chunk.size());
    if (size <= 0) return size != 0;
    words.append(chunk.data(), static_cast<std::size_t>(size));
    if (words.size() > kWordsMost) words.erase(0, words.size() - kWordsMost);
  }
}

std::string trimmed(std::string words) {
  while (!words.empty() && (words.back() == '\n' || words.back() == '\r')) words.pop_back();
  return visible(words);
}

}  // namespace

Result<void> run_program(const std::vector<std::string>& command, milliseconds limit) {
  transport::ChildProcess process(command);
  const Descriptor output(process.release_socket());
  ::fcntl(output.number, F_SETFL, O_NONBLOCK);
  ::shutdown(output.number, SHUT_WR);
  std::array<pollfd, 2> sources{{{output.number, POLLIN, 0}, {process.error_pipe(), POLLIN, 0}}};
  const auto end = steady_clock::now() + limit;
  std::string words;
  std::string how;
  while (how.empty() && steady_clock::now() < end) {
    ::poll(sources.data(), sources.size(), static_cast<int>(kLook.count()));
    for (pollfd& source : sources)
      if (source.fd >= 0 && !drain(source.fd, words)) source.fd = -1;  // at its end poll() would not wait
    const bool is_silent = sources[0].fd < 0 && sources[1].fd < 0;
    how = process.outcome(is_silent ? kLook : milliseconds(0));
  }
  for (const pollfd& source : sources)
    if (source.fd >= 0) drain(source.fd, words);
  if (how.empty()) {
    process.kill();
    return Fault{FaultKind::timeout,
                 command[0] + " did not end within " + std::to_string(limit.count()) + " ms",
                 trimmed(std::move(words))};
  }
  if (!process.has_succeeded())
    return Fault{FaultKind::refused, command[0] + " " + how, trimmed(std::move(words))};
  return {};
}

}  // namespace tinyhil::probe
