// SPDX-License-Identifier: Apache-2.0
#include "progress_line.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace tinyhil {

void ProgressLine::show(const Progress& progress) const {
  const bool whole = progress.done == progress.total;
  const std::string line =
      fmt::format("{:<16} {:>6} of {} vectors", progress.model, progress.done, progress.total);
  if (::isatty(STDERR_FILENO) == 1) {
    fmt::print(stderr, "\r{}{}", line, whole ? "\n" : "");
  } else if (whole) {
    fmt::print(stderr, "{}\n", line);
  }
}

}  // namespace tinyhil
