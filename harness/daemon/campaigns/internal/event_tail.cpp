// SPDX-License-Identifier: Apache-2.0
#include "event_tail.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::size_t kAtOnce = 16UL * 1024;
constexpr std::size_t kLineMost = 1024UL * 1024;  // a longer one is no event

std::string event_name_in(const std::string& line) {
  const nlohmann::json json = nlohmann::json::parse(line, nullptr, false);
  if (!json.is_object() || !json.contains("event") || !json["event"].is_string()) return "";
  return json["event"].get<std::string>();
}

bool ends_in_a_line(int descriptor) {
  const off_t size = ::lseek(descriptor, 0, SEEK_END);
  char last = '\n';
  return size <= 0 || ::pread(descriptor, &last, 1, size - 1) != 1 || last == '\n';
}

}  // namespace

bool EventTail::read_more() {
  const int descriptor = ::open(file_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0 && errno == ENOENT) return false;
  std::array<char, kAtOnce> more;  // not initialised: most looks find nothing
  const auto place = static_cast<off_t>(at_ + buffer_.size());
  const ssize_t count = descriptor < 0 ? -1 : ::pread(descriptor, more.data(), more.size(), place);
  const int reason = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (count < 0)
    throw Error(ErrorKind::bench_fault, std::string("the events cannot be read: ") + std::strerror(reason),
                file_.string(), "see whether the daemon's --state is readable");
  buffer_.append(more.data(), static_cast<std::size_t>(count));
  return count > 0;
}

std::optional<EventLine> EventTail::next() {
  for (;;) {
    const std::size_t end = buffer_.find('\n');
    if (end == std::string::npos) {
      if (buffer_.size() > kLineMost) {
        at_ += buffer_.size();
        buffer_.clear();
      }
      if (!read_more()) return std::nullopt;
      continue;
    }
    EventLine line;
    line.text = buffer_.substr(0, end);
    buffer_.erase(0, end + 1);
    at_ += end + 1;
    line.end = at_;
    line.name = event_name_in(line.text);
    if (!line.name.empty()) return line;
  }
}

void append_event(const std::filesystem::path& file, const std::string& line) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  const std::string whole = (descriptor >= 0 && !ends_in_a_line(descriptor) ? "\n" : "") + line + '\n';
  const ssize_t count = descriptor < 0 ? -1 : ::write(descriptor, whole.data(), whole.size());
  const int reason = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (count != static_cast<ssize_t>(whole.size()))
    throw Error(ErrorKind::output, std::string("an event cannot be written: ") + std::strerror(reason),
                file.string(), "free space where the daemon's --state lies");
}

}  // namespace tinyhil::daemon
