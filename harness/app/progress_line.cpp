// SPDX-License-Identifier: Apache-2.0
#include "progress_line.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "console.hpp"

namespace tinyhil::app {

namespace {

void tell_who_left(const campaign::event::BoardLeft& left) {
  fmt::print(stderr, "board {} failed, and the others go on without it: {}\n  where:  {}\n  remedy: {}\n",
             left.board, left.what, left.where, left.remedy);
}

bool is_seen() { return ::isatty(STDERR_FILENO) == 1; }

campaign::event::Progressed sum_of(const std::map<std::string, campaign::event::Progressed>& boards) {
  campaign::event::Progressed sum;
  for (const auto& [name, each] : boards) {
    sum.done += each.done;
    sum.total = std::max(sum.total, each.total);
    sum.scored += each.scored;
    sum.score_sum += each.score_sum;
    sum.measure = each.measure;
  }
  sum.done = std::min(sum.done, sum.total);  // some vectors are run by several boards
  return sum;
}

// Nothing where nothing is scored.
std::string score_so_far(const campaign::event::Progressed& sum) {
  if (sum.scored == 0) return "";
  return fmt::format(", {} {:5.1f} %", sum.measure, 100 * sum.score_sum / static_cast<double>(sum.scored));
}

}  // namespace

// A shorter line must cover the longer one before it.
void ProgressLine::rewrite(const std::string& line, bool is_final) {
  const std::size_t width = std::max(width_, line.size());
  console::rewrite_line(line + std::string(width - line.size(), ' '), is_final);
  width_ = is_final ? 0 : line.size();
}

void ProgressLine::show(const campaign::RunEvent& event) {
  if (const auto* left = std::get_if<campaign::event::BoardLeft>(&event)) tell_who_left(*left);
  if (const auto* progress = std::get_if<campaign::event::Progressed>(&event)) show_progress(*progress);
  const auto* preparing = std::get_if<campaign::event::Preparing>(&event);
  if (preparing != nullptr && is_seen())
    rewrite(fmt::format("{:<16} is loaded on {}", preparing->model, preparing->board), false);
  if (const auto* metering = std::get_if<campaign::event::Metering>(&event))
    fmt::print(stderr, "{:<16} its current is measured\n", metering->board);
}

void ProgressLine::show_progress(const campaign::event::Progressed& progress) {
  if (whole_.contains(progress.model)) return;
  std::map<std::string, campaign::event::Progressed>& boards = by_model_[progress.model];
  boards[progress.board] = progress;
  const campaign::event::Progressed sum = sum_of(boards);
  const bool whole = sum.done == sum.total;
  if (whole) whole_.insert(progress.model);
  const std::string where = boards_ > 1 ? fmt::format(" on {} boards", boards_) : "";
  const std::string line =
      fmt::format("{:<16} {:>6} of {} vectors{}", progress.model, sum.done, sum.total, where);
  campaign::Pace& pace = pace_[progress.model];
  pace.note(sum.done, std::chrono::steady_clock::now());
  if (is_seen()) {
    rewrite(line + score_so_far(sum) + pace.words(sum.total), whole);
  } else if (whole) {
    fmt::print(stderr, "{}\n", line);
  }
}

void tell_out_of_time() {
  fmt::print(stderr, "the time on the device (`max_device_time`) is over; go on with --resume\n");
}

}  // namespace tinyhil::app
