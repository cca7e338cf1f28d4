// SPDX-License-Identifier: Apache-2.0
#include "event_log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

#include "base/error.hpp"
#include "campaign/event_text.hpp"

namespace tinyhil::app {

namespace {

constexpr std::chrono::milliseconds kProgressEvery{100};

[[noreturn]] void fail_event_log(const std::filesystem::path& file) {
  throw Error(ErrorKind::output, std::string("the events cannot be written: ") + std::strerror(errno),
              file.string(), "free space there, or name another file");
}

}  // namespace

EventLog::EventLog(std::filesystem::path file)
    : file_(std::move(file)),
      descriptor_(::open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600)),
      thinning_(kProgressEvery) {
  if (descriptor_ < 0) fail_event_log(file_);
}

EventLog::~EventLog() { ::close(descriptor_); }

void EventLog::write(const campaign::RunEvent& event) {
  for (const campaign::RunEvent& each : thinning_.next(event, std::chrono::steady_clock::now()))
    if (const auto line = campaign::event_line(each)) append(*line);
}

void EventLog::write_out_of_time() { append(R"({"event":"out_of_time"})"); }

// In one write, so that nobody reads half of it.
void EventLog::append(std::string line) const {
  line += '\n';
  if (::write(descriptor_, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
    fail_event_log(file_);
}

}  // namespace tinyhil::app
