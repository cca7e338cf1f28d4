// SPDX-License-Identifier: Apache-2.0
#include "progress_line.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "console.hpp"

namespace tinyhil::app {

void ProgressLine::show(const campaign::event::Progressed& progress) {
  std::map<std::string, campaign::event::Progressed>& boards = by_model_[progress.model];
  boards[progress.board] = progress;
  campaign::event::Progressed sum;
  for (const auto& [name, each] : boards) {
    sum.done += each.done;
    sum.total += each.total;
  }
  const bool whole = boards.size() == boards_ && sum.done == sum.total;
  const std::string where = boards_ > 1 ? fmt::format(" on {} boards", boards_) : "";
  const std::string line =
      fmt::format("{:<16} {:>6} of {} vectors{}", progress.model, sum.done, sum.total, where);
  if (::isatty(STDERR_FILENO) == 1) {
    console::rewrite_line(line, whole);
  } else if (whole) {
    fmt::print(stderr, "{}\n", line);
  }
}

}  // namespace tinyhil::app
