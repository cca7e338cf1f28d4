// SPDX-License-Identifier: Apache-2.0
#include "powershield_dialect.hpp"

#include <cassert>
#include <cmath>

#include "base/quantity.hpp"

namespace tinyhil::meter {

namespace {

constexpr std::array<std::string_view, 16> kPowershieldRates{
    "1", "2", "5", "10", "20", "50", "100", "200", "500", "1k", "2k", "5k", "10k", "20k", "50k", "100k"};

std::string millivolts(double volts) { return std::to_string(std::lround(volts * 1000)) + "m"; }

std::string format_of(const PowershieldSetup& setup) {
  return setup.is_binary ? "format bin_hexa" : "format ascii_dec";
}

std::vector<std::string> lpm01a_setup(const PowershieldSetup& setup) {
  std::vector<std::string> commands{"htc",
                                    "volt " + millivolts(setup.supply_v),
                                    "acqmode dyn",
                                    "funcmode optim",
                                    "output current",
                                    format_of(setup),
                                    "freq " + setup.rate,
                                    "acqtime inf",
                                    "trigsrc sw",
                                    "trigdelay 0",
                                    "pwrend on"};
  if (setup.has_trigger) commands.emplace_back("eventsrc d7 ris");
  commands.emplace_back("pwr on");
  return commands;
}

std::vector<std::string> stlink_setup(const PowershieldSetup& setup) {
  return {"power_monitor",  "volt vout " + millivolts(setup.supply_v),
          format_of(setup), "freq " + setup.rate,
          "acqtime inf",    "trigsrc sw",
          "trigdelay 0",    "pwr vout on"};
}

}  // namespace

const PowershieldDialect& lpm01a_dialect() {
  static const PowershieldDialect dialect{.driver = "lpm01a",
                                          .name = "PowerShield",
                                          .line_end = "\n",
                                          .frame_bytes = {0, 0, 9, 4, 4, 4, 6, 0, 0, 0, 0},
                                          .rates = kPowershieldRates,
                                          .lowest_v = 1.8,
                                          .highest_v = 3.3,
                                          .has_trigger = true,
                                          .power_query = "pwr get",
                                          .setup = lpm01a_setup};
  return dialect;
}

const PowershieldDialect& stlink_v3pwr_dialect() {
  static const PowershieldDialect dialect{.driver = "stlink_v3pwr",
                                          .name = "STLINK-V3PWR",
                                          .line_end = "\r\n",
                                          .frame_bytes = {0, 0, 9, 4, 8, 4, 6, 6, 5, 4, 4},
                                          .rates = kPowershieldRates,
                                          .lowest_v = 1.6,
                                          .highest_v = 3.6,
                                          .has_trigger = false,
                                          .power_query = "",
                                          .setup = stlink_setup};
  return dialect;
}

double hertz_of(std::string_view rate) {
  const bool thousands = rate.ends_with('k');
  const std::optional<double> number = parse_number(rate.substr(0, rate.size() - (thousands ? 1 : 0)));
  assert(number);
  return *number * (thousands ? 1000 : 1);
}

}  // namespace tinyhil::meter
