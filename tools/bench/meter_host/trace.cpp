// SPDX-License-Identifier: Apache-2.0
// bench-trace-host FOLDER [SECONDS]: a recording of 1 MS/s of amperes (60 s) in FOLDER, which is removed
// again; plain writes of as many bytes before and after it; 2,000 columns of windows of every length. Prints
// one line of JSON.
#include <fcntl.h>
#include <unistd.h>

#include <ctime>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <vector>

#include "meter/trace_reader.hpp"
#include "meter/trace_writer.hpp"
#include "stats/seeded_random.hpp"

namespace {

using namespace tinyhil;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kBlock = 65'536;
constexpr double kRateHz = 1e6;

// What this thread computed: other programs do not count.
double cpu_s() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::vector<float> noisy_block() {
  stats::SeededRandom random(1);
  std::vector<float> current(kBlock);
  for (std::size_t i = 0; i < kBlock; ++i)
    current[i] = static_cast<float>((i / 1000 % 2 == 0 ? 0.001 : 0.01) + 1e-5 * random.normal());
  return current;
}

double trace_write_s(const std::filesystem::path& file, const std::vector<float>& block,
                     std::uint64_t blocks) {
  meter::TraceStart start{.identity = {}, .format = meter::WordFormat::amperes_f32, .start_ns = 0};
  start.identity.rate_hz = kRateHz;
  const auto* const words = reinterpret_cast<const std::uint8_t*>(block.data());
  const double begin = cpu_s();
  meter::TraceWriter writer(file, start);
  for (std::uint64_t i = 0; i < blocks; ++i)
    writer.samples({i * kBlock, {words, kBlock * sizeof(float)}, block, {}});
  writer.finish();
  return cpu_s() - begin;
}

double plain_write_s(const std::filesystem::path& file, const std::vector<float>& block,
                     std::uint64_t bytes) {
  const double begin = cpu_s();
  const int out = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  for (std::uint64_t left = bytes; left > 0;) {
    const ssize_t n = ::write(out, block.data(), std::min<std::uint64_t>(left, kBlock * sizeof(float)));
    if (n <= 0) std::abort();
    left -= static_cast<std::uint64_t>(n);
  }
  ::close(out);
  return cpu_s() - begin;
}

struct Zoom {
  double median_ms = 0;
  double worst_ms = 0;
  double worst_window_s = 0;
};

Zoom zoom_ms(const meter::TraceReader& trace) {
  stats::SeededRandom random(2);
  const auto end = static_cast<double>(trace.end());
  std::vector<double> all;
  Zoom zoom;
  double sum = 0;
  for (double length = end; length >= 2'000; length /= 1.3) {
    for (int i = 0; i < 10; ++i) {
      const double first = random.uniform() * (end - length);
      const double begin = cpu_s();
      sum += trace.columns(first, first + length, 2'000)[7].mean_a;
      all.push_back((cpu_s() - begin) * 1e3);
      if (all.back() <= zoom.worst_ms) continue;
      zoom.worst_ms = all.back();
      zoom.worst_window_s = length / kRateHz;
    }
  }
  std::sort(all.begin(), all.end());
  zoom.median_ms = sum > 0 ? all[all.size() / 2] : -1;
  return zoom;
}

double charge_us(const meter::TraceReader& trace) {
  stats::SeededRandom random(3);
  const auto end = static_cast<double>(trace.end());
  const Clock::time_point begin = Clock::now();
  double sum = 0;
  for (int i = 0; i < 200; ++i)
    sum += trace.charge_c(random.uniform() * end / 2, (1 + random.uniform()) * end / 2);
  return sum > 0 ? seconds_since(begin) / 200 * 1e6 : -1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: bench-trace-host FOLDER [SECONDS]\n");
    return 2;
  }
  const std::filesystem::path folder = argv[1], file = folder / "bench.trace", plain = folder / "bench.plain";
  const double seconds = argc > 2 ? std::atof(argv[2]) : 60;
  const auto blocks = static_cast<std::uint64_t>(seconds * kRateHz / kBlock) + 1;
  const std::vector<float> block = noisy_block();
  const std::uint64_t bytes = blocks * kBlock * sizeof(float);
  const double before_s = plain_write_s(plain, block, bytes);
  std::filesystem::remove(plain);
  const double trace_s = trace_write_s(file, block, blocks);
  const double after_s = plain_write_s(plain, block, bytes);
  std::filesystem::remove(plain);
  const Clock::time_point begin = Clock::now();
  const meter::TraceReader trace(file);
  const double open_ms = seconds_since(begin) * 1e3;
  const Zoom first = zoom_ms(trace), again = zoom_ms(trace);
  std::printf(
      R"({"samples": %llu, "file_bytes": %llu, "trace_write_cpu_s": %.3f, "plain_write_cpu_s": [%.3f, %.3f], )"
      R"("open_ms": %.2f, "zoom_median_ms": %.3f, "zoom_worst_ms": [%.3f, %.3f], "worst_window_s": %.3f, )"
      R"("charge_us": %.1f})"
      "\n",
      static_cast<unsigned long long>(trace.samples()),
      static_cast<unsigned long long>(std::filesystem::file_size(file)), trace_s, before_s, after_s, open_ms,
      again.median_ms, first.worst_ms, again.worst_ms, again.worst_window_s, charge_us(trace));
  std::filesystem::remove(file);
  return 0;
}
