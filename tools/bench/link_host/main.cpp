// SPDX-License-Identifier: Apache-2.0
// bench-link-host --input BYTES --output BYTES --vectors N --seed S [--vectors-file FILE] -- COMMAND...
// Drives N inferences over our link on the device that COMMAND is (the fake engine), checks every output,
// does it again with a second model over the vectors that are now resident, prints one line of JSON.
#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "device/agent/agent_link.hpp"
#include "device/agent/packing.hpp"
#include "device/agent/push_block.hpp"
#include "device/agent/run_stream.hpp"
#include "device/run_report.hpp"
#include "device/run_request.hpp"
#include "device/slot_plan.hpp"
#include "model.hpp"
#include "model/inference_rows.hpp"
#include "options.hpp"
#include "transport/process.hpp"

namespace {

namespace asio = boost::asio;
using tinyhil::device::AgentLink;
using Bytes = std::vector<std::uint8_t>;

constexpr std::chrono::milliseconds kBootLimit{10'000};

struct Measured {
  double seconds = 0;
  double cpu_us = 0;
  tinyhil::device::Session::Counters traffic;
};

double own_cpu_us() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto us = [](const timeval& t) {
    return 1e6 * static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec);
  };
  return us(usage.ru_utime) + us(usage.ru_stime);
}

Bytes make_vectors(const peers::Options& options) {
  if (options.has("--vectors-file")) {
    std::ifstream in(options.text("--vectors-file"), std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + options.text("--vectors-file"));
    return {std::istreambuf_iterator<char>(in), {}};
  }
  Bytes all;
  for (std::uint32_t i = 0; i < options.number("--vectors"); ++i) {
    const peers::Bytes one = peers::seeded_vector(options.number("--seed"), i, options.number("--input"));
    all.insert(all.end(), one.begin(), one.end());
  }
  return all;
}

