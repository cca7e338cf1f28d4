// SPDX-License-Identifier: Apache-2.0
#include "console.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <stdexcept>
#include <system_error>

#include "base/visible.hpp"

namespace tinyhil::app::console {

namespace {

struct Stream {
  int descriptor;
  std::string cut = {};  // the beginning of a character whose end is still to come
  int error = 0;         // the first
};

// The process has one of each.
Stream out{STDOUT_FILENO};
Stream err{STDERR_FILENO};

void write_all(Stream& stream, std::string_view text) {
  while (!text.empty() && stream.error == 0) {
    const ssize_t size = ::write(stream.descriptor, text.data(), text.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) {
      stream.error = errno;
    } else {
      text.remove_prefix(static_cast<std::size_t>(size));
    }
  }
}

// Says that all went well, also when it did not: stdio's callers throw, and close() tells.
ssize_t take(void* cookie, const char* bytes, std::size_t size) {
  Stream& stream = *static_cast<Stream*>(cookie);
  const std::string text = stream.cut + std::string(bytes, size);
  const std::size_t whole = whole_characters(text);
  stream.cut = text.substr(whole);
  if (&stream == &err) err.error = 0;  // a log goes on when its disk has space again
  write_all(stream, visible(std::string_view(text).substr(0, whole)));
  return static_cast<ssize_t>(size);
}

std::FILE* led_through(Stream& stream, int buffering) {
  cookie_io_functions_t functions{};
  functions.write = take;
  std::FILE* file = ::fopencookie(&stream, "w", functions);
  if (file == nullptr) throw std::runtime_error("no memory for a stream");
  std::setvbuf(file, nullptr, buffering, BUFSIZ);
  return file;
}

// Read only, so that what is written there is an error as it was on the closed one.
void occupy_closed() {
  while (true) {
    const int descriptor = ::open("/dev/null", O_RDONLY);
    if (descriptor > STDERR_FILENO) ::close(descriptor);
    if (descriptor < 0 || descriptor > STDERR_FILENO) return;
  }
}

void finish(Stream& stream, std::FILE* file) {
  std::fflush(file);
  write_all(stream, visible(stream.cut));
  stream.cut.clear();
}

}  // namespace

void open() {
  occupy_closed();
  const bool is_seen = ::isatty(STDOUT_FILENO) == 1;
  stdout = led_through(out, is_seen ? _IOLBF : _IOFBF);
  stderr = led_through(err, _IOLBF);
}

void rewrite_line(const std::string& line, bool is_final) {
  std::fflush(stderr);
  write_all(err, "\r" + visible_line(line) + (is_final ? "\n" : ""));
}

bool close() {
  finish(out, stdout);
  finish(err, stderr);
  return out.error == 0;
}

std::string reason() { return std::generic_category().message(out.error); }

}  // namespace tinyhil::app::console
