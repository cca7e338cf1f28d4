// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "sim/ppk2_bench.hpp"
#include "sim_meter.hpp"

namespace tinyhil::app {

ExitCode sim_ppk2_command(const SimPpk2Options& options) {
  sim::Ppk2Bench::Options bench = options.bench;
  if (options.draws_errors) bench.settings.errors = sim::drawn_errors(bench.settings.seed);
  return simulate_meter<sim::Ppk2Bench>(bench, options.activity, options.truth);
}

}  // namespace tinyhil::app
