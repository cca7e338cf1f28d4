// SPDX-License-Identifier: Apache-2.0
#include "pace.hpp"

#include <fmt/format.h>

#include <cmath>

namespace tinyhil::campaign {
namespace {

using Seconds = std::chrono::duration<double>;

constexpr std::chrono::seconds kRemembered{60};
constexpr std::chrono::milliseconds kBetweenMarks{250};  // so that there are at most a few hundred
constexpr double kLeastSeconds = 1;

std::string duration_words(double seconds) {
  if (seconds < 99.5) return fmt::format("{:.0f} s", std::max(1.0, seconds));
  if (seconds < 99.5 * 60) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

}  // namespace

void Pace::note(std::uint64_t done, Time now) {
  const bool is_soon = marks_.size() > 1 && now - marks_[marks_.size() - 2].at < kBetweenMarks;
  if (is_soon) {
    marks_.back() = {done, now};
  } else {
    marks_.push_back({done, now});
  }
  while (marks_.size() > 2 && now - marks_[1].at >= kRemembered) marks_.pop_front();
}

std::string Pace::words(std::uint64_t total) const {
  if (marks_.empty() || marks_.back().done >= total) return "";
  const double seconds = Seconds(marks_.back().at - marks_.front().at).count();
  const std::uint64_t done = marks_.back().done - marks_.front().done;
  if (seconds < kLeastSeconds || done == 0) return "";
  const double rate = static_cast<double>(done) / seconds;
  const double left = static_cast<double>(total - marks_.back().done) / rate;
  return fmt::format(", {}/s, {} left",
                     rate < 9.95 ? fmt::format("{:.1f}", rate) : fmt::format("{:.0f}", rate),
                     duration_words(left));
}

}  // namespace tinyhil::campaign
