// SPDX-License-Identifier: Apache-2.0
// bench-peer-host --protocol mlperf|stopwait --input BYTES --output BYTES --vectors N --seed S -- COMMAND...
// Drives N inferences on the device that COMMAND is, checks every output, prints one line of JSON.
#include <sys/resource.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <stdexcept>

#include "child.hpp"
#include "host.hpp"
#include "options.hpp"

namespace {

using peers::Bytes;

constexpr std::chrono::seconds kPatience{30};

struct Measured {
  double seconds;
  double cpu_us;
};

double own_cpu_us() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto us = [](const timeval& t) {
    return 1e6 * static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec);
  };
  return us(usage.ru_utime) + us(usage.ru_stime);
}

std::unique_ptr<peers::Host> make_host(const std::string& protocol, peers::Stream& line,
                                       std::size_t output_size) {
  if (protocol == "mlperf") return peers::make_mlperf_host(line, output_size);
  if (protocol == "stopwait") return peers::make_stopwait_host(line, output_size);
  throw std::runtime_error("no such protocol: " + protocol + "; there are mlperf and stopwait");
}

std::vector<Bytes> make_vectors(const peers::Options& options) {
  std::vector<Bytes> vectors;
  for (std::uint32_t i = 0; i < options.number("--vectors"); ++i) {
    vectors.push_back(peers::seeded_vector(options.number("--seed"), i, options.number("--input")));
  }
  return vectors;
}

Measured run(peers::Host& host, const std::vector<Bytes>& vectors, std::size_t output_size) {
  const double cpu_begin = own_cpu_us();
  const auto begin = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    if (host.infer(vectors[i]) != peers::expected_output(vectors[i], output_size)) {
      throw std::runtime_error("the output of vector " + std::to_string(i) + " is wrong");
    }
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  return {seconds.count(), own_cpu_us() - cpu_begin};
}

void bench(const peers::Options& options) {
  const std::vector<Bytes> vectors = make_vectors(options);
  if (vectors.empty() || options.command().empty()) {
    throw std::runtime_error("it takes at least one vector, and the device's command after --");
  }
  const peers::Child child(options.command());
  peers::Stream line(child.from(), child.to(), kPatience);
  const std::size_t output_size = options.number("--output");
  const auto host = make_host(options.text("--protocol"), line, output_size);
  host->open();
  const peers::Traffic opening = line.traffic();
  const Measured measured = run(*host, vectors, output_size);
  const peers::Traffic& all = line.traffic();
  std::printf(
      R"({"vectors": %zu, "seconds": %.6f, "cpu_us_per_inference": %.2f, "bytes_up": %ju, "bytes_down": %ju, )"
      R"("turns": %ju, "opening_bytes_up": %ju, "opening_bytes_down": %ju})"
      "\n",
      vectors.size(), measured.seconds, measured.cpu_us / static_cast<double>(vectors.size()),
      std::uintmax_t{all.written - opening.written}, std::uintmax_t{all.read - opening.read},
      std::uintmax_t{all.turns - opening.turns}, std::uintmax_t{opening.written},
      std::uintmax_t{opening.read});
}

}  // namespace

int main(int count, char** arguments) try {
  std::signal(SIGPIPE, SIG_IGN);
  bench(peers::Options(count, arguments, {"--protocol", "--input", "--output", "--vectors", "--seed"}));
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench-peer-host: %s\n", error.what());
  return 1;
}
