// SPDX-License-Identifier: Apache-2.0
#include "ppk2_bench.hpp"

#include "internal/meter_bench.hpp"
#include "ppk2.hpp"

namespace tinyhil::sim {

namespace {

MeterBench::Options plug_of(const Ppk2Bench::Options& options) {
  return {options.settings.seed, options.link,        options.activity_socket, options.activity_port,
          options.jitter_s,      options.unplug_at_s, options.unplugged};
}

Ppk2Settings settings_of(const Ppk2Bench::Options& options) {
  Ppk2Settings settings = options.settings;
  settings.virtual_time = options.activity_socket || options.activity_port;
  return settings;
}

}  // namespace

Ppk2Bench::Ppk2Bench(const boost::asio::any_io_executor& executor, const Options& options)
    : bench_(std::make_unique<MeterBench>(executor, std::make_unique<Ppk2>(settings_of(options)),
                                          plug_of(options))) {}

Ppk2Bench::~Ppk2Bench() = default;

std::string Ppk2Bench::port() const { return bench_->port(); }
std::string Ppk2Bench::activity() const { return bench_->activity(); }
bool Ppk2Bench::recording() const { return bench_->recording(); }
std::deque<TrueWindow> Ppk2Bench::truth() const { return bench_->truth(); }
std::string Ppk2Bench::truth_json() const { return bench_->truth_json(); }

}  // namespace tinyhil::sim
