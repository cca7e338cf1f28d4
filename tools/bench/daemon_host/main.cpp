// SPDX-License-Identifier: Apache-2.0
// bench-schedule-host BOARDS REQUESTS PASSES: how long a pass of the schedule takes, and to explain why the
// last request waits, for farms of several shapes. Prints one line of JSON; milliseconds of processor time of
// this thread.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "daemon/explain.hpp"
#include "daemon/schedule.hpp"
#include "shapes.hpp"

namespace {

using namespace tinyhil;

// What this thread computed: other programs do not count.
double cpu_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

template <class Action>
std::vector<double> sorted_times(int passes, const Action& action) {
  std::vector<double> times;
  for (int pass = 0; pass < passes; ++pass) {
    const double start = cpu_ms();
    action();
    times.push_back(cpu_ms() - start);
  }
  std::ranges::sort(times);
  return times;
}

void print_shape(const Shape& shape, daemon::Moment now, int passes) {
  std::size_t grants = 0;
  const std::vector<double> times = sorted_times(
      passes, [&] { grants = daemon::schedule(shape.farm, daemon::SchedulePolicy{}, now).size(); });
  const daemon::RequestId last = shape.farm.waiting.back().id;
  const std::vector<double> explaining = sorted_times(passes, [&] {
    if (!daemon::explain(shape.farm, daemon::SchedulePolicy{}, last, now)) std::abort();
  });
  std::printf(
      R"({"shape": "%s", "grants": %zu, "median_ms": %.3f, "worst_ms": %.3f, "explain_median_ms": %.3f})",
      shape.name.c_str(), grants, times[times.size() / 2], times.back(), explaining[explaining.size() / 2]);
}

}  // namespace

int main(int argc, char** argv) {
  const int boards = argc == 4 ? std::atoi(argv[1]) : 0, requests = argc == 4 ? std::atoi(argv[2]) : 0;
  const int passes = argc == 4 ? std::atoi(argv[3]) : 0;
  if (boards < 1 || requests < 1 || passes < 1) {
    std::fprintf(stderr, "usage: bench-schedule-host BOARDS REQUESTS PASSES\n");
    return 2;
  }
  const daemon::Moment now{std::chrono::hours(500'000)};
  std::printf(R"({"boards": %d, "requests": %d, "passes": %d, "shapes": [)", boards, requests, passes);
  const char* separator = "";
  for (const Shape& shape :
       shapes(static_cast<std::size_t>(boards), static_cast<std::size_t>(requests), now)) {
    std::printf("%s", separator);
    print_shape(shape, now, passes);
    separator = ", ";
  }
  std::printf("]}\n");
  return 0;
}
