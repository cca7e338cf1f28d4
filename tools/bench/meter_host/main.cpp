// SPDX-License-Identifier: Apache-2.0
// bench-meter-host decode WORDS CALIBRATION ROUNDS: a PPK2's samples, from a file of bytes to amperes. Prints
// for each round its seconds of processor time, and the mean current last.
// bench-meter-host stream PORT SECONDS: records from a PPK2. Prints samples, gaps, seconds of processor time
// and of time.
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "meter/meter.hpp"
#include "meter/ppk2_recording.hpp"

namespace {

using namespace tinyhil;
using std::chrono::steady_clock;

constexpr std::size_t kRead = 4096;  // bytes that come at once

struct Summed : meter::SampleSink {
  void samples(const meter::SampleBlock& block) override {
    for (const float current : block.current_a) sum += static_cast<double>(current);
    count += block.current_a.size();
  }
  void gap(const meter::Gap&) override { ++gaps; }

  double sum = 0;
  std::uint64_t count = 0;
  std::uint64_t gaps = 0;
};

std::string content_of(const char* file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

double seconds(steady_clock::duration time) { return std::chrono::duration<double>(time).count(); }

int decode(const char* words, const char* calibration, int rounds) {
  const std::string text = content_of(words);
  const std::vector<std::uint8_t> bytes(text.begin(), text.end());
  const auto reader = meter::word_reader(meter::WordFormat::ppk2_u32, content_of(calibration));
  Summed sink;
  for (int round = 0; round < rounds; ++round) {
    meter::Ppk2Recording recording(sink, *reader, false);
    const std::clock_t start = std::clock();  // others work on this machine
    for (std::size_t at = 0; at < bytes.size(); at += kRead)
      recording.push(std::span(bytes).subspan(at, std::min(kRead, bytes.size() - at)));
    recording.finish();
    std::printf("%.9f\n", static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  }
  std::printf("%.9e\n", sink.sum / static_cast<double>(sink.count));
  return sink.gaps == 0 ? 0 : 1;
}

struct Used {
  double cpu_s = 0;
  double time_s = 0;
};

asio::awaitable<Used> record(meter::Meter& meter, Summed& sink) {
  co_await meter.prepare();
  const std::clock_t cpu = std::clock();
  const auto start = steady_clock::now();
  const Result<void> outcome = co_await meter.record(sink);
  if (!outcome) throw std::runtime_error(describe(outcome.error()));
  const Used used{static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC,
                  seconds(steady_clock::now() - start)};
  co_return used;
}

int stream(const std::string& port, int length_s) {
  asio::io_context io(1);
  const Section section = Section::parse("driver: ppk2\nport: " + port + "\nsupply: 3.3 V\n", "bench");
  const auto meter = meter::open_meter(section, io.get_executor());
  Summed sink;
  asio::steady_timer end(io, std::chrono::seconds(length_s));
  end.async_wait([&](const boost::system::error_code&) { meter->stop(); });
  asio::co_spawn(io, record(*meter, sink), [&](std::exception_ptr thrown, Used used) {
    if (thrown) std::rethrow_exception(thrown);
    std::printf("%llu %llu %.6f %.6f\n", static_cast<unsigned long long>(sink.count),
                static_cast<unsigned long long>(sink.gaps), used.cpu_s, used.time_s);
  });
  io.run();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  if (what == "decode" && argc == 5) return decode(argv[2], argv[3], std::atoi(argv[4]));
  if (what == "stream" && argc == 4) return stream(argv[2], std::atoi(argv[3]));
  std::fprintf(stderr, "see main.cpp\n");
  return 2;
}