template <class T>
T need(tinyhil::Result<T> result) {
  if (!result) throw std::runtime_error(result.error().what + "; " + result.error().evidence);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

// A model of the fake engine: output[i] = sum of the input's bytes + i + bias.
Bytes fake_model(std::size_t input, std::size_t output, std::uint8_t bias) {
  const auto low = [](std::size_t size) { return static_cast<std::uint8_t>(size); };
  const auto high = [](std::size_t size) { return static_cast<std::uint8_t>(size >> 8); };
  return {'F', 0, low(input), high(input), low(output), high(output), bias};
}

class Bench {
 public:
  Bench(const peers::Options& options, asio::io_context& io)
      : input_(options.number("--input")),
        output_(options.number("--output")),
        link_(tinyhil::transport::open_process(io.get_executor(), options.command())) {
    vectors_.inputs = make_vectors(options);
    vectors_.count = vectors_.inputs.size() / input_;
    vectors_.input.only().rank = 2;
    vectors_.input.only().dims = {1, static_cast<std::uint32_t>(input_), 1, 1};
    if (vectors_.count == 0) throw std::runtime_error("it takes at least one vector");
  }

  asio::awaitable<void> run() {
    device_ = need(co_await link_.hello(tinyhil::device::Boot(kBootLimit)));
    packing_ = tinyhil::device::choose_packing(vectors_.inputs, vectors_.input);
    co_await load(0, 0);
    const tinyhil::device::Session::Counters opening = link_.counters();
    const Measured first = co_await measure(0, 0);
    const tinyhil::device::Session::Counters before = link_.counters();
    co_await load(1, 1);
    co_await measure(1, 1);
    print(opening, first, before);
  }

 private:
  asio::awaitable<void> load(std::uint16_t slot, std::uint8_t bias) {
    const Bytes model = fake_model(input_, output_, bias);
    std::vector<tinyhil::device::PushBlock> image{
        {tinyhil::device::SlotKind::model, slot, model, tinyhil::sha256(model), 0}};
    need(co_await link_.push(std::move(image)));
    loaded_ = need(co_await link_.load(slot));
  }

  asio::awaitable<Measured> measure(std::uint8_t slot, std::uint8_t bias) {
    const auto waves = tinyhil::device::plan_slots({&vectors_}, device_.vectors);
    if (waves.size() != 1) throw std::runtime_error("more vectors than fit the device's slots");
    const double cpu_begin = own_cpu_us();
    const auto begin = std::chrono::steady_clock::now();
    const tinyhil::device::Session::Counters before = link_.counters();
    const auto resident = need(co_await link_.inventory(tinyhil::device::SlotKind::vectors, waves[0].size()));
    tinyhil::device::Supply supply;
    std::vector<tinyhil::device::RunRequest> requests;
    for (std::uint16_t i = 0; i < waves[0].size(); ++i) {
      const tinyhil::device::VectorBlock& block = waves[0][i];
      if (resident[i] != block.digest) {
        supply.blocks.push_back(
            {tinyhil::device::SlotKind::vectors, i, block.content, block.digest, packing_.stride});
      }
      supply.needs.push_back(supply.blocks.size());
      tinyhil::device::RunRequest& request = requests.emplace_back();
      request.models.push_back({slot, loaded_.output, {}, {}});
      request.vector_slot = i;
      request.count = block.count;
      request.position = tinyhil::OrderPosition{block.first};
      request.mode = tinyhil::RunMode::throughput;
    }
    std::vector<tinyhil::InferenceRows> stored;
    const tinyhil::device::RunStream::Sink sink =
        [&stored](std::size_t, std::size_t, const tinyhil::InferenceRows& rows) { stored.push_back(rows); };
    tinyhil::device::RunReport report;
    need(co_await link_.stream(std::move(supply), std::move(requests), sink, report));
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    Measured measured{seconds.count(), own_cpu_us() - cpu_begin, link_.counters()};
    check(stored, bias);
    measured.traffic.bytes_out -= before.bytes_out;
    measured.traffic.bytes_in -= before.bytes_in;
    co_return measured;
  }

  // After the clock has stopped: it is not the link's work.
  void check(const std::vector<tinyhil::InferenceRows>& stored, std::uint8_t bias) const {
    std::size_t results = 0;
    for (const tinyhil::InferenceRows& rows : stored) {
      for (std::size_t row = 0; row < rows.size(); ++row, ++results) check(rows, row, bias);
    }
    if (results != vectors_.count) throw std::runtime_error("results are missing or came twice");
  }

  void check(const tinyhil::InferenceRows& rows, std::size_t row, std::uint8_t bias) const {
    const auto vector = std::span(vectors_.inputs).subspan(rows.vector[row] * input_, input_);
    peers::Bytes expected = peers::expected_output(vector, output_);
    for (std::uint8_t& each : expected) each = static_cast<std::uint8_t>(each + bias);
    const auto output = std::span(rows.outputs).subspan(row * output_, output_);
    if (!std::equal(expected.begin(), expected.end(), output.begin())) {
      throw std::runtime_error("the output of vector " + std::to_string(rows.vector[row]) + " is wrong");
    }
  }

  void print(const tinyhil::device::Session::Counters& opening, const Measured& first,
             const tinyhil::device::Session::Counters& before_rerun) {
    const tinyhil::device::Session::Counters end = link_.counters();
    std::printf(
        R"({"vectors": %zu, "seconds": %.6f, "cpu_us_per_inference": %.2f, "bytes_up": %ju, "bytes_down": %ju, )"
        R"("turns": 0, "opening_bytes_up": %ju, "opening_bytes_down": %ju, "rerun_bytes_up": %ju, )"
        R"("rerun_bytes_down": %ju, "packing_ratio": %.4f})"
        "\n",
        vectors_.count, first.seconds, first.cpu_us / static_cast<double>(vectors_.count),
        std::uintmax_t{first.traffic.bytes_out}, std::uintmax_t{first.traffic.bytes_in},
        std::uintmax_t{opening.bytes_out}, std::uintmax_t{opening.bytes_in},
        std::uintmax_t{end.bytes_out - before_rerun.bytes_out},
        std::uintmax_t{end.bytes_in - before_rerun.bytes_in}, packing_.ratio);
  }

  std::size_t input_;
  std::size_t output_;
  AgentLink link_;
  tinyhil::DeviceIdentity device_;
  tinyhil::LoadedModel loaded_;
  tinyhil::VectorSet vectors_;
  tinyhil::device::Packing packing_;
};

}  // namespace

int main(int count, char** arguments) try {
  std::signal(SIGPIPE, SIG_IGN);
  const peers::Options options(count, arguments,
                               {"--input", "--output", "--vectors", "--seed", "--vectors-file"});
  asio::io_context io(1);
  Bench bench(options, io);
  std::exception_ptr failure;
  asio::co_spawn(io, bench.run(), [&](std::exception_ptr thrown) { failure = thrown; });
  io.run();
  if (failure) std::rethrow_exception(failure);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench-link-host: %s\n", error.what());
  return 1;
}
