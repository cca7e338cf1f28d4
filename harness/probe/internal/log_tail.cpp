// SPDX-License-Identifier: Apache-2.0
#include "log_tail.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <vector>

#include "base/visible.hpp"

namespace tinyhil::probe {

namespace {

constexpr std::size_t kKept = 256 * 1024;
constexpr int kPipeSize = 1024 * 1024;
constexpr std::size_t kLineMost = 4096;
constexpr std::size_t kLinesShown = 4;

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string joined_end(const std::vector<std::string_view>& lines) {
  std::string joined;
  for (std::size_t i = lines.size() - std::min(lines.size(), kLinesShown); i < lines.size(); ++i) {
    joined += (joined.empty() ? "" : "; ") + visible_line(lines[i].substr(0, 200));
  }
  return joined;
}

// To a checked command (tcl_text.hpp): status and result.
bool is_answer(std::string_view line) { return line.starts_with("0 ") || line.starts_with("1 "); }

}  // namespace

LogTail::LogTail(int pipe) : pipe_(pipe) { ::fcntl(pipe_, F_SETPIPE_SZ, kPipeSize); }

bool LogTail::drain() {
  std::array<char, 16384> chunk{};
  ssize_t size = 0;
  while ((size = ::read(pipe_, chunk.data(), chunk.size())) > 0) {
    begun_.append(chunk.data(), static_cast<std::size_t>(size));
    take_lines();
  }
  return size < 0 && (errno == EAGAIN || errno == EINTR);
}

void LogTail::take_lines() {
  std::size_t at = 0;
  for (std::size_t end = 0; (end = begun_.find('\n', at)) != std::string::npos; at = end + 1) {
    const std::string_view line(begun_.data() + at, end + 1 - at);
    if (!is_answer(line)) text_ += line;
  }
  begun_.erase(0, at);
  if (begun_.size() > kLineMost) begun_.resize(kLineMost);  // its beginning tells what it is
  if (text_.size() > 2 * kKept) text_.erase(0, text_.size() - kKept);
}

int tcl_port_in(std::string_view log) {
  constexpr std::string_view kBefore = "Listening on port ";
  constexpr std::string_view kAfter = " for tcl connections";
  for (std::size_t at = log.find(kBefore); at != std::string_view::npos; at = log.find(kBefore, at + 1)) {
    const char* begin = log.data() + at + kBefore.size();
    const char* end = log.data() + log.size();
    int port = 0;
    const auto [stop, error] = std::from_chars(begin, end, port);
    const std::string_view rest(stop, static_cast<std::size_t>(end - stop));
    if (error == std::errc() && rest.starts_with(kAfter) && port > 0 && port < 65536) return port;
  }
  return 0;
}

std::string complaint_in(std::string_view log) {
  const std::vector<std::string_view> lines = lines_of(log);
  std::vector<std::string_view> errors;
  for (const std::string_view line : lines) {
    // "embedded:startup.tcl:28: Error: Can't find a.cfg" is one of its own script
    if (line.starts_with("Error") || line.find(": Error: ") != std::string_view::npos) errors.push_back(line);
  }
  return joined_end(errors.empty() ? lines : errors);
}

// nRF5x; Kinetis.
std::string lock_in(std::string_view log) {
  for (const std::string_view line : lines_of(log)) {
    for (const std::string_view words : {"AP lock engaged", "Secured MCU"})
      if (line.find(words) != std::string_view::npos) return joined_end({line});
  }
  return "";
}

}  // namespace tinyhil::probe
