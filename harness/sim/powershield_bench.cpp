// SPDX-License-Identifier: Apache-2.0
#include "powershield_bench.hpp"

#include "internal/meter_bench.hpp"

namespace tinyhil::sim {

namespace {

MeterBench::Options plug_of(const PowershieldBench::Options& options) {
  return {options.settings.seed, options.link,     options.activity_socket, options.activity_port, 0,
          options.unplug_at_s,   options.unplugged};
}

PowershieldSettings settings_of(const PowershieldBench::Options& options) {
  PowershieldSettings settings = options.settings;
  settings.virtual_time = options.activity_socket || options.activity_port;
  return settings;
}

}  // namespace

PowershieldBench::PowershieldBench(const boost::asio::any_io_executor& executor, const Options& options)
    : bench_(std::make_unique<MeterBench>(executor, std::make_unique<Powershield>(settings_of(options)),
                                          plug_of(options))) {}

PowershieldBench::~PowershieldBench() = default;

std::string PowershieldBench::port() const { return bench_->port(); }
std::string PowershieldBench::activity() const { return bench_->activity(); }
bool PowershieldBench::recording() const { return bench_->recording(); }
std::deque<TrueWindow> PowershieldBench::truth() const { return bench_->truth(); }
std::string PowershieldBench::truth_json() const { return bench_->truth_json(); }

}  // namespace tinyhil::sim
